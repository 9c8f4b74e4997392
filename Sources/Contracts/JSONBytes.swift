/// How this project writes JSON: keys sorted, slashes bare, so that equal values have equal bytes.
package enum JSONBytes {
    /// Encodes a value of the project's own types and the standard library's; Foundation's (`Data`, `URL`) would not be
    /// written as its own encoder writes them.
    ///
    /// - Throws: what the value's own `encode(to:)` throws; our contract types throw nothing.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        try JSONBytesEncoder.encode(value)
    }

    /// Writes a JSON value, each number as it was written.
    package static func encode(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    /// Writes an object.
    package static func encode(_ members: [String: JSONValue]) -> [UInt8] { encode(.object(members)) }

    /// A flat object of strings, in the order of its fields.
    package static func object(_ fields: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(field.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(field.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes += Array("null".utf8)
        case .bool(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .integer(let number): bytes += Array(String(number).utf8)
        case .number(let number): bytes += Array(number.literal.utf8)
        case .string(let text): append(text, to: &bytes)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(member.value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a string in quotes (RFC 8259, section 7).
    ///
    /// - Parameters:
    ///   - text: the string.
    ///   - bytes: where it goes.
    ///   - forTerminals: whether DEL and the C1 controls (U+0080 to U+009F) are escaped too, which JSON allows and a
    ///     terminal takes for commands.
    package static func append(_ text: String, to bytes: inout [UInt8], forTerminals: Bool = false) {
        bytes.append(UInt8(ascii: "\""))
        // Most strings are copied as they stand.
        if text.utf8.allSatisfy({ isPlain($0, forTerminals) }) {
            bytes += text.utf8
        } else {
            appendEscaped(text, to: &bytes, forTerminals)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ byte: UInt8, _ forTerminals: Bool) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && (byte < 0x7F || !forTerminals)
    }

    private static func appendEscaped(_ text: String, to bytes: inout [UInt8], _ forTerminals: Bool) {
        var isAfterC2 = false
        for byte in text.utf8 {
            if isAfterC2 {
                isAfterC2 = false
                if byte < 0xA0 { appendEscape(of: byte, to: &bytes) } else { bytes += [0xC2, byte] }
                continue
            }
            switch byte {
            // Begins U+0080 to U+00BF, of which the next byte is the last.
            case 0xC2 where forTerminals: isAfterC2 = true
            case 0x7F where forTerminals: appendEscape(of: byte, to: &bytes)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 8: bytes += Array(#"\b"#.utf8)
            case 9: bytes += Array(#"\t"#.utf8)
            case 10: bytes += Array(#"\n"#.utf8)
            case 12: bytes += Array(#"\f"#.utf8)
            case 13: bytes += Array(#"\r"#.utf8)
            case 0..<0x20: appendEscape(of: byte, to: &bytes)
            default: bytes.append(byte)
            }
        }
    }

    /// Appends the escape of a character up to U+00FF.
    private static func appendEscape(of value: UInt8, to bytes: inout [UInt8]) {
        let digits = String(value, radix: 16)
        bytes += Array("\\u00\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
    }
}
