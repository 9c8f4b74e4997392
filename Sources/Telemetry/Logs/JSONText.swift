internal import Contracts
internal import Logging

/// Writes JSON without detours through trees of objects.
enum JSONText {
    /// Writes a string with its quotes, with every character escaped that JSON or a terminal takes for a command.
    static func write(string: String, to output: inout [UInt8]) {
        JSONBytes.append(string, to: &output, forTerminals: true)
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
}

/// Writes text for people so that nothing in it can begin another line or control the terminal.
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
