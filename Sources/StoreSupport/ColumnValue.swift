package import Contracts
import FoundationEssentials
import SMSCore

/// A value as every store's tables hold it: times are milliseconds since 1970, flags 0 or 1, structures JSON.
package enum ColumnValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// What a column can hold and be read as.
package protocol ColumnConvertible {
    /// How the tables hold it.
    var column: ColumnValue { get }

    /// The value in a column; nil when it holds another type.
    init?(_ column: ColumnValue)
}

extension String: ColumnConvertible {
    package var column: ColumnValue { .text(self) }

    package init?(_ column: ColumnValue) {
        guard case .text(let text) = column else { return nil }
        self = text
    }
}

extension Int64: ColumnConvertible {
    package var column: ColumnValue { .integer(self) }

    package init?(_ column: ColumnValue) {
        guard case .integer(let number) = column else { return nil }
        self = number
    }
}

extension Int: ColumnConvertible {
    package var column: ColumnValue { .integer(Int64(self)) }

    package init?(_ column: ColumnValue) {
        guard case .integer(let number) = column else { return nil }
        self.init(exactly: number)
    }
}

extension Bool: ColumnConvertible {
    package var column: ColumnValue { .integer(self ? 1 : 0) }

    package init?(_ column: ColumnValue) {
        guard case .integer(let number) = column else { return nil }
        self = number != 0
    }
}

extension Timestamp: ColumnConvertible {
    package var column: ColumnValue { .integer(milliseconds) }

    package init?(_ column: ColumnValue) {
        guard case .integer(let number) = column else { return nil }
        self.init(milliseconds: number)
    }
}

extension [UInt8] {
    /// How the tables hold bytes.
    package var column: ColumnValue { .bytes(self) }
}

extension Optional where Wrapped: ColumnConvertible {
    /// How the tables hold what may be absent.
    package var column: ColumnValue { self?.column ?? .null }
}

extension Optional where Wrapped: Encodable {
    /// How the tables hold a value that is kept as JSON.
    package var jsonColumn: ColumnValue {
        get throws {
            guard let self else { return .null }
            return .text(String(decoding: try JSONBytes.encode(self), as: UTF8.self))
        }
    }
}

/// Reads a row's columns from left to right; nothing that a store holds can make it trap.
package protocol ColumnReader {
    /// The next column.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when the row has no more columns.
    mutating func nextColumn() throws -> ColumnValue
}

extension ColumnReader {
    /// The next column.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when the column holds another type.
    package mutating func next<Value: ColumnConvertible>(as type: Value.Type = Value.self) throws -> Value {
        guard let value = Value(try nextColumn()) else { throw StoreError.corrupt("A row") }
        return value
    }

    /// The next column, which may be NULL.
    package mutating func nextIfPresent<Value: ColumnConvertible>(as type: Value.Type = Value.self) throws -> Value? {
        let column = try nextColumn()
        if case .null = column { return nil }
        guard let value = Value(column) else { throw StoreError.corrupt("A row") }
        return value
    }

    /// The next column as bytes.
    package mutating func nextBytes() throws -> [UInt8] {
        switch try nextColumn() {
        case .bytes(let bytes): return bytes
        case .null, .integer, .text: throw StoreError.corrupt("A row")
        }
    }

    /// The next column as a moment.
    package mutating func nextMoment() throws -> Timestamp { try next() }

    /// The next column as a moment, which may be NULL.
    package mutating func nextMomentIfPresent() throws -> Timestamp? { try nextIfPresent() }

    /// The next column as a command id.
    package mutating func nextCommandID() throws -> CommandID {
        guard let id = CommandID(try next(as: String.self)) else { throw StoreError.corrupt("A command id") }
        return id
    }

    /// The next column as a value kept as JSON, which may be NULL.
    package mutating func nextJSONIfPresent<Value: Decodable>(_ type: Value.Type, what: String) throws -> Value? {
        guard let text: String = try nextIfPresent() else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw StoreError.corrupt(what, underlying: error)
        }
    }
}
