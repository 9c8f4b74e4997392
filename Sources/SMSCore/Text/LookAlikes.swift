/// Characters outside GSM-7 and what is read as the same within it.
///
/// Nothing stands here that could change a text's meaning: `½` after `2` would become `21/2`, `²` after `10` would
/// become `102`, and an accent can make another word.
package enum LookAlikes {
    /// The look-alike of each character; an empty one for characters that are not seen.
    package static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (characters, lookAlike) in groups {
            for scalar in characters.unicodeScalars { table[scalar] = lookAlike }
        }
        for (greek, latin) in zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ".unicodeScalars, "ABEZHIKMNOPTYX") { table[greek] = String(latin) }
        for value in fullWidth.lowerBound.value...fullWidth.upperBound.value {
            guard let wide = Unicode.Scalar(value), let plain = Unicode.Scalar(value - fullWidthOffset) else {
                continue
            }
            table[wide] = plain == "`" ? "'" : String(plain)
        }
        return table
    }()

    /// Full-width forms of ASCII's visible characters, U+FF01 to U+FF5E.
    private static let fullWidth: ClosedRange<Unicode.Scalar> = "\u{FF01}"..."\u{FF5E}"
    private static let fullWidthOffset: UInt32 = 0xFEE0

    private static let groups: [(characters: String, lookAlike: String)] =
        quotes + dashes + spaces + dotsAndMarks + ligatures + symbols

    /// Quotation marks, apostrophes, primes, and accents that stand alone.
    private static let quotes: [(String, String)] = [
        ("\u{2018}\u{2019}\u{201A}\u{201B}\u{2032}\u{2035}\u{02B9}\u{02BB}\u{02BC}\u{02BD}\u{02C8}", "'"),
        ("\u{275B}\u{275C}", "'"),
        ("`\u{00B4}\u{02CA}\u{02CB}", "'"),
        ("\u{201C}\u{201D}\u{201E}\u{201F}\u{2033}\u{2036}\u{02BA}\u{02DD}\u{275D}\u{275E}", "\""),
        ("\u{301D}\u{301E}\u{301F}", "\""),
        ("\u{00AB}\u{00BB}\u{300A}\u{300B}", "\""),
        ("\u{2039}\u{2329}\u{27E8}\u{3008}", "<"),
        ("\u{203A}\u{232A}\u{27E9}\u{3009}", ">"),
    ]

    /// Hyphens, dashes, minus signs, and lines.
    private static let dashes: [(String, String)] = [
        ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{2043}\u{02D7}\u{FE58}\u{FE63}\u{2500}", "-"),
        ("\u{2796}", "-"),
        ("\u{02DC}\u{223C}\u{2053}\u{301C}", "~"),
        ("\u{02C6}\u{2038}", "^"),
        ("\u{2017}", "_"),
        ("\u{2044}\u{2215}\u{2571}", "/"),
        ("\u{2223}\u{2758}\u{00A6}\u{2502}", "|"),
    ]

    /// Spaces of other widths, line breaks of other kinds, and what is not seen at all.
    private static let spaces: [(String, String)] = [
        ("\u{0009}\u{00A0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}", " "),
        ("\u{2009}\u{200A}\u{202F}\u{205F}\u{3000}", " "),
        ("\u{000B}\u{0085}\u{2028}\u{2029}", "\n"),
        ("\u{00AD}\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{2060}\u{FEFF}\u{FE0E}\u{FE0F}", ""),
        ("\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}", ""),
    ]

    /// Ellipses, bullets, and punctuation.
    private static let dotsAndMarks: [(String, String)] = [
        ("\u{2026}\u{22EF}", "..."),
        ("\u{2025}", ".."),
        ("\u{2024}\u{00B7}\u{2027}\u{22C5}\u{3002}", "."),
        ("\u{2022}\u{2219}\u{25CF}\u{25AA}\u{25A0}\u{2217}\u{204E}\u{2605}", "*"),
        ("\u{25E6}\u{25CB}", "o"),
        ("\u{2023}\u{25B8}\u{25B6}\u{25BA}", ">"),
        ("\u{FE10}\u{3001}", ","),
        ("\u{2236}\u{A789}", ":"),
        ("\u{203C}", "!!"),
        ("\u{2047}", "??"),
        ("\u{2048}", "?!"),
        ("\u{2049}", "!?"),
    ]

    /// Letters that are written together.
    private static let ligatures: [(String, String)] = [
        ("\u{FB00}", "ff"), ("\u{FB01}", "fi"), ("\u{FB02}", "fl"), ("\u{FB03}", "ffi"), ("\u{FB04}", "ffl"),
        ("\u{FB05}\u{FB06}", "st"),
        ("\u{0153}", "oe"), ("\u{0152}", "OE"), ("\u{0133}", "ij"), ("\u{0132}", "IJ"),
    ]

    /// Signs with a customary spelling.
    private static let symbols: [(String, String)] = [
        ("\u{2122}", "(TM)"), ("\u{00A9}", "(C)"), ("\u{00AE}", "(R)"), ("\u{2116}", "No."),
        ("\u{00D7}\u{2715}", "x"),
        ("\u{2264}", "<="), ("\u{2265}", ">="),
        ("\u{2192}", "->"), ("\u{2190}", "<-"), ("\u{2194}", "<->"),
    ]
}
