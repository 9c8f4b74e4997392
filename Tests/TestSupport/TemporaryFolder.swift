import Foundation

/// A folder that is there while a test needs it.
package enum TemporaryFolder {
    /// Makes a folder with a name of its own, and removes it and all that is in it afterwards.
    ///
    /// `body`: what is done with the folder's path.
    package static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sms-bridge-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }
}
