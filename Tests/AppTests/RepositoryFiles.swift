import Foundation

/// The files of the repository, found from this file's own place in it.
enum RepositoryFiles {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Where a file is.
    static func location(_ path: String) -> URL { root.appending(path: path) }

    /// The text of a file.
    static func text(_ path: String) throws -> String { try String(contentsOf: location(path), encoding: .utf8) }
}
