package import Contracts

/// One code that Vonage gives in a receipt's error, with what to do about it.
package struct VonageErrorCode: Hashable, Sendable {
    /// As it stands in receipts.
    package let code: String
    /// Vonage's own short title, in our spelling.
    package let title: String
    /// What to do about it.
    package let errorClass: ErrorClass
    /// The same in words.
    package let advice: String

    /// Whether the provider rejects and yet may have delivered.
    package var certainty: Certainty? { Self.uncertain.contains(code) ? .unknown : nil }

    /// Not all parts of a long message were confirmed; "partial delivery is possible".
    private static let uncertain: Set<String> = ["1490"]

    /// Whether the recipient has opted out: "the user has already sent a STOP".
    package var saysOptedOut: Bool { code == "1240" }

    /// What is known of a code; nil for one that is not in Vonage's table.
    package static subscript(code code: String) -> VonageErrorCode? { byCode[code] }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    init(_ code: String, _ title: String, _ errorClass: ErrorClass, _ advice: String) {
        self.code = code
        self.title = title
        self.errorClass = errorClass
        self.advice = advice
    }
}
