import FoundationEssentials
import Testing

@testable import Contracts

@Suite("JSON of the project's types, beside Foundation's")
struct JSONBytesEncoderTests {
    /// What Foundation's encoder writes.
    private func reference(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func written(_ value: some Encodable) throws -> String {
        String(decoding: try JSONBytes.encode(value), as: UTF8.self)
    }

    /// Every shape that a container can be asked for.
    private struct Shapes: Encodable {
        private enum Key: String, CodingKey {
            case text, nothing, list, inner, numbers, map, empty, deep, wrapped, none
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("a/\"\\\u{1}\n\u{7F}é👍\u{2028}", forKey: .text)
            try container.encodeNil(forKey: .nothing)
            try container.encodeIfPresent(nil as String?, forKey: .none)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try list.encode("z")
            try list.encodeNil()
            var inList = list.nestedContainer(keyedBy: Key.self)
            try inList.encode(true, forKey: .text)
            var listInList = list.nestedUnkeyedContainer()
            try listInList.encode(contentsOf: [1, 2, 3])
            #expect(list.count == 4)
            var inner = container.nestedContainer(keyedBy: Key.self, forKey: .inner)
            try inner.encode(["b": 1, "a": 2], forKey: .map)
            try container.encode([Int64.min, 0, .max], forKey: .numbers)
            try container.encode(["é": ["x": nil as String?], "e": [:]], forKey: .map)
            try container.encode([String: String](), forKey: .empty)
            try container.encode([[[UInt8]](), [[255], []]], forKey: .deep)
            try container.encode(Wrapped(), forKey: .wrapped)
        }
    }

    private struct Wrapped: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(["in": "side"])
        }
    }

    private struct Numbers: Encodable {
        var a: Int8 = -128
        var b: UInt8 = 255
        var c: Int16 = .min
        var d: UInt16 = .max
        var e: Int32 = .min
        var f: UInt32 = .max
        var g: Int64 = .min
        var h: UInt64 = .max
        var i = [0.1, -0.0, 5, 1e21, 1e-7, 123456.789, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        var j: [Float] = [0.1, 2, 1e10]
        var k = [true, false]
        var l: Int? = 7
    }

    @Test("every shape and every number is written as Foundation writes it")
    func shapes() throws {
        #expect(try written(Shapes()) == reference(Shapes()))
        #expect(try written(Numbers()) == reference(Numbers()))
        #expect(try written([String]()) == "[]")
        #expect(try written("alone") == "\"alone\"")
        #expect(try written(["one": nil as Int?]) == reference(["one": nil as Int?]))
    }

    @Test("an event with all its fields is written as Foundation writes it")
    func event() throws {
        var data = OutboundEvent(commandID: "order/4711", attempts: 2)
        data.to = "+14155550101"
        data.from = "ACME"
        data.metadata = ["tenant": "a", "Order": "\u{200E}4711", "zé": ""]
        data.segments = 1
        data.replaced = [Replacement(char: "“", by: "\"", count: 2)]
        data.error = EventError(
            .invalid,
            detail: "text: must not be empty",
            provider: ProviderProblem(status: 422, type: "https://x/y#z", title: "T", detail: nil, instance: "i"),
            problems: [Problem("text", "must not be empty")]
        )
        data.idReused = true
        let event = CloudEvent(
            id: "order/4711/invalid",
            type: "sms.outbound.invalid",
            subject: "order/4711",
            time: Timestamp(milliseconds: 1_700_000_000_123),
            data: data
        )
        #expect(try written(event) == reference(event))
    }

    @Test("any JSON value inside a value keeps its numbers as they were written")
    func values() throws {
        let value = try JSONValue(parsing: Array(#"{"b":[1.10,-0,1e2,{"c":null}],"a":"x"}"#.utf8))
        #expect(try written(["v": value]) == #"{"v":{"a":"x","b":[1.10,-0,1e2,{"c":null}]}}"#)
    }

    @Test("a number that JSON does not have is refused", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ number: Double) {
        #expect(throws: EncodingError.self) { try JSONBytes.encode([number]) }
    }
}
