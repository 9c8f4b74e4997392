/// A value in an AMQP table: message headers, queue and exchange arguments.
///
/// Integers of every width are read as `int` and written as 64-bit; RabbitMQ compares arguments by value, not by width.
package enum AMQPValue: Sendable, Hashable {
    case bool(Bool)
    case int(Int64)
    /// Only for values beyond `Int64.max`.
    case unsigned(UInt64)
    case double(Double)
    case decimal(scale: UInt8, digits: UInt32)
    case string(String)
    /// Bytes that are no UTF-8, or were sent as a byte array.
    case bytes([UInt8])
    /// Seconds since 1970, UTC.
    case timestamp(UInt64)
    case array([AMQPValue])
    case table(AMQPTable)
    case null
}

/// Message headers, or the arguments of a queue, an exchange or a binding.
package typealias AMQPTable = [String: AMQPValue]

extension AMQPValue {
    /// The text, when this is one.
    package var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, when this is one that fits.
    package var intValue: Int64? {
        switch self {
        case .int(let value): value
        case .unsigned(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The boolean, when this is one.
    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// An upper bound of the bytes this takes on the wire, its kind included.
    var wireSizeLimit: Int {
        switch self {
        case .bool, .null: 2
        case .int, .unsigned, .double, .timestamp: 9
        case .decimal: 6
        case .string(let text): 5 + text.utf8.count
        case .bytes(let bytes): 5 + bytes.count
        case .array(let values): values.reduce(5) { $0 + $1.wireSizeLimit }
        case .table(let table): 1 + table.wireSizeLimit
        }
    }
}

extension AMQPTable {
    /// An upper bound of the bytes this table takes on the wire.
    var wireSizeLimit: Int {
        reduce(4) { $0 + 1 + $1.key.utf8.count + $1.value.wireSizeLimit }
    }

    /// What keeps this table from being written, or nil.
    var problem: String? {
        for (key, value) in self {
            if key.utf8.count > AMQPLimits.shortStringMaxBytes { return "a table key is longer than 255 bytes" }
            if case .table(let inner) = value, let problem = inner.problem { return problem }
        }
        return nil
    }
}

extension AMQPValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
