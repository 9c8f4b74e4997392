/// Any JSON value, read before its shape is judged, so that every problem of a body can be named at once.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number that is written without fraction and exponent and fits 64 bits.
    case integer(Int64)
    /// Any other number, as it was written.
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Reads a body exactly as RFC 8259 has it, in UTF-8, with or without a byte order mark.
    ///
    /// An object that names a key twice is refused, and so is half a surrogate pair: it is not clear what was meant.
    ///
    /// - Throws: `JSONProblem`, with a sentence for people and the place, when the bytes are anything else, or nested
    ///   more than 512 levels deep.
    package init(parsing bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONParser.read(bytes, .refused)
    }

    /// Reads a body of which nothing must be lost to how it was written.
    ///
    /// What RFC 8259 leaves open is repaired: half a surrogate pair, and what is not UTF-8 within a string, become
    /// U+FFFD, and of a key that comes twice the last value counts.
    ///
    /// - Throws: `JSONProblem` when the bytes are still not JSON.
    package init(repairing bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONParser.read(bytes, .repaired)
    }

    /// What a person would call this value, for problem texts.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The members of an object; nil for the other kinds.
    package var members: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A string, a number in plain decimals, or a truth value, as text; nil for null, an object and an array.
    package var scalarText: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): number.plainDecimal
        case .bool(let flag): String(flag)
        case .null, .array, .object: nil
        }
    }
}

/// Why bytes could not be read as JSON.
package struct JSONProblem: Error, Hashable {
    /// A sentence for people; it quotes nothing of the body.
    package let message: String

    /// A problem with its sentence.
    package init(_ message: String) {
        self.message = message
    }
}

/// For encoders of others; `JSONBytes` writes a `JSONValue`, also one inside of another value, number for number.
extension JSONValue: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value.double)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
