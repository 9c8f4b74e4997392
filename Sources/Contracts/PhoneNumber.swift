/// A telephone number in E.164: country code and subscriber number, 7 to 15 digits, the first not 0.
package struct PhoneNumber: Hashable, Sendable {
    /// The digits alone, as the provider wants them.
    package let digits: String

    /// The form used in events and answers, with the leading `+`.
    package var e164: String { "+" + digits }

    /// Takes over digits that were read before, as our own records hold them; nothing but their form is looked at.
    ///
    /// - Returns: nil when they are not 7 to 15 ASCII digits, or begin with 0.
    package init?(digits: String) {
        guard (7...15).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.digits = digits
    }

    /// Reads a number as people and programs write it; see ``PhoneNumberReader`` for what is tolerated.
    ///
    /// - Returns: nil when it is not an international number.
    package init?(_ written: String) {
        guard case .success(let number) = PhoneNumberReader.read(written) else { return nil }
        self = number
    }
}

extension PhoneNumber: CustomStringConvertible {
    /// Masked to the last three digits, so that a log line cannot give a number away.
    package var description: String { "***" + digits.suffix(3) }
}

/// Why a text is not a telephone number.
package struct PhoneNumberProblem: Error, Hashable, CustomStringConvertible {
    /// What is wrong, as `too long for +1`.
    package let reason: String

    /// A predicate for people: what it is not, and why.
    package var description: String { "is not an international telephone number: \(reason)" }

    init(_ reason: String) {
        self.reason = reason
    }
}
