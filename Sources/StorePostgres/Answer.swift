internal import CLibPQ
package import StoreSupport

/// What the server answered to one statement.
@safe final class Answer {
    private let result: OpaquePointer

    /// Takes a result over, which is freed with this object.
    init(_ result: OpaquePointer) {
        unsafe self.result = unsafe result
    }

    deinit {
        unsafe PQclear(result)
    }

    /// How many rows were read.
    var count: Int { Int(unsafe PQntuples(result)) }

    /// How many rows were changed.
    var changed: Int { Int(unsafe String(cString: PQcmdTuples(result))) ?? 0 }

    /// A reader of a row, before its first column.
    func row(_ index: Int) -> RowReader { RowReader(answer: self, row: index) }

    /// The first row's first column; nil when there is no row, or NULL in it.
    func first<Value: ColumnConvertible>(as type: Value.Type = Value.self) throws -> Value? {
        guard count > 0 else { return nil }
        var reader = row(0)
        return try reader.nextIfPresent()
    }

    /// All rows, each read by `read`.
    func map<Value>(_ read: (inout RowReader) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            var reader = row(index)
            values.append(try read(&reader))
        }
        return values
    }

    /// The first row, read by `read`; nil when there is none.
    func firstRow<Value>(_ read: (inout RowReader) throws -> Value) throws -> Value? {
        guard count > 0 else { return nil }
        var reader = row(0)
        return try read(&reader)
    }

    /// Why the statement failed; nil when it did not.
    var failure: StoreError? {
        switch unsafe PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY, PGRES_PIPELINE_SYNC: nil
        default: StoreError(sqlState: unsafe PQresultErrorField(result, 67).map { unsafe String(cString: $0) })
        }
    }

    /// Of a COMMIT: that it was none, which a transaction gets that had failed.
    ///
    /// - Throws: ``StoreError`` with `misuse`.
    func requireCommit() throws {
        guard unsafe String(cString: PQcmdStatus(result)) == "COMMIT" else {
            throw StoreError(.misuse, "A change ended its transaction.")
        }
    }

    /// A column; the types are those that the tables and the queries have.
    fileprivate func value(row: Int, column: Int) -> ColumnValue {
        let (row, column) = (Int32(row), Int32(column))
        if unsafe PQgetisnull(result, row, column) == 1 { return .null }
        guard let start = unsafe PQgetvalue(result, row, column) else { return .null }
        let length = Int(unsafe PQgetlength(result, row, column))
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
        switch unsafe PQftype(result, column) {
        // bool
        case 16:
            return .integer(unsafe bytes.first == UInt8(ascii: "t") ? 1 : 0)
        // bytea, as `\x` and hexadecimal digits
        case 17:
            return .bytes(unsafe Self.decoded(bytes))
        // int8, int2, int4, and numeric, which sums of int8 are
        case 20, 21, 23, 1700:
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            return Int64(text).map(ColumnValue.integer) ?? .text(text)
        default:
            return .text(unsafe String(decoding: bytes, as: UTF8.self))
        }
    }

    fileprivate var columnCount: Int { Int(unsafe PQnfields(result)) }

    private static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte &- 0x30 : byte &- 0x57 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var index = 2
        while index + 1 < text.count {
            bytes.append(unsafe digit(text[index]) << 4 | digit(text[index + 1]))
            index += 2
        }
        return bytes
    }
}

/// Reads a row of PostgreSQL's; its columns from left to right.
package struct RowReader: ColumnReader {
    private let answer: Answer
    private let row: Int
    private var column = 0

    fileprivate init(answer: Answer, row: Int) {
        self.answer = answer
        self.row = row
    }

    package mutating func nextColumn() throws -> ColumnValue {
        guard column < answer.columnCount else { throw StoreError.corrupt("A row") }
        defer { column += 1 }
        return answer.value(row: row, column: column)
    }
}
