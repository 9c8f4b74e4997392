import App
import Contracts
import Foundation
import Testing

@testable import Tools

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
        "what is not CSV is reported with its line",
        arguments: [
            ("a\nb\"c\n", 2), ("a\n\"b\"c\n", 2), ("a\n\n\"b\nc", 3),
        ]
    )
    func problems(text: String, line: Int) {
        #expect { try read(Array(text.utf8), chunk: 4) } throws: { ($0 as? CSVProblem)?.line == line }
    }

    @Test("bytes that are not UTF-8 are reported with their line")
    func encoding() {
        #expect { try read(Array("a\n".utf8) + [0xFF, 10], chunk: 4) } throws: { ($0 as? CSVProblem)?.line == 2 }
    }
}

@Suite("A file of recipients")
struct CampaignFileTests {
    private func read(_ bytes: [UInt8], _ name: String, variables: [String] = []) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent(name)
        try Data(bytes).write(to: url)
        var lines: [String] = []
        try await CampaignFile(source: url.path).read(variables: variables) {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        return lines
    }

    private func read(_ text: String, _ name: String, variables: [String] = []) async throws -> [String] {
        try await read(Array(text.utf8), name, variables: variables)
    }

    @Test("CSV: the first line names the fields; a row of nothing but delimiters is no recipient")
    func csv() async throws {
        let lines = try await read("to,name\r\n+1415,\"Ada \"\"A\"\"\"\r\n,\r\n , \r\n", "list.csv")
        #expect(lines == [#"{"to":"+1415","name":"Ada \"A\""}"#])
    }

    @Test(
        "CSV: columns without a name, short rows and empty cells behind the last column make no difference",
        arguments: [
            "to,name,,,\r\n1,Ada,,,\r\n2,,,,\r\n", ",,to,name\r\n,,1,Ada\r\n,,2\r\n", "to,name\n1,Ada,,\n2\n",
            "\u{FEFF}to,name\n1,Ada\n2,\n", " TO ,\"Name \"\n1,Ada\n2,\n", "To\u{A0},\u{200B}NAME\n1,Ada\n2,\n",
            "to;name\n1;Ada\n2;\n", "to\tname\n1\tAda\n2\t\n", "sep=;\r\nto;name\r\n1;Ada\r\n2;\r\n",
            "sep=,\r\nto,name\r\n1,Ada\r\n2,\r\n", "sep=|\nto|name\n1|Ada\n2|\n",
            "\n\r\nto;name\n1;Ada\n2;\n", "\"SEP=;\"\nto;name\n1;Ada\n2;\n",
        ]
    )
    func spreadsheets(text: String) async throws {
        #expect(try await read(text, "list.csv") == [#"{"to":"1","name":"Ada"}"#, #"{"to":"2","name":""}"#])
    }

    @Test("what can be read only once is read twice", arguments: [CampaignFile.Format.csv, .jsonl])
    func pipe(format: CampaignFile.Format) async throws {
        let pipe = Pipe()
        let text = format == .csv ? "to\n1\n2\n" : "{\"to\":\"1\"}\n{\"to\":\"2\"}\n"
        try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try pipe.fileHandleForWriting.close()
        let file = try CampaignFile(source: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)", format: format)
        for _ in 1...2 {
            var lines: [String] = []
            try await file.read { lines.append(String(decoding: $0, as: UTF8.self)) }
            #expect(lines == [#"{"to":"1"}"#, #"{"to":"2"}"#])
        }
    }

    @Test("CSV: a column fills a variable in whatever case the text has it")
    func variables() async throws {
        let lines = try await read("to,First Name,NAME\n1,x,Ada\n", "list.csv", variables: ["name", "Name"])
        #expect(lines == [#"{"to":"1","first name":"x","name":"Ada","Name":"Ada"}"#])
    }

    @Test("CSV: all rows that cannot be read are named by their lines")
    func rows() async throws {
        let text = Array("to,name\n1,Ada\n2,Bob,Rome\n3,Cy\n".utf8) + [0xE9, 0x0A] + Array("5,\"open\n".utf8)
        let problems = await #expect(throws: CSVProblems.self) { try await read(text, "list.csv") }
        #expect(problems?.listed.map(\.line) == [3, 5, 6])
        #expect(problems?.listed.first?.problem.contains("\"Rome\" has no column") == true)
    }

    @Test("CSV: UTF-16 is refused with what to do")
    func wide() async throws {
        let text: [UInt8] = [0xFF, 0xFE] + "to\tname\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        await #expect { try await read(text, "list.csv") } throws: { "\($0)".contains("CSV UTF-8") }
    }

    @Test("JSON lines: strings and objects, empty lines passed over")
    func jsonLines() async throws {
        let lines = try await read("\u{FEFF}\"+1415\"\r\n\n {\"to\": \"2\"} \n{\"to\": \"3\"}", "list.jsonl")
        #expect(lines == ["\"+1415\"", "{\"to\": \"2\"}", "{\"to\": \"3\"}"])
    }

    @Test(
        "what cannot be read is reported with its line",
        arguments: [
            ("", "a.csv", 1), ("number\n1\n", "a.csv", 1), ("to,to\n", "a.csv", 1), ("to,name, Name\n", "a.csv", 1),
            ("\"1\"\n7\n", "a.jsonl", 2), ("{", "a.jsonl", 1),
        ]
    )
    func problems(text: String, name: String, line: Int) async {
        await #expect { try await read(text, name) } throws: { ($0 as? CSVProblem)?.line == line }
    }
}
