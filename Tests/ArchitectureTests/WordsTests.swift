import Foundation
import Testing

/// `docs/glossary.md` has one word for one thing; this holds the rooms to it.
@Suite("The words")
struct WordsTests {
    /// Words that are not used, whatever their case, and what is said instead.
    private static let banished = [
        "told": "published", "tell": "publish", "tells": "publishes", "telling": "publishing", "untold": "unpublished",
        "bury": "dead-letter", "buries": "dead-letters", "buried": "dead-lettered",
        "rung": "wait level", "rungs": "wait levels",
        "mend": "correct", "mends": "corrects", "mended": "corrected",
        "dear": "expensive", "deaf": "down", "deafness": "gap", "fate": "outcome",
        "whoever": "say who", "nobody": "say who", "somebody": "say who", "everybody": "all",
        "insist": "retry", "insists": "retries", "insistence": "retry",
    ]

    /// The rooms that keep to it: all but the one that has these rules.
    private static let held =
        ["Sources"] + SourceTree.folders(in: "Tests").subtracting(["Tests/ArchitectureTests"]).sorted()

    /// The pages: what people read beside the code, and what dashboards, alerts and scripts show them.
    private static let pages = [
        "README.md", "CHANGELOG.md", "SECURITY.md", "Makefile", "config", "docker", "docs", "scripts",
    ]

    /// What others know by its name: SQL and a migration in databases of released versions, a label of a metric, a key of
    /// JSON that a tool prints.
    private static let stored = [
        #"open("untold")"#, #""uncertain", "untold"]"#, #""untold": result.unpublished"#,
        "SET untold = untold", "of the list, to be told", "`untold`", ", untold = untold", "untold        INTEGER",
        "untold        BIGINT", "campaign_recipient_untold",
        #""duplicates", "untold""#, #"= "untold""#,
        "forgotten numbers, untold outcomes",
        "TABLE deafness", "ON deafness", "UPDATE deafness",
        #"sqliteName: "deafness""#,
    ]

    @Test("are those of the glossary", arguments: held)
    func words(room: String) throws {
        let files = try SourceTree.files(in: room)
        #expect(!files.isEmpty)
        #expect(files.flatMap(Self.wrong(in:)) == [])
    }

    @Test("of the pages, dashboards, alerts and scripts are those of the glossary", arguments: pages)
    func words(page: String) throws {
        let files = try SourceTree.pages(at: page)
        #expect(!files.isEmpty)
        #expect(files.flatMap(Self.wrong(in:)) == [])
    }

    @Test("of the glossary stand in alphabetical order, once each")
    func glossary() throws {
        let text = try String(contentsOf: SourceTree.root.appending(path: "docs/glossary.md"), encoding: .utf8)
        let terms = text.components(separatedBy: "\n").compactMap { line -> String? in
            guard line.hasPrefix("**"), let end = line.dropFirst(2).range(of: "**") else { return nil }
            return String(line.dropFirst(2)[..<end.lowerBound]).lowercased()
        }
        #expect(terms.count > 30)
        #expect(terms == Set(terms).sorted())
    }

    @Test("are held against lines that break them")
    func rulesCanFail() {
        #expect(Self.wrong(in: "/// It is Told, and buried.") == ["Told (published)", "buried (dead-lettered)"])
        #expect(Self.wrong(in: "let letter = bury()") == ["letter (deadLetter)", "bury (dead-letter)"])
        #expect(Self.wrong(in: "let deadLetter = 1  // a dead letter, a dead-letter queue") == [])
        #expect(Self.wrong(in: "/// At least one letter of A-Z; letters, digits.") == [])
        #expect(Self.wrong(in: "intellect, dearth, fatal, wrung") == [])
        #expect(Self.wrong(in: "record.isTold, tellAll(), is_told") == ["Told (published)", "tell (publish)"])
        #expect(Self.wrong(in: #""UPDATE campaign SET untold = untold + ? WHERE number = ?""#) == [])
    }

    /// The words of a file that are not used, each with its place; a file's name is held to the rule too.
    private static func wrong(in file: SourceTree.File) -> [String] {
        wrong(in: file.path).map { "\(file): \($0)" }
            + file.lines.indices.flatMap { index in
                wrong(in: file.lines[index]).map { "\(file):\(index + 1): \($0)" }
            }
    }

    /// The words of a line that are not used, each with the one to use.
    private static func wrong(in line: String) -> [String] {
        // Most lines have none of the words, so what is stored is looked for in few.
        guard line.contains("letter") || words(of: line).contains(where: { banished[$0.lowercased()] != nil }) else {
            return []
        }
        let text = stored.reduce(line) { $0.replacingOccurrences(of: $1, with: "") }
        // "letter" alone may be a character; as a variable, or with what one does to a dead letter, it is not.
        let letter = text.contains("let letter =") || text.contains("var letter =") || text.contains("the letter's")
        return (letter ? ["letter (deadLetter)"] : [])
            + words(of: text).compactMap { word in banished[word.lowercased()].map { "\(word) (\($0))" } }
    }

    /// The words of a text, and those of which its identifiers are made; a name with `_`, as SQL has them, is one word.
    private static func words(of text: String) -> [String] {
        text.split { !($0.isLetter || $0 == "_") }.flatMap { name in
            var words: [String] = [""]
            var wasUppercase = true
            for character in name {
                if character.isUppercase, !wasUppercase { words.append("") }
                words[words.count - 1].append(character)
                wasUppercase = character.isUppercase
            }
            return words
        }
    }
}
