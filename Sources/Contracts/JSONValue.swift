import FoundationEssentials

/// Any JSON value, read before its shape is judged, so that every problem of a body can be named at once.
///
/// Values nested more than eight levels deep are read as `null`: no field of ours goes so deep, and a hostile body must
/// not cost more than its length.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without a fraction that fits 64 bits.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Reads a body: UTF-8 JSON of any kind.
    ///
    /// - Throws: `JSONProblem`, with a sentence for people, when the bytes are not UTF-8, not JSON, or nested too deeply
    ///   (more than 512 levels).
    package init(parsing bytes: [UInt8]) throws(JSONProblem) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONProblem("the body is not valid UTF-8") }
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw JSONProblem("the body is not JSON, or nested too deeply")
        }
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
}

/// Why bytes could not be read as JSON.
package struct JSONProblem: Error, Equatable {
    /// A sentence for people; it quotes nothing of the body.
    package let message: String

    /// A problem with its sentence.
    package init(_ message: String) {
        self.message = message
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= 8 else {
            self = .null
            return
        }
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            var object: [String: JSONValue] = [:]
            for key in keyed.allKeys { object[key.stringValue] = try keyed.decode(JSONValue.self, forKey: key) }
            self = .object(object)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// How this project writes JSON: keys sorted, slashes bare, so that equal values have equal bytes.
package enum JSONBytes {
    /// Encodes a value.
    ///
    /// - Throws: what the value's own `encode(to:)` throws; our contract types throw nothing.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
