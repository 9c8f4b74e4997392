/// A telephone number in E.164: country code and subscriber number, 7 to 15 digits, the first not 0.
package struct PhoneNumber: Hashable, Sendable {
    /// The digits alone, as the provider wants them.
    package let digits: String

    /// The form used in events and answers, with the leading `+`.
    package var e164: String { "+" + digits }

    /// Reads a number as people write it: an optional `+`, and spaces, dots, dashes and parentheses are removed.
    ///
    /// - Returns: nil when what is left is not 7 to 15 ASCII digits, or begins with 0.
    package init?(_ written: String) {
        var rest = Substring(written)
        while let first = rest.unicodeScalars.first, Self.isSeparator(first) { rest.unicodeScalars.removeFirst() }
        if rest.first == "+" { rest.removeFirst() }
        var digits = ""
        for scalar in rest.unicodeScalars {
            if Self.isSeparator(scalar) { continue }
            guard ("0"..."9").contains(scalar) else { return nil }
            digits.unicodeScalars.append(scalar)
        }
        guard (7...15).contains(digits.utf8.count), digits.first != "0" else { return nil }
        self.digits = digits
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", ".", "-", "(", ")": true
        default: false
        }
    }
}

extension PhoneNumber: CustomStringConvertible {
    /// Masked to the last three digits, so that a log line cannot give a number away.
    package var description: String { "***" + digits.suffix(3) }
}
