/// Writes an `Encodable` as JSON, its keys sorted, without a tree of objects for every string and number.
///
/// Every command's facts, every event and every request are written by it. It writes what Foundation's encoder writes;
/// `JSONBytesEncoderTests` compares them. An object's members are kept as they come, and sorted when the whole is put
/// together.
struct JSONBytesEncoder: Encoder {
    fileprivate let place: Place
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Encodes a whole value.
    ///
    /// - Throws: what the value's `encode(to:)` throws; `EncodingError` for a number that JSON cannot hold.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let place = Place()
        try place.set(value)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        place.write(to: &bytes)
        return bytes
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(JSONMembers<Key>(members: place.object()))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONElements(elements: place.array()) }

    func singleValueContainer() -> any SingleValueEncodingContainer { JSONScalar(place: place) }

    /// A value that is being put together.
    fileprivate final class Place {
        private enum Content {
            case none
            /// Already JSON.
            case written([UInt8])
            case object(Members)
            case array(Elements)
        }

        private var content = Content.none

        /// Makes it an object, unless it is one.
        func object() -> Members {
            if case .object(let members) = content { return members }
            let members = Members()
            content = .object(members)
            return members
        }

        /// Makes it an array, unless it is one.
        func array() -> Elements {
            if case .array(let elements) = content { return elements }
            let elements = Elements()
            content = .array(elements)
            return elements
        }

        func set(_ value: some Encodable) throws {
            var bytes: [UInt8] = []
            if try JSONBytesEncoder.append(value, to: &bytes) {
                content = .written(bytes)
            } else {
                try value.encode(to: JSONBytesEncoder(place: self))
            }
        }

        func set(written bytes: [UInt8]) { content = .written(bytes) }

        /// What encodes nothing is an empty object, as for Foundation.
        func write(to bytes: inout [UInt8]) {
            switch content {
            case .none: bytes += [UInt8(ascii: "{"), UInt8(ascii: "}")]
            case .written(let value): bytes += value
            case .object(let members): members.write(to: &bytes)
            case .array(let elements): elements.write(to: &bytes)
            }
        }
    }

    /// A value inside an object or an array: in the written bytes, or one of its own.
    fileprivate enum Part {
        case written(Range<Int>)
        case place(Place)
    }

    /// The members of an object.
    fileprivate final class Members {
        private var members: [(key: String, part: Part)] = []
        private var written: [UInt8] = []

        func set(_ value: some Encodable, for key: String) throws {
            let start = written.count
            if try JSONBytesEncoder.append(value, to: &written) {
                members.append((key, .written(start..<written.count)))
            } else {
                try value.encode(to: JSONBytesEncoder(place: place(for: key)))
            }
        }

        func set(_ text: String, for key: String) { append(for: key) { JSONBytes.append(text, to: &$0) } }

        func set(_ number: Int, for key: String) { append(for: key) { $0 += String(number).utf8 } }

        func setNull(for key: String) { append(for: key) { $0 += "null".utf8 } }

        private func append(for key: String, _ write: (inout [UInt8]) -> Void) {
            let start = written.count
            write(&written)
            members.append((key, .written(start..<written.count)))
        }

        func place(for key: String) -> Place {
            let place = Place()
            members.append((key, .place(place)))
            return place
        }

        func write(to bytes: inout [UInt8]) {
            members.sort { $0.key < $1.key }
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONBytes.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                switch member.part {
                case .written(let range): bytes += written[range]
                case .place(let place): place.write(to: &bytes)
                }
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The elements of an array.
    fileprivate final class Elements {
        private(set) var places: [Place] = []

        func add() -> Place {
            let place = Place()
            places.append(place)
            return place
        }

        func write(to bytes: inout [UInt8]) {
            bytes.append(UInt8(ascii: "["))
            for (index, place) in places.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                place.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    /// Appends what needs no container: text, numbers, flags, and JSON that is there already.
    ///
    /// - Returns: false for any other type, of which nothing was appended.
    private static func append(_ value: some Encodable, to bytes: inout [UInt8]) throws -> Bool {
        switch value {
        case let text as String: JSONBytes.append(text, to: &bytes)
        case let flag as Bool: bytes += (flag ? "true" : "false").utf8
        case let number as any BinaryInteger: bytes += "\(number)".utf8
        case let number as Double: try append(number, to: &bytes)
        case let number as Float: try append(number, to: &bytes)
        case let value as JSONValue: bytes += JSONBytes.encode(value)
        default: return false
        }
        return true
    }

    private static func append(
        _ number: some BinaryFloatingPoint & CustomStringConvertible & Encodable,
        to bytes: inout [UInt8]
    ) throws {
        guard number.isFinite else {
            throw EncodingError.invalidValue(number, .init(codingPath: [], debugDescription: "JSON has no such number"))
        }
        let text = number.description
        // A whole number has no fraction in JSON.
        bytes += text.hasSuffix(".0") ? text.utf8.dropLast(2) : text.utf8[...]
    }
}

private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let members: JSONBytesEncoder.Members
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { members.setNull(for: key.stringValue) }

    // The two most frequent ones without a look at their type.
    func encode(_ value: String, forKey key: Key) { members.set(value, for: key.stringValue) }

    func encode(_ value: Int, forKey key: Key) { members.set(value, for: key.stringValue) }

    func encode(_ value: some Encodable, forKey key: Key) throws { try members.set(value, for: key.stringValue) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(JSONMembers<Nested>(members: members.place(for: key.stringValue).object()))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONElements(elements: members.place(for: key.stringValue).array())
    }

    func superEncoder() -> any Encoder { JSONBytesEncoder(place: members.place(for: "super")) }

    func superEncoder(forKey key: Key) -> any Encoder { JSONBytesEncoder(place: members.place(for: key.stringValue)) }
}

private struct JSONElements: UnkeyedEncodingContainer {
    let elements: JSONBytesEncoder.Elements
    var codingPath: [any CodingKey] { [] }
    var count: Int { elements.places.count }

    func encodeNil() { elements.add().set(written: Array("null".utf8)) }

    func encode(_ value: some Encodable) throws { try elements.add().set(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(JSONMembers<Nested>(members: elements.add().object()))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { JSONElements(elements: elements.add().array()) }

    func superEncoder() -> any Encoder { JSONBytesEncoder(place: elements.add()) }
}

private struct JSONScalar: SingleValueEncodingContainer {
    let place: JSONBytesEncoder.Place
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { place.set(written: Array("null".utf8)) }

    func encode(_ value: some Encodable) throws { try place.set(value) }
}
