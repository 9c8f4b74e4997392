extension PhoneNumber {
    /// The country code that the number begins with, as `1`, `44` or `358`: the shortest that no longer one shares.
    ///
    /// Source: ITU-T E.164, list of assigned country codes: zone 1 and 7 have one digit, those below two, the rest three.
    package var callingCode: String {
        if digits.hasPrefix("1") || digits.hasPrefix("7") { return String(digits.prefix(1)) }
        return String(digits.prefix(Self.codesOfTwoDigits.contains(String(digits.prefix(2))) ? 2 : 3))
    }

    private static let codesOfTwoDigits: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ]
}
