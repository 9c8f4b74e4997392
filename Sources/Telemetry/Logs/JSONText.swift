internal import Logging

/// Writes JSON without detours through trees of objects.
enum JSONText {
    /// Writes a string with its quotes; quotes, backslashes and control characters are escaped.
    ///
    /// DEL and C1 (U+0080 to U+009F) too, which JSON would allow: a terminal takes them for commands.
    static func write(string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var isAfterC2 = false
        for byte in string.utf8 {
            if isAfterC2 {
                isAfterC2 = false
                if byte < 0xA0 { writeEscape(byte, to: &output) } else { output += [0xC2, byte] }
                continue
            }
            switch byte {
            // Begins U+0080 to U+00BF, of which the next byte is the last.
            case 0xC2: isAfterC2 = true
            case UInt8(ascii: "\""): output += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): output += "\\n".utf8
            case UInt8(ascii: "\r"): output += "\\r".utf8
            case UInt8(ascii: "\t"): output += "\\t".utf8
            case 0..<0x20, 0x7F: writeEscape(byte, to: &output)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// Writes a metadata value: numbers and booleans as such, arrays as arrays, everything else as a string.
    static func write(_ value: Logger.MetadataValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text):
            write(string: text, to: &output)
        case .stringConvertible(let convertible):
            if let literal = literal(of: convertible) {
                output += literal.utf8
            } else {
                write(string: convertible.description, to: &output)
            }
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(value, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            output.append(UInt8(ascii: "{"))
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(string: pair.key, to: &output)
                output.append(UInt8(ascii: ":"))
                write(pair.value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        @unknown default:
            write(string: value.description, to: &output)
        }
    }

    /// The JSON literal of a number or a boolean; nil for anything else, infinities among them.
    private static func literal(of value: any CustomStringConvertible) -> String? {
        switch value {
        case let value as Int: value.description
        case let value as Bool: value.description
        case let value as Double: value.isFinite ? value.description : nil
        case let value as any FixedWidthInteger: value.description
        default: nil
        }
    }

    private static func writeEscape(_ value: UInt8, to output: inout [UInt8]) {
        output += "\\u00".utf8
        output += [hexDigit(value >> 4), hexDigit(value & 15)]
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

/// Writes text for people so that nothing in it can pretend to be another line or steer the terminal.
enum PlainText {
    /// Writes text; control characters become visible escapes.
    static func write(_ text: String, to output: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control {
                output += scalar.escaped(asASCII: true).utf8
            } else {
                output += String(scalar).utf8
            }
        }
    }

    /// Writes a value, in quotes where it is empty or holds blanks, quotes or control characters.
    static func write(value: String, to output: inout [UInt8]) {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy {
                $0 != "\"" && $0 != " " && $0.properties.generalCategory != .control
            }
        if isPlain {
            output += value.utf8
        } else {
            JSONText.write(string: value, to: &output)
        }
    }
}
