import Contracts
import Foundation
import Testing
import Vonage

@Suite("docs/errors.md")
struct ErrorPageTests {
    private let page: String

    init() throws {
        page = try RepositoryFiles.text("docs/errors.md")
    }

    /// The cells of every row whose first one is a code, by code, in one section.
    private func rows(of heading: String) throws -> [String: [String]] {
        let sections = page.components(separatedBy: "\n## ")
        let section = try #require(sections.first { $0.hasPrefix(heading) }, "\(heading)")
        var rows: [String: [String]] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.dropFirst().dropLast().components(separatedBy: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let code = cells[0].components(separatedBy: "`")[1]
            #expect(rows.updateValue(cells, forKey: code) == nil, "\(code) stands twice")
        }
        return rows
    }

    @Test("lists every code of ours, and no other")
    func ours() throws {
        let rows = try rows(of: "Ours")
        #expect(Set(rows.keys) == Set(ErrorCode.allCases.map(\.rawValue)))
        for (code, cells) in rows { #expect(cells.count == 3 && !cells[2].isEmpty, "\(code)") }
    }

    @Test("lists every code of Vonage's as the table has it, and no other")
    func vonage() throws {
        let rows = try rows(of: "Vonage's")
        #expect(Set(rows.keys) == Set(VonageErrorCode.all.map(\.code)))
        #expect(rows.count >= 72)
        for known in VonageErrorCode.all {
            let certainty = known.certainty.map { "`\($0.rawValue)`" } ?? ""
            let expected = ["`\(known.code)`", known.title, "`\(known.errorClass.rawValue)`", certainty, known.advice]
            #expect(rows[known.code] == expected, "\(known.code)")
        }
    }

    @Test("lists every code of the older API with the one that is published for it")
    func older() throws {
        let rows = try rows(of: "The older SMS API's")
        #expect(Set(rows.keys) == Set(LegacyStatus.errors.keys))
        for (code, known) in LegacyStatus.errors {
            #expect(rows[code] == ["`\(code)` (\(known.title))", "`\(known.code)`"], "\(code)")
            #expect(VonageErrorCode[code: known.code] != nil, "\(known.code) is not in the table")
        }
    }

    @Test("explains every class")
    func classes() {
        for word in ErrorClass.allCases { #expect(page.contains("| `\(word.rawValue)` |"), "\(word)") }
        #expect(Set(VonageErrorCode.all.map(\.errorClass)) == Set(ErrorClass.allCases))
    }
}
