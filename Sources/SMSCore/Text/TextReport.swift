import Contracts

/// What a text takes on the air, as it stands and after smart encoding, as `inspect` prints it.
package struct TextReport: Hashable, Sendable, Encodable {
    /// One look at a text.
    package struct Look: Hashable, Sendable, Encodable {
        /// `gsm7` or `ucs2`.
        package let encoding: String
        package let segments: Int
        /// Septets or UTF-16 units.
        package let units: Int
        /// How many units the last segment still takes.
        package let remaining: Int
        package let offending: [Offending]

        init(_ text: String) {
            let inspection = TextInspection.of(text)
            encoding = inspection.encoding.rawValue
            segments = inspection.segments
            units = inspection.units
            remaining = inspection.remaining
            offending = inspection.offending.map { Offending(char: $0.char, offset: $0.offset) }
        }
    }

    /// A character that keeps the text from GSM-7; the offset is in Unicode scalars.
    package struct Offending: Hashable, Sendable, Encodable {
        package let char: String
        package let offset: Int

        /// The character where people can see it, else its code points.
        package var named: String { OffendingCharacter(char: char, offset: offset).named }
    }

    package let look: Look
    /// The same after smart encoding.
    package let smart: Look

    /// A report about a text.
    package init(_ text: String) {
        look = Look(text)
        switch TextPlan.plan(text, requested: .auto, smart: true) {
        case .success(let plan): smart = Look(plan.text)
        // Without a requested encoding every text can be sent.
        case .failure: smart = look
        }
    }

    private enum CodingKeys: CodingKey { case smart }

    package func encode(to encoder: any Encoder) throws {
        try look.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(smart, forKey: .smart)
    }
}
