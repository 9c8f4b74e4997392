/// What the command line may write, whatever others have put into ids, texts and events.
///
/// A control character can steer a terminal: C0, DEL, and C1 (U+0080 to U+009F), where U+009B alone begins a command.
package enum TerminalText {
    /// Text with every control character but line breaks and tabs as the escape that JSON has for it, `\u009b`.
    ///
    /// So JSON stays JSON with the same content: there such characters stand in strings only. A carriage return, which
    /// may stand between JSON's tokens, becomes a blank.
    ///
    /// - Parameter text: the text.
    /// - Returns: the same for a terminal.
    package static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\r" {
                scalars.append(" ")
            } else if isHarmful(scalar) {
                let digits = String(scalar.value, radix: 16)
                scalars.append(contentsOf: "\\u00\(digits.utf8.count == 1 ? "0" : "")\(digits)".unicodeScalars)
            } else {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// The same for bytes; what is not UTF-8 is replaced.
    package static func harmless(_ bytes: [UInt8]) -> String { harmless(String(decoding: bytes, as: UTF8.self)) }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
}
