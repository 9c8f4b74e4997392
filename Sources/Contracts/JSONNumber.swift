/// A JSON number as it was written, with no digit lost (RFC 8259, section 6).
package struct JSONNumber: Hashable, Sendable {
    /// The number's own characters, as `0.0333` or `1e-05`.
    package let literal: String

    /// Takes over a literal that was checked against the grammar.
    init(literal: String) {
        self.literal = literal
    }

    /// Reads a number.
    ///
    /// - Returns: nil when the text is not a JSON number.
    package init?(_ text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        switch value {
        case .integer(let number): literal = String(number)
        case .number(let number): literal = number.literal
        default: return nil
        }
    }

    /// A binary number in the shortest form that reads back as it.
    ///
    /// - Returns: nil when it is not finite, which JSON cannot say.
    package init?(_ number: Double) {
        guard number.isFinite else { return nil }
        literal = "\(number)"
    }

    /// The nearest binary number; an infinity of the largest finite one.
    package var double: Double {
        let value = Double(literal) ?? 0
        guard value.isInfinite else { return value }
        return value < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
    }

    /// The number as an integer, also where it is written with a fraction of zeros or an exponent.
    ///
    /// - Returns: nil when it has a fraction, or does not fit.
    package var whole: Int? {
        guard let plain = plainDecimal else { return nil }
        let parts = plain.split(separator: ".", maxSplits: 1)
        guard parts.count == 1 || parts[1].utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        return Int(parts[0])
    }

    /// The number with the same digits and no exponent, as `0.00001` for `1e-05`.
    ///
    /// - Returns: nil when that takes more than a thousand digits.
    package var plainDecimal: String? {
        guard let mark = literal.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return literal }
        guard let exponent = Int(literal[literal.index(after: mark)...]),
            (-Self.digitLimit...Self.digitLimit).contains(exponent)
        else {
            return nil
        }
        let mantissa = literal[..<mark]
        let isNegative = mantissa.hasPrefix("-")
        let parts = mantissa.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        var digits = String(parts[0]) + fraction
        var point = parts[0].utf8.count + exponent
        if point < 1 {
            digits = String(repeating: "0", count: 1 - point) + digits
            point = 1
        } else if point > digits.utf8.count {
            digits += String(repeating: "0", count: point - digits.utf8.count)
        }
        guard digits.utf8.count <= Self.digitLimit else { return nil }
        let end = digits.index(digits.startIndex, offsetBy: point)
        let whole = digits[..<end].drop { $0 == "0" }
        let rest = digits[end...]
        return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole) + (rest.isEmpty ? "" : ".\(rest)")
    }

    private static let digitLimit = 1_000
}
