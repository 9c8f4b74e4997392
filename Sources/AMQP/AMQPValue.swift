/// A value in an AMQP table: message headers, queue and exchange arguments.
///
/// Each kind of the wire has a case of its own, so that a message that is published again is the same in every bit.
/// `intValue` gives a number of any width.
package enum AMQPValue: Sendable, Hashable {
    case bool(Bool)
    /// A 64-bit integer, as this module writes them; RabbitMQ compares arguments by value, not by width.
    case int(Int64)
    /// An integer that came in fewer than 64 bits; a number that does not fit is refused before it is written.
    case narrow(Int64, AMQPIntegerWidth)
    /// An unsigned 64-bit integer; RabbitMQ itself has none.
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    /// `digits` divided by 10 to the power of `scale`.
    case decimal(scale: UInt8, digits: UInt32)
    /// A text; bytes that are not UTF-8 are escaped in it, and are written as they came (`WireText`).
    case string(String)
    /// What was sent as a byte array.
    case bytes([UInt8])
    /// Seconds since 1970, UTC.
    case timestamp(UInt64)
    case array([AMQPValue])
    case table(AMQPTable)
    case null
}

/// How many bits an integer has on the wire, where it has fewer than 64, and whether one of them is its sign.
package enum AMQPIntegerWidth: Sendable, Hashable {
    case int8, uint8, int16, uint16, int32, uint32

    /// The numbers that it can carry.
    var range: ClosedRange<Int64> {
        switch self {
        case .int8: Int64(Int8.min)...Int64(Int8.max)
        case .uint8: 0...Int64(UInt8.max)
        case .int16: Int64(Int16.min)...Int64(Int16.max)
        case .uint16: 0...Int64(UInt16.max)
        case .int32: Int64(Int32.min)...Int64(Int32.max)
        case .uint32: 0...Int64(UInt32.max)
        }
    }

    /// Its bytes on the wire.
    var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32: 4
        }
    }
}

/// Message headers, or the arguments of a queue, an exchange or a binding.
package typealias AMQPTable = [String: AMQPValue]

extension AMQPValue {
    /// The text, when this is one.
    package var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, when this is one that fits, whatever its width on the wire.
    package var intValue: Int64? {
        switch self {
        case .int(let value), .narrow(let value, _): value
        case .unsigned(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The boolean, when this is one.
    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The bytes this takes on the wire, its kind included.
    var wireSize: Int {
        switch self {
        case .null: 1
        case .bool: 2
        case .narrow(_, let width): 1 + width.byteCount
        case .float: 5
        case .int, .unsigned, .double, .timestamp: 9
        case .decimal: 6
        case .string(let text): 5 + WireText.count(of: text)
        case .bytes(let bytes): 5 + bytes.count
        case .array(let values): values.reduce(5) { $0 + $1.wireSize }
        case .table(let table): 1 + table.wireSize
        }
    }

    /// What keeps this value from being written, or nil.
    fileprivate var problem: String? {
        switch self {
        case .narrow(let number, let width):
            width.range.contains(number) ? nil : "\(number) does not fit into its width on the wire"
        case .array(let values): values.lazy.compactMap(\.problem).first
        case .table(let table): table.problem
        case .bool, .int, .unsigned, .float, .double, .decimal, .string, .bytes, .timestamp, .null: nil
        }
    }
}

extension AMQPTable {
    /// The bytes this table takes on the wire.
    var wireSize: Int {
        reduce(4) { $0 + 1 + WireText.count(of: $1.key) + $1.value.wireSize }
    }

    /// What keeps this table from being written, or nil.
    var problem: String? {
        for (key, value) in self {
            guard WireText.count(of: key) <= AMQPLimits.shortStringMaxBytes else {
                return "a table key is longer than 255 bytes"
            }
            if let problem = value.problem { return problem }
        }
        return nil
    }
}

extension AMQPValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
