import App
import Foundation
import Testing

@Suite("The version of a build", .timeLimit(.minutes(3)))
struct VersionTests {
    /// Runs scripts/version.sh, in a copy of what it needs, where git knows nothing.
    private func script(_ argument: String? = nil, _ environment: [String: String]) throws -> (
        code: Int32, output: String, source: String
    ) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "version-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let serve = folder.appending(path: "Sources/App/Serve")
        try FileManager.default.createDirectory(at: serve, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "scripts"),
            withIntermediateDirectories: true
        )
        for path in ["scripts/version.sh", "Sources/App/Serve/Version.swift", "Sources/App/Serve/BuiltVersion.swift"] {
            let copy = folder.appending(path: path)
            try Data(contentsOf: RepositoryFiles.location(path)).write(to: copy)
        }
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [folder.appending(path: "scripts/version.sh").path] + (argument.map { [$0] } ?? [])
        process.environment = ["PATH": "/usr/bin:/bin", "GIT_DIR": "/nonexistent"].merging(environment) { $1 }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus,
            try String(contentsOf: output, encoding: .utf8).trimmingCharacters(in: .newlines),
            try String(contentsOf: serve.appending(path: "BuiltVersion.swift"), encoding: .utf8)
        )
    }

    @Test("claims no release where nothing has named the build")
    func unnamed() throws {
        #expect(Version.text == Version.next + "-dev" || Version.text.wholeMatch(of: /[0-9A-Za-z.+-]+/) != nil)
        #expect(try script(nil, [:]).output == Version.next + "-dev")
        #expect(try script(nil, ["VERSION": "dev", "REVISION": "unknown"]).output == Version.next + "-dev")
        #expect(try script(nil, ["REVISION": "60419ef0123456789"]).output == Version.next + "-dev+60419ef01234")
    }

    @Test("is written into the sources of an image under its own name, and nothing else is")
    func named() throws {
        let written = try script("write", ["VERSION": "v1.2.3-14-g60419ef-dirty"])
        #expect(written.code == 0, "\(written.output)")
        #expect(written.source.contains(#"static let text: String? = "1.2.3-14-g60419ef-dirty""#))
        for bad in [#"1.2.3"; evil"#, "1 2", "", "-1"] where !bad.isEmpty {
            let refused = try script("write", ["VERSION": bad])
            #expect(refused.code == 64, "\(bad)")
            #expect(refused.source.contains("String? = nil"))
        }
    }
}
