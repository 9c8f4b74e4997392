package import Contracts

/// How a text is going to be sent: the text itself, perhaps with look-alikes, its encoding, and what it takes.
package struct TextPlan: Hashable, Sendable {
    /// What the handset gets.
    package let text: String
    package let encoding: TextEncoding
    /// How many messages are sent and paid for.
    package let segments: Int
    /// Septets (an extension character is two), or UTF-16 units.
    package let units: Int
    /// What smart encoding changed, in order of first appearance; empty when it changed nothing.
    package let replaced: [Replacement]

    /// Chooses the encoding and counts.
    ///
    /// Smart encoding is all or nothing: it is applied when the text with its look-alikes is GSM-7 as a whole, and either
    /// takes fewer segments than before or GSM-7 is demanded.
    /// - Parameters:
    ///   - text: what the command says.
    ///   - requested: `text` demands GSM-7, `unicode` takes UCS-2 in any case, `auto` takes GSM-7 where it can.
    ///   - smart: whether characters may be replaced by look-alikes; without effect for `unicode`.
    /// - Returns: the plan; for `text` perhaps the characters that GSM-7 does not have and, with `smart`, that have no
    ///   look-alike either. Their offsets are those in `text`.
    package static func plan(_ text: String, requested: RequestedEncoding, smart: Bool) -> Result<
        TextPlan, UnencodableText
    > {
        switch requested {
        case .unicode:
            return .success(TextPlan(text, .ucs2))
        case .auto:
            if GSM7.encodes(text) { return .success(TextPlan(text, .gsm7)) }
            let plain = TextPlan(text, .ucs2)
            guard smart, let shorter = lookAlike(of: text), shorter.segments < plain.segments else {
                return .success(plain)
            }
            return .success(shorter)
        case .text:
            if GSM7.encodes(text) { return .success(TextPlan(text, .gsm7)) }
            if smart, let plan = lookAlike(of: text) { return .success(plan) }
            let offending = OffendingCharacter.all(in: text)
            let hopeless = smart ? offending.filter { !SmartEncoding.canReplace($0.char) } : []
            return .failure(UnencodableText(offending: hopeless.isEmpty ? offending : hopeless))
        }
    }

    /// The text with look-alikes; nil when that is not GSM-7 as a whole, or nothing is left of it.
    private static func lookAlike(of text: String) -> TextPlan? {
        let smart = SmartEncoding(of: text)
        guard !smart.text.isEmpty, GSM7.encodes(smart.text) else { return nil }
        return TextPlan(smart.text, .gsm7, replaced: smart.replaced)
    }

    private init(_ text: String, _ encoding: TextEncoding, replaced: [Replacement] = []) {
        let counter = SegmentCounter(text, encoding: encoding)
        self.text = text
        self.encoding = encoding
        self.segments = counter.segments
        self.units = counter.units
        self.replaced = replaced
    }
}

/// Why a text cannot be sent as GSM-7: it has characters outside it.
package struct UnencodableText: Error, Hashable, Sendable {
    /// The characters and where they stand; never empty.
    package let offending: [OffendingCharacter]

    /// A refusal that names the characters.
    package init(offending: [OffendingCharacter]) {
        self.offending = offending
    }
}
