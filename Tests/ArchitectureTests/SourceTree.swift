import Foundation

/// The project's Swift files, read once for each test.
struct SourceTree {
    /// One file: where it is, and its lines.
    struct File: CustomStringConvertible {
        /// Relative to the repository, such as `Sources/AMQP/AMQPError.swift`.
        let path: String
        let lines: [String]

        /// The folder below `Sources` or `Tests`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var description: String { path }

        /// The modules that the file imports, whatever access and attributes stand before `import`.
        var imports: [String] { lines.compactMap(Self.importedModule) }

        private static func importedModule(_ line: String) -> String? {
            var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            while let first = words.first,
                first.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(first)
            {
                words.removeFirst()
            }
            guard words.first == "import", words.count >= 2 else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
            let module = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
            return module.split(separator: ".").first.map(String.init)
        }
    }

    /// The repository, found from this file's own place in it.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below a folder of the repository.
    static func files(in folder: String) throws -> [File] {
        try paths(in: folder).filter { $0.hasSuffix(".swift") }.map(file)
    }

    /// The folders in a folder of the repository that have Swift files.
    static func folders(in folder: String) -> Set<String> {
        Set(
            paths(in: folder).filter { $0.hasSuffix(".swift") }.map { path in
                path.split(separator: "/").prefix(2).joined(separator: "/")
            }
        )
    }

    /// A file of the repository, or every file below a folder of it, whatever its kind.
    static func pages(at place: String) throws -> [File] {
        let names = isFolder(place) ? paths(in: place) : [place]
        return try names.filter { !$0.hasSuffix(".png") && !$0.contains("__pycache__") }.map(file)
    }

    /// What is below a folder, folders left out, relative to the repository and in order.
    private static func paths(in folder: String) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path) else { return [] }
        return found.compactMap { $0 as? String }.sorted().map { "\(folder)/\($0)" }.filter { !isFolder($0) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: root.appending(path: path).path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    private static func file(_ path: String) throws -> File {
        let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        return File(path: path, lines: text.components(separatedBy: "\n"))
    }
}
