/// The 7-bit default alphabet of GSM 03.38 and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1), without the
/// national shift tables.
package enum GSM7 {
    /// The default alphabet in the order of its codes, 0x00 to 0x7F; 0x1B, the escape to the extension table, is left
    /// out since it is not a character.
    package static let alphabet: String =
        "@£$¥èéùìòÇ\nØø\rÅå"
        + "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
        + " !\"#¤%&'()*+,-./"
        + "0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNO"
        + "PQRSTUVWXYZÄÖÑÜ§"
        + "¿abcdefghijklmno"
        + "pqrstuvwxyzäöñüà"

    /// The characters of the extension table, in the order of their codes: each takes the escape and a second septet.
    package static let extensionTable: String = "\u{0C}^{}\\[~]|€"

    /// How many septets a character takes.
    ///
    /// - Returns: 1, 2 for one of the extension table, nil for one that GSM-7 does not have.
    package static func septets(of scalar: Unicode.Scalar) -> Int? {
        let value = Int(scalar.value)
        if value < septetsOfLowScalars.count {
            let septets = septetsOfLowScalars[value]
            return septets == 0 ? nil : Int(septets)
        }
        return scalar == "€" ? 2 : nil
    }

    /// Whether every character of a text is in the alphabet or in the extension table.
    package static func encodes(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { septets(of: $0) != nil }
    }

    /// The septets of each scalar up to the Greek capitals, by its value; 0 for those that GSM-7 does not have.
    private static let septetsOfLowScalars: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 0x3AA)
        for scalar in alphabet.unicodeScalars { table[Int(scalar.value)] = 1 }
        for scalar in extensionTable.unicodeScalars where Int(scalar.value) < table.count {
            table[Int(scalar.value)] = 2
        }
        return table
    }()
}
