import Contracts

/// What a text takes on the air, for people who want to know before they send.
package struct TextInspection: Hashable, Sendable {
    /// GSM-7 where the text allows, else UCS-2.
    package let encoding: TextEncoding
    /// How many messages are sent and paid for.
    package let segments: Int
    /// Septets (an extension character is two), or UTF-16 units.
    package let units: Int
    /// How many units the last segment still takes.
    package let remaining: Int
    /// The characters that keep the text from GSM-7, in order.
    package let offending: [OffendingCharacter]

    /// Looks at a text as it stands.
    package static func of(_ text: String) -> TextInspection {
        let offending = OffendingCharacter.all(in: text)
        let encoding: TextEncoding = offending.isEmpty ? .gsm7 : .ucs2
        let counter = SegmentCounter(text, encoding: encoding)
        return TextInspection(
            encoding: encoding,
            segments: counter.segments,
            units: counter.units,
            remaining: counter.remaining,
            offending: offending
        )
    }
}

/// A character that GSM-7 does not have, where it stands in a text.
package struct OffendingCharacter: Hashable, Sendable {
    /// The whole character as people see it, such as an emoji with its joiners.
    package let char: String
    /// How many Unicode scalars stand before it.
    package let offset: Int

    /// A character at a place.
    package init(char: String, offset: Int) {
        self.char = char
        self.offset = offset
    }

    /// The character where people can see it, else its code points, as `U+00A0`.
    package var named: String {
        let scalars = char.unicodeScalars
        let isSeen = scalars.contains { !$0.isInvisible && !$0.properties.isWhitespace }
        return isSeen ? char : scalars.map(\.codePoint).joined(separator: " ")
    }

    /// Every character of a text that has a scalar outside GSM-7.
    package static func all(in text: String) -> [OffendingCharacter] {
        guard !GSM7.encodes(text) else { return [] }
        var offset = 0
        var offending: [OffendingCharacter] = []
        for character in text {
            if character.unicodeScalars.contains(where: { GSM7.septets(of: $0) == nil }) {
                offending.append(OffendingCharacter(char: String(character), offset: offset))
            }
            offset += character.unicodeScalars.count
        }
        return offending
    }
}
