/// How the characters of a message are coded on the air.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    /// The default alphabet of GSM 03.38 (3GPP TS 23.038) with its extension table; units are septets.
    case gsm7
    /// UCS-2, in practice UTF-16; units are 16 bits wide.
    case ucs2

    /// What one message carries that needs no second part: 160 septets, or 70 UTF-16 units.
    package var unitsOfSingle: Int {
        switch self {
        case .gsm7: 160
        case .ucs2: 70
        }
    }

    /// What each part of a long message carries beside its user data header of six octets (3GPP TS 23.040, 9.2.3.24):
    /// 153 septets, or 67 UTF-16 units.
    package var unitsOfPart: Int {
        switch self {
        case .gsm7: 153
        case .ucs2: 67
        }
    }

    /// How many units a character takes; it is never split over two parts.
    ///
    /// - Returns: 1, or 2 for an escape pair or a surrogate pair; nil when the encoding does not have the character.
    package func units(of scalar: Unicode.Scalar) -> Int? {
        switch self {
        case .gsm7: GSM7.septets(of: scalar)
        case .ucs2: scalar.value > 0xFFFF ? 2 : 1
        }
    }
}
