import Contracts
import Foundation

/// A file of recipients, read record by record: CSV with a column `to`, or JSON lines.
package struct CampaignFile: Sendable {
    /// How the file is written.
    package enum Format: String, Sendable, CaseIterable {
        /// The first line names the columns.
        case csv
        /// Each line is a number in a string, or an object with `to`.
        case jsonl

        /// By the ending of a file's name.
        fileprivate init(ofName name: String) {
            let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
            self = ["jsonl", "ndjson", "json"].contains(ending) ? .jsonl : .csv
        }
    }

    private static let chunkBytes = 1 << 16

    private let path: String
    private let format: Format
    /// Keeps a copy that has no name; nil for a file that has one.
    private let copy: FileHandle?

    /// A file, or what can be read only once: standard input (`-`) or a pipe, of which a copy is made.
    ///
    /// - Parameters:
    ///   - source: a path, or `-`.
    ///   - format: how it is written; without one the name's ending decides: `.jsonl`, `.ndjson` and `.json` are JSON lines.
    /// - Throws: the system's error when it cannot be read, or not be copied to the folder for temporary files.
    package init(source: String, format: Format? = nil) throws {
        self.format = format ?? Format(ofName: source)
        let isCopied =
            try source == "-"
            || FileManager.default.attributesOfItem(atPath: source)[.type] as? FileAttributeType != .typeRegular
        copy = isCopied ? try Self.copy(of: source) : nil
        path = copy.map { "/proc/self/fd/\($0.fileDescriptor)" } ?? source
    }

    /// A copy without a name: of numbers of people, for this user alone, and gone with this process whatever ends it.
    private static func copy(of source: String) throws -> FileHandle {
        let input = try source == "-" ? .standardInput : FileHandle(forReadingFrom: URL(filePath: source))
        let url = FileManager.default.temporaryDirectory.appending(path: "sms-bridge-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: url.path])
        }
        let copy = try FileHandle(forUpdating: url)
        try FileManager.default.removeItem(at: url)
        while let data = try input.read(upToCount: chunkBytes), !data.isEmpty { try copy.write(contentsOf: data) }
        return copy
    }

    /// Hands each recipient's JSON to a body, in order, as far as the file can be read.
    ///
    /// - Parameters:
    ///   - variables: the names of the text's variables, which columns fill whatever their case.
    ///   - body: what is done with each.
    /// - Throws: ``CSVProblem`` for a file or a line that is not valid, ``CSVProblems`` for all rows that cannot be
    ///   read; the system's error when the file cannot be read; what the body throws.
    package func read(variables: [String] = [], _ body: ([UInt8]) async throws -> Void) async throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let chunks: () throws -> [UInt8]? = {
            guard let data = try file.read(upToCount: Self.chunkBytes), !data.isEmpty else { return nil }
            return Array(data)
        }
        switch format {
        case .csv: try await readRecords(of: CSVReader(source: chunks), variables: variables, body)
        case .jsonl: try await readLines(of: chunks, body)
        }
    }

    private func readRecords(
        of reader: CSVReader,
        variables: [String],
        _ body: ([UInt8]) async throws -> Void
    ) async throws {
        var table = try CSVTable(reader, column: "to")
        // A column fills every variable that has its name, in whatever case that is written in the text.
        var fields: [(column: String, name: String)] = [("to", "to")]
        for column in table.names where column != "to" {
            let variables = variables.filter { $0.lowercased() == column }
            fields += (variables.isEmpty ? [column] : variables).map { (column, $0) }
        }
        var problems = CSVProblems()
        reading: while true {
            do {
                guard let row = try table.next() else { break reading }
                if problems.count == 0 {
                    try await body(JSONBytes.object(fields.map { (name: $0.name, value: row.cells[$0.column] ?? "") }))
                }
            } catch let problem as CSVProblem {
                problems.add(problem)
                if problem.isFatal { break reading }
            }
        }
        guard problems.count == 0 else { throw problems }
    }

    private func readLines(of chunks: () throws -> [UInt8]?, _ body: ([UInt8]) async throws -> Void) async throws {
        var number = 0
        var rest: [UInt8] = []
        while let chunk = try chunks() {
            rest += chunk
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                if let line = try Self.recipient(rest[start..<end], line: number) { try await body(line) }
                start = end + 1
            }
            rest.removeSubrange(..<start)
            guard rest.count <= CampaignCommand.Limit.bodyBytes else {
                throw CSVProblem(line: number + 1, "is longer than \(CampaignCommand.Limit.bodyBytes) bytes")
            }
        }
        if let line = try Self.recipient(rest[...], line: number + 1) { try await body(line) }
    }

    private static func recipient(_ line: ArraySlice<UInt8>, line number: Int) throws -> [UInt8]? {
        var line = line
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")]
        line = line.drop { blanks.contains($0) }
        while let last = line.last, blanks.contains(last) { line.removeLast() }
        guard !line.isEmpty else { return nil }
        switch try? JSONValue(parsing: Array(line)) {
        case .string, .object: return Array(line)
        default: throw CSVProblem(line: number, "is neither a JSON string nor a JSON object")
        }
    }
}
