/// How a text travels as SMS: its encoding, and how many segments it takes (3GPP TS 23.038 and 23.040).
///
/// Computed here from the tables and not with the service's code, so that a mistake of one shows in the other.
struct SMSParts: Sendable, Equatable, Encodable {
    /// What a segment's characters are written in.
    enum Encoding: String, Sendable, Encodable {
        /// Seven bits a character: 160 in one segment, 153 in each of several.
        case gsm7
        /// Sixteen bits a unit: 70 in one segment, 67 in each of several.
        case ucs2
    }

    /// What the text is written in.
    let encoding: Encoding
    /// How many segments it takes, from 1.
    let segments: Int

    /// Splits a text as a network does: what takes two units, as `€` or an emoji, is never divided.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - encodingType: the request's `sms.encoding_type`: `unicode` and `text` decide; anything else looks at the text.
    init(_ text: String, encodingType: String? = nil) {
        let isGSM =
            switch encodingType {
            case "unicode": false
            case "text": true
            default: text.unicodeScalars.allSatisfy { Self.septets($0) != nil }
            }
        encoding = isGSM ? .gsm7 : .ucs2
        let (single, many) = isGSM ? (160, 153) : (70, 67)
        // What GSM-7 cannot write becomes one question mark.
        let widths = text.unicodeScalars.lazy.map { isGSM ? Self.septets($0) ?? 1 : ($0.value > 0xFFFF ? 2 : 1) }
        var (units, full, used) = (0, 0, 0)
        for width in widths {
            units += width
            if used + width > many {
                full += 1
                used = 0
            }
            used += width
        }
        segments = units <= single ? 1 : full + 1
    }

    /// How many septets a character takes in GSM-7; `nil` where it is not in the alphabet.
    private static func septets(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "^", "{", "}", "\\", "[", "]", "~", "|", "€", "\u{0C}": 2
        case "`", "\t": nil
        case "\n", "\r", " "..."~": 1
        default: others.contains(scalar) ? 1 : nil
        }
    }

    /// What the alphabet has beside ASCII.
    private static let others = Set("£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà".unicodeScalars)
}
