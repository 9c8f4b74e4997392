import Foundation
import Testing

/// `scripts/check-docs.py` holds README, docs and examples to the shipped files, and `docs/messages.md` to the schemas.
@Suite("The pages", .timeLimit(.minutes(5)))
struct PagesTests {
    @Test("say what the shipped files say")
    func agree() async throws {
        let (code, output) = try await Self.check(SourceTree.root)
        #expect(code == 0, "\(output)")
    }

    /// A change that makes a page untrue, and what is then reported.
    struct Untruth: Sendable, CustomTestStringConvertible {
        let file: String
        let old: String
        let new: String
        let report: String

        var testDescription: String { report }
    }

    private static let untruths = [
        Untruth(
            file: "README.md",
            old: "(docs/webhooks.md)",
            new: "(docs/hooks.md)",
            report: "docs/hooks.md is not there"
        ),
        Untruth(
            file: "README.md",
            old: "#what-can-still-happen)",
            new: "#what-cannot)",
            report: "docs/delivery-guarantees.md has no heading #what-cannot"
        ),
        Untruth(
            file: "docs/delivery-guarantees.md",
            old: "exactly one final outcome, and no",
            new: "one outcome, and no",
            report: "README.md: lacks the promise"
        ),
        Untruth(
            file: "docs/operations.md",
            old: "-p / publisher",
            new: "-p sms publisher",
            report: "the virtual host sms is not in definitions.json"
        ),
        Untruth(
            file: "docker/rabbitmq/definitions.json",
            old: #""^sms\\.commands$""#,
            new: #""^sms\\..*$""#,
            report: "user publisher has other permissions than in definitions.json"
        ),
        Untruth(
            file: "docs/configuration.md",
            old: "`SHUTDOWN_GRACE` | `25s`",
            new: "`SHUTDOWN_GRACE` | `20s`",
            report: "the default of SHUTDOWN_GRACE is 20s, not 25 s"
        ),
        Untruth(
            file: "docker/.env.example",
            old: "#SEND_RATE=30/s",
            new: "#SEND_RATE=40/s",
            report: "the default of SEND_RATE is 30/s, not 40/s"
        ),
        Untruth(
            file: "docs/send-api.md",
            old: "`API_RATE_LIMIT`",
            new: "`API_RATE`",
            report: "there is no variable API_RATE"
        ),
        Untruth(
            file: "docs/send-api.md",
            old: #"order-7 -H "Authorization: Bearer $KEY""#,
            new: "order-7",
            report: "curl without Authorization"
        ),
        Untruth(
            file: "docs/schemas/command-send.json",
            old: #""maxLength": 3200"#,
            new: #""maxLength": 1600"#,
            report: "docs/messages.md: differs from the schemas"
        ),
        Untruth(
            file: "docs/schemas/common.json",
            old: #""cancelled", "poison""#,
            new: #""cancelled", "poison", "new""#,
            report: "the table below 'Error codes' lacks ['new']"
        ),
        Untruth(
            file: "docs/send-api.md",
            old: "<!-- run -->",
            new: "",
            report: "nothing says whether this block is run"
        ),
        Untruth(
            file: "Package.swift",
            old: "swift-tools-version: 6",
            new: "swift-tools-version: 16",
            report: "README.md: Package.swift needs Swift 16"
        ),
    ]

    @Test("are not passed when one of them is untrue", arguments: untruths)
    func canFail(untruth: Untruth) async throws {
        let copy = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: copy) }
        for name in try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path)
        where ["docs", "docker", "examples", "scripts", "Package.swift"].contains(name) || name.hasSuffix(".md") {
            try FileManager.default.copyItem(at: SourceTree.root.appending(path: name), to: copy.appending(path: name))
        }
        let file = copy.appending(path: untruth.file)
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(untruth.old), "\(untruth.file) does not contain \(untruth.old)")
        try text.replacingOccurrences(of: untruth.old, with: untruth.new)
            .write(to: file, atomically: true, encoding: .utf8)
        let (code, output) = try await Self.check(copy)
        #expect(code == 1)
        #expect(output.contains(untruth.report), "\(output)")
    }

    /// Runs the check of a tree, by Debian's own Python, for which the modules are installed.
    private static func check(_ root: URL) async throws -> (code: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID().uuidString).txt")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        // Ends by itself, also where this test is given up.
        process.arguments = ["-B", root.appending(path: "scripts/check-docs.py").path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        let code = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
            // Resumed once: by the end of the process, or here when it did not start.
            process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                ended.resume(throwing: error)
            }
        }
        return (code, String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }
}
