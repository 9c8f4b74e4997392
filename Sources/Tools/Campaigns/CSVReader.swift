import App
import Contracts

/// Reads comma-separated values record by record (RFC 4180), from chunks of bytes of any size.
///
/// Quoted fields may hold delimiters, line breaks and doubled quotes; lines end with CRLF, LF or CR; a byte order mark and
/// empty lines are passed over.
package struct CSVReader {
    private enum Place {
        /// At the beginning of a field.
        case start
        case plain
        case quoted
        /// Behind a quote within a quoted field: its end, or the first half of a doubled one.
        case quote
    }

    /// Bytes of a header that are looked at for the delimiter.
    private static let headerLimit = 1 << 16

    private let source: () throws -> [UInt8]?
    private var delimiter = UInt8(ascii: ",")
    private var chunk: [UInt8] = []
    private var index = 0
    private var isAtStart = true
    private var line = 1
    /// A CR was the end of a record: an LF behind it belongs to it.
    private var isAfterCR = false
    /// The line that the last record began in, from 1.
    package private(set) var recordLine = 1

    /// A reader of a source, which gives nil at its end.
    package init(source: @escaping () throws -> [UInt8]?) {
        self.source = source
    }

    /// The next record; nil at the end.
    ///
    /// - Throws: ``CSVProblem``; what the source throws.
    package mutating func next() throws -> [String]? {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var place = Place.start
        recordLine = line
        while let byte = try nextByte() {
            switch (place, byte) {
            case (.quoted, UInt8(ascii: "\"")):
                place = .quote
            case (.quoted, _):
                if byte == UInt8(ascii: "\n") { line += 1 }
                field.append(byte)
            case (.quote, UInt8(ascii: "\"")):
                field.append(byte)
                place = .quoted
            case (_, delimiter):
                fields.append(field)
                field = []
                place = .start
            case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")):
                isAfterCR = byte == UInt8(ascii: "\r")
                line += 1
                if fields.isEmpty, field.isEmpty, place == .start {
                    recordLine = line
                    continue
                }
                return try texts(fields + [field])
            case (.start, UInt8(ascii: "\"")):
                place = .quoted
            case (.plain, UInt8(ascii: "\"")):
                throw CSVProblem(line: line, "has a quote inside a field that does not begin with one", isFatal: true)
            case (.quote, _):
                throw CSVProblem(line: line, "has something behind the closing quote of a field", isFatal: true)
            case (.start, _), (.plain, _):
                field.append(byte)
                place = .plain
            }
        }
        if place == .quoted { throw CSVProblem(line: recordLine, "has a quote that is not closed", isFatal: true) }
        return fields.isEmpty && field.isEmpty && place == .start ? nil : try texts(fields + [field])
    }

    /// Finds out by the header which delimiter the file has: Excel writes semicolons where the comma is for decimals, and
    /// tabs for "text"; its line `sep=;` says it outright, and is not a record.
    ///
    /// - Parameter column: the name of a column that the file must have; the delimiter that sets it apart is the one.
    /// - Throws: ``CSVProblem`` for a file in UTF-16; what the source throws.
    package mutating func detectDelimiter(column: String) throws {
        var header = try headerLine()
        if header.starts(with: [0xFF, 0xFE]) || header.starts(with: [0xFE, 0xFF]) || header.contains(0) {
            throw CSVProblem(line: 1, "is not UTF-8; save the file as \"CSV UTF-8\"", isFatal: true)
        }
        if header.starts(with: [0xEF, 0xBB, 0xBF]) { header.removeFirst(3) }
        let bare = header.filter { $0 != UInt8(ascii: "\"") }
        if bare.count == 5, let last = bare.last,
            String(decoding: bare.dropLast(), as: UTF8.self).lowercased() == "sep="
        {
            delimiter = last
            _ = try next()
            return
        }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        let isNamed = { (candidate: UInt8) in
            header.split(separator: candidate, omittingEmptySubsequences: false).contains { name in
                String(decoding: name.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self).asColumnName == column
            }
        }
        delimiter = candidates.first(where: isNamed) ?? UInt8(ascii: ",")
    }

    /// The first line that is not empty, which stays to be read; cut where it is very long.
    private mutating func headerLine() throws -> [UInt8] {
        let isEnd = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
        while chunk.count < Self.headerLimit {
            let line = chunk.drop(while: isEnd)
            if line.contains(where: isEnd) { return Array(line.prefix { !isEnd($0) }) }
            guard let more = try source() else { break }
            chunk += more
        }
        return Array(chunk.drop(while: isEnd))
    }

    private func texts(_ fields: [[UInt8]]) throws -> [String] {
        try fields.map { bytes in
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CSVProblem(line: recordLine, "is not UTF-8; save the file as \"CSV UTF-8\"")
            }
            return text
        }
    }

    private mutating func nextByte() throws -> UInt8? {
        while true {
            guard let byte = try rawByte() else { return nil }
            defer { isAfterCR = false }
            if isAfterCR, byte == UInt8(ascii: "\n") { continue }
            return byte
        }
    }

    private mutating func rawByte() throws -> UInt8? {
        if isAtStart {
            // A chunk may be as short as one byte; the mark has three.
            while chunk.count < 3, let more = try source() { chunk += more }
            if chunk.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
            isAtStart = false
        }
        while index == chunk.count {
            guard let next = try source() else { return nil }
            chunk = next
            index = 0
        }
        defer { index += 1 }
        return chunk[index]
    }
}

/// What is wrong with a line of a file.
package struct CSVProblem: Error, Hashable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// What is wrong with it, as a predicate.
    package let problem: String
    /// Whether nothing behind it can be read.
    package let isFatal: Bool

    /// A problem of a line.
    package init(line: Int, _ problem: String, isFatal: Bool = false) {
        self.line = line
        self.problem = problem
        self.isFatal = isFatal
    }

    package var description: String { "line \(line) \(problem)" }
}

/// All that is wrong with a file; of many problems the first hundred.
package struct CSVProblems: Error, Hashable, CustomStringConvertible {
    private static let limit = 100

    package private(set) var listed: [CSVProblem] = []
    package private(set) var count = 0

    /// No problems.
    package init() {}

    /// Adds a problem.
    package mutating func add(_ problem: CSVProblem) {
        count += 1
        if listed.count < Self.limit { listed.append(problem) }
    }

    package var description: String {
        let more = count - listed.count
        return (listed.map(\.description) + (more > 0 ? ["and \(more) more lines"] : [])).joined(separator: "\n")
    }
}

extension String {
    /// A header's name as it is compared: in lower case, without white space and invisible characters around it.
    var asColumnName: String {
        let visible = String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isInvisible }))
        return visible.trimmingBlanks().lowercased()
    }
}
