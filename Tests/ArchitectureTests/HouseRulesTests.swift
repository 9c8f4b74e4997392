import Testing

@Suite("The house rules")
struct HouseRulesTests {
    private static let lineLimit = 600

    @Test("keep every file at 600 lines or fewer, but for what a script writes", arguments: ["Sources", "Tests"])
    func fileLength(folder: String) throws {
        let files = try SourceTree.files(in: folder).filter { !$0.path.hasSuffix("+Generated.swift") }
        #expect(!files.isEmpty)
        // The last line break begins no line.
        let long = files.filter { $0.lines.count - 1 > Self.lineLimit }
        #expect(long.map { "\($0): \($0.lines.count - 1) lines" } == [])
    }

    @Test("call a file generated only where it says which script writes it")
    func generated() throws {
        let files = try SourceTree.files(in: "Sources").filter { $0.path.hasSuffix("+Generated.swift") }
        let bare = files.filter { $0.lines.first?.hasPrefix("// Written by scripts/") != true }
        #expect(!files.isEmpty)
        #expect(bare.map(\.path) == [])
    }

    @Test(
        "let no check of concurrency be switched off without a paragraph on why that is safe",
        arguments: ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency import"]
    )
    func safetyParagraphs(spelling: String) throws {
        let bare = try SourceTree.files(in: "Sources").flatMap { file in
            file.lines.indices
                .filter { file.lines[$0].contains(spelling) && !Self.hasSafetyParagraph(above: $0, in: file.lines) }
                .map { "\(file):\($0 + 1)" }
        }
        #expect(bare == [])
    }

    @Test(
        "let nothing trap on purpose",
        arguments: ["try!", "as!", "fatalError(", "preconditionFailure("]
    )
    func traps(spelling: String) throws {
        let found = try SourceTree.files(in: "Sources").flatMap { file in
            file.lines.indices
                .filter { Self.code(of: file.lines[$0]).contains(spelling) }
                .map { "\(file):\($0 + 1)" }
        }
        #expect(found == [])
    }

    @Test("are held against lines that break them")
    func rulesCanFail() {
        #expect(Self.hasSafetyParagraph(above: 2, in: ["// SAFETY: one thread only.", "// And so on.", "x"]))
        #expect(Self.hasSafetyParagraph(above: 2, in: ["/// SAFETY: one thread.", "@available(x)", "x"]))
        #expect(!Self.hasSafetyParagraph(above: 2, in: ["// SAFETY: of something else.", "let a = 1", "x"]))
        #expect(!Self.hasSafetyParagraph(above: 0, in: ["x"]))
        #expect(Self.code(of: "a() // never try!") == "a() ")
        #expect(
            SourceTree.File(path: "Sources/A/B.swift", lines: ["@testable package import struct X.Y"]).imports == ["X"]
        )
        #expect(SourceTree.File(path: "Sources/A/B.swift", lines: ["importing", "// import X"]).imports == [])
    }

    /// Whether the comment right above a line, attributes between them aside, holds `SAFETY:`.
    private static func hasSafetyParagraph(above index: Int, in lines: [String]) -> Bool {
        for line in lines[..<index].reversed() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("//") {
                if text.contains("SAFETY:") { return true }
            } else if !text.hasPrefix("@") {
                return false
            }
        }
        return false
    }

    /// The line without its comment.
    private static func code(of line: String) -> String {
        guard let comment = line.firstRange(of: "//") else { return line }
        return String(line[..<comment.lowerBound])
    }
}
