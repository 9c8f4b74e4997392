/// Reads comma-separated values record by record (RFC 4180), from chunks of bytes of any size.
///
/// Quoted fields may hold commas, line breaks and doubled quotes; lines end with CRLF, LF or CR; a byte order mark and empty
/// lines are passed over.
package struct CSVReader {
    private enum Place {
        /// At the beginning of a field.
        case start
        case plain
        case quoted
        /// Behind a quote within a quoted field: its end, or the first half of a doubled one.
        case quote
    }

    private let source: () throws -> [UInt8]?
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
            case (_, UInt8(ascii: ",")):
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
                throw CSVProblem(line: line, "has a quote inside a field that does not begin with one")
            case (.quote, _):
                throw CSVProblem(line: line, "has something behind the closing quote of a field")
            case (.start, _), (.plain, _):
                field.append(byte)
                place = .plain
            }
        }
        if place == .quoted { throw CSVProblem(line: recordLine, "has a quote that is not closed") }
        return fields.isEmpty && field.isEmpty && place == .start ? nil : try texts(fields + [field])
    }

    private func texts(_ fields: [[UInt8]]) throws -> [String] {
        try fields.map { bytes in
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CSVProblem(line: recordLine, "is not UTF-8")
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
        while index == chunk.count {
            guard let next = try source() else { return nil }
            chunk = next
            index = 0
            if isAtStart {
                // A chunk may be as short as one byte; the mark has three.
                while chunk.count < 3, let more = try source() { chunk += more }
                if chunk.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
                isAtStart = false
            }
        }
        defer { index += 1 }
        return chunk[index]
    }
}

/// Why a file is no CSV.
package struct CSVProblem: Error, Hashable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// What is wrong with it, as a predicate.
    package let problem: String

    /// A problem of a line.
    package init(line: Int, _ problem: String) {
        self.line = line
        self.problem = problem
    }

    package var description: String { "line \(line) \(problem)" }
}
