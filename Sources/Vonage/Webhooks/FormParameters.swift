/// The parameters of a query or a form (`application/x-www-form-urlencoded`).
struct FormParameters: Sendable {
    /// Names and values, decoded; of a name that comes twice the first value.
    let values: [String: String]

    /// Reads parameters.
    ///
    /// What is not well-formed is taken literally.
    ///
    /// - Parameter text: `a=1&b=2`, percent-encoded, `+` for a blank.
    init(_ text: some StringProtocol) {
        var values: [String: String] = [:]
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = Self.decode(pair[..<equals])
            guard values[name] == nil else { continue }
            values[name] = equals == pair.endIndex ? "" : Self.decode(pair[pair.index(after: equals)...])
        }
        self.values = values
    }

    /// The value of a name.
    subscript(name: String) -> String? { values[name] }

    /// Writes parameters as a query, by name.
    ///
    /// - Parameter values: names and values.
    /// - Returns: a text that reads back as these values.
    static func text(of values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { "\(encode($0.key))=\(encode($0.value))" }.joined(separator: "&")
    }

    private static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes += Hex.encode([byte])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ text: some Collection<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                if digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
