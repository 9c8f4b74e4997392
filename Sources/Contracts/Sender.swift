/// Who a message comes from: a number, a short code, or an alphanumeric sender id.
package enum Sender: Hashable, Sendable {
    /// An E.164 number.
    case number(PhoneNumber)
    /// A short code: 3 to 6 digits.
    case shortCode(String)
    /// An alphanumeric sender id: 1 to 11 of `A-Z a-z 0-9`, at least one letter.
    case alphanumeric(String)

    /// Reads a sender as it is written in a command or in `VONAGE_NUMBER`.
    ///
    /// - Returns: nil when it is none of the three forms.
    package init?(_ written: String) {
        guard case .success(let sender) = Self.read(written) else { return nil }
        self = sender
    }

    /// Reads a sender, or says what keeps it from being one.
    package static func read(_ written: String) -> Result<Sender, JSONProblem> {
        let isASCIIDigits =
            !written.isEmpty && written.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if isASCIIDigits, (3...6).contains(written.utf8.count) { return .success(.shortCode(written)) }
        if isAlphanumericSenderID(written) { return .success(.alphanumeric(written)) }
        return PhoneNumberReader.read(written).map(Sender.number).mapError { problem in
            JSONProblem(
                "is not a sender: not a short code of 3 to 6 digits, not 1 to 11 of A-Z a-z 0-9 with at least one letter, "
                    + "and not an international telephone number (\(problem.reason))"
            )
        }
    }

    /// The form that the provider is given: digits without `+`, or the sender id as it stands.
    package var wire: String {
        switch self {
        case .number(let number): number.digits
        case .shortCode(let code): code
        case .alphanumeric(let name): name
        }
    }

    /// The form used in events and answers: numbers with `+`, the others as they stand.
    package var display: String {
        switch self {
        case .number(let number): number.e164
        case .shortCode(let code): code
        case .alphanumeric(let name): name
        }
    }

    private static func isAlphanumericSenderID(_ text: String) -> Bool {
        guard (1...11).contains(text.utf8.count) else { return false }
        var hasLetter = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): hasLetter = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            default: return false
            }
        }
        return hasLetter
    }
}
