import App
import Contracts
import Foundation
import Testing

@Suite("Reading CSV")
struct CSVReaderTests {
    /// Reads all records, from chunks of a size.
    private func read(_ bytes: [UInt8], chunk: Int) throws -> [[String]] {
        var rest = bytes[...]
        var reader = CSVReader {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(chunk) }
            return Array(rest.prefix(chunk))
        }
        var records: [[String]] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(
        "records are read as RFC 4180 has them, however they are cut",
        arguments: [
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a\rb\r", [["a"], ["b"]]),
            ("\u{FEFF}a,b\n", [["a", "b"]]),
            (
                "\"a \"\"quoted\"\" one\",\"b,c\"\r\n\"two\r\nlines\",\n",
                [["a \"quoted\" one", "b,c"], ["two\r\nlines", ""]]
            ),
            ("\n\r\n\na\n\n", [["a"]]),
            ("\"\"\n", [[""]]),
            (",\n", [["", ""]]),
            ("é, ü ,🙂", [["é", " ü ", "🙂"]]),
            ("", []),
        ]
    )
    func records(text: String, expected: [[String]]) throws {
        for chunk in [1, 2, 3, 7, 1000] {
            #expect(try read(Array(text.utf8), chunk: chunk) == expected)
        }
    }

    @Test(
        "what is no CSV is told with its line",
        arguments: [
            ("a\nb\"c\n", 2), ("a\n\"b\"c\n", 2), ("a\n\n\"b\nc", 3),
        ]
    )
    func problems(text: String, line: Int) {
        #expect { try read(Array(text.utf8), chunk: 4) } throws: { ($0 as? CSVProblem)?.line == line }
    }

    @Test("bytes that are not UTF-8 are told with their line")
    func encoding() {
        #expect { try read(Array("a\n".utf8) + [0xFF, 10], chunk: 4) } throws: { ($0 as? CSVProblem)?.line == 2 }
    }
}

@Suite("A file of recipients")
struct CampaignFileTests {
    private func read(_ text: String, _ name: String) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        var lines: [String] = []
        try await CampaignFile(path: url.path).read { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }

    @Test("CSV: the first line names the fields")
    func csv() async throws {
        let lines = try await read("to,name\r\n+1415,\"Ada \"\"A\"\"\"\r\n,\r\n", "list.csv")
        #expect(lines == [#"{"to":"+1415","name":"Ada \"A\""}"#, #"{"to":"","name":""}"#])
    }

    @Test("JSON lines: strings and objects, empty lines passed over")
    func jsonLines() async throws {
        let lines = try await read("\u{FEFF}\"+1415\"\r\n\n {\"to\": \"2\"} \n{\"to\": \"3\"}", "list.jsonl")
        #expect(lines == ["\"+1415\"", "{\"to\": \"2\"}", "{\"to\": \"3\"}"])
    }

    @Test(
        "what cannot be read is told with its line",
        arguments: [
            ("", "a.csv", 1), ("number\n1\n", "a.csv", 1), ("to,to\n", "a.csv", 1), ("to,name\n1,2\n3\n", "a.csv", 3),
            ("\"1\"\n7\n", "a.jsonl", 2), ("{", "a.jsonl", 1),
        ]
    )
    func problems(text: String, name: String, line: Int) async {
        await #expect { try await read(text, name) } throws: { ($0 as? CSVProblem)?.line == line }
    }
}
