import Contracts
import FoundationEssentials
import GRDB
import SMSCore

/// Reads a row's columns from left to right; nothing that a file holds can make it trap.
struct RowReader {
    private let row: Row
    private var index = 0

    /// A reader before the first column.
    init(_ row: Row) {
        self.row = row
    }

    /// The next column.
    ///
    /// - Throws: the library's decoding error when the column holds another type.
    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        as type: Value.Type = Value.self
    ) throws -> Value {
        defer { index += 1 }
        return try row.decode(Value.self, atIndex: index)
    }

    /// The next column, which may be NULL.
    mutating func nextIfPresent<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        as type: Value.Type = Value.self
    ) throws -> Value? {
        defer { index += 1 }
        return try row.decode(Value?.self, atIndex: index)
    }

    /// The next column as a moment.
    mutating func nextMoment() throws -> Timestamp {
        Timestamp(milliseconds: try next())
    }

    /// The next column as a moment, which may be NULL.
    mutating func nextMomentIfPresent() throws -> Timestamp? {
        try nextIfPresent().map { Timestamp(milliseconds: $0) }
    }

    /// The next column as a command id.
    mutating func nextCommandID() throws -> CommandID {
        guard let id = CommandID(try next()) else { throw StoreError.corrupt("A command id") }
        return id
    }

    /// The next column as a value kept as JSON, which may be NULL.
    mutating func nextJSONIfPresent<Value: Decodable>(_ type: Value.Type, what: String) throws -> Value? {
        guard let text: String = try nextIfPresent() else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw StoreError.corrupt(what, underlying: error)
        }
    }
}

extension Timestamp {
    /// How the tables hold a moment.
    var column: DatabaseValue { milliseconds.databaseValue }
}

extension Optional where Wrapped: DatabaseValueConvertible {
    /// How the tables hold what may be absent.
    var column: DatabaseValue { self?.databaseValue ?? .null }
}

extension Optional where Wrapped: Encodable {
    /// How the tables hold a value that is kept as JSON.
    var jsonColumn: DatabaseValue {
        get throws {
            guard let self else { return .null }
            return String(decoding: try JSONBytes.encode(self), as: UTF8.self).databaseValue
        }
    }
}
