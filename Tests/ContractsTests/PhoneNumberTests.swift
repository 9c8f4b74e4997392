import Testing

@testable import Contracts

@Suite("A phone number")
struct PhoneNumberTests {
    @Test(
        "is read as people write it",
        arguments: [
            ("+14155550100", "14155550100"), ("14155550100", "14155550100"), ("+1 (415) 555-0100", "14155550100"),
            (" +44 7700 900000", "447700900000"), ("(+44) 7700 900123", "447700900123"),
            ("+(44)7700900123", "447700900123"), ("1.415.555.0121", "14155550121"),
            // As registrars of domains write it (EPP, RFC 5733).
            ("+1.4155550121", "14155550121"), ("1.4155550121", "14155550121"),
            ("14155550121.", "14155550121"), ("+1\t415\t555\n0231", "14155550231"),
            ("+1[415]{555}0231", "14155550231"),
            // The shortest of Saint Helena, the longest of E.164.
            ("+2901234", "2901234"), ("491511234567890", "491511234567890"), ("+800 1234 5678", "80012345678"),
            ("+86 139 1234 5678", "8613912345678"), ("+225 07 12 34 56 78", "2250712345678"),
        ] as [(String, String)]
    )
    func reads(written: String, digits: String) {
        #expect(PhoneNumberReader.read(written).map(\.digits) == .success(digits))
        #expect(PhoneNumber(written)?.e164 == "+" + digits)
    }

    @Test(
        "loses the trunk zero in brackets, and keeps one that belongs to it",
        arguments: [
            ("+44 (0)7700 900123", "447700900123"), ("+44(0)7700900123", "447700900123"),
            ("+44 ( 0 ) 7700 900123", "447700900123"), ("+44 [0] 7700 900123", "447700900123"),
            ("44 (0) 7700 900124", "447700900124"), ("\u{FF0B}44 \u{FF08}0\u{FF09}7700 900123", "447700900123"),
            ("+44 (\u{200B}0\u{200B})7700 900123", "447700900123"), ("+44 (0)20 7946 0018", "442079460018"),
            ("+49 (0)30 123456", "4930123456"), ("+49 (0)1511 2345678", "4915112345678"),
            ("+49(0)151-12345678", "4915112345678"), ("+33 (0)6 12 34 56 78", "33612345678"),
            ("+33 (0)1 99 00 12 34", "33199001234"), ("+31 (0)6 12345678", "31612345678"),
            ("+41 (0)79 123 45 67", "41791234567"), ("+43 (0)664 1234567", "436641234567"),
            ("+61 (0)412 345 678", "61412345678"), ("+1 (0) 415 555 0100", "14155550100"),
            // Luxembourg has no trunk zero, and yet people write one.
            ("+352 (0)621123456", "352621123456"),
            // Rome's zero is dialled from abroad, in brackets or not.
            ("+39 (0)6 12345678", "390612345678"), ("+39 06 12345678", "390612345678"),
            ("+39 (0)2 1234567", "39021234567"),
            // Without brackets the library knows it for what it is.
            ("+44 07911 123456", "447911123456"), ("+44 (07700) 900123", "447700900123"),
            ("+44 07700 900123", "447700900123"),
        ] as [(String, String)]
    )
    func trunkZero(written: String, digits: String) {
        #expect(PhoneNumberReader.read(written).map(\.digits) == .success(digits))
    }

    @Test(
        "may have spaces, dashes, brackets and digits of any script, and invisible characters",
        arguments: [
            ("+1\u{A0}415\u{A0}555\u{A0}0231", "14155550231"), ("+1\u{2009}415\u{2009}555\u{2009}0231", "14155550231"),
            ("+1\u{202F}415\u{202F}555\u{202F}0231", "14155550231"),
            ("+1\u{3000}415\u{3000}555\u{3000}0231", "14155550231"), ("+1\u{2028}4155550231", "14155550231"),
            ("1\u{2010}415\u{2011}555\u{2012}0233", "14155550233"),
            ("1\u{2013}415\u{2014}555\u{2015}0233", "14155550233"), ("1\u{2212}415\u{2212}5550233", "14155550233"),
            ("1\u{FF0D}415\u{FE63}555\u{FE58}0233", "14155550233"),
            ("+44\u{3000}7700\u{3000}900\u{30FC}123", "447700900123"),
            ("1\u{FF0E}415\u{30FB}555\u{B7}0233", "14155550233"),
            (
                "\u{FF0B}\u{FF11}\u{FF14}\u{FF11}\u{FF15}\u{FF15}\u{FF15}\u{FF15}\u{FF10}\u{FF11}\u{FF10}\u{FF10}",
                "14155550100"
            ),
            ("+\u{661}\u{664}\u{661}\u{665}\u{665}\u{665}\u{665}\u{660}\u{661}\u{660}\u{660}", "14155550100"),
            ("+\u{967}\u{96A}\u{967}\u{96B}\u{96B}\u{96B}\u{96B}\u{966}\u{967}\u{966}\u{966}", "14155550100"),
            ("\u{1D7CF}4155550100", "14155550100"), ("\u{200E}14155550238", "14155550238"),
            ("\u{200F}+14155550238", "14155550238"), ("+1415\u{200D}555\u{200B}0238", "14155550238"),
            ("\u{FEFF}+14155550238", "14155550238"), ("+1415\u{AD}555\u{AD}0238", "14155550238"),
            ("\u{202A}+14155550238\u{202C}", "14155550238"), ("\u{2066}+14155550238\u{2069}", "14155550238"),
            ("+14155550238\u{0}", "14155550238"), ("+1415\u{2060}5550238\u{FE0F}", "14155550238"),
        ] as [(String, String)]
    )
    func scripts(written: String, digits: String) {
        #expect(PhoneNumberReader.read(written).map(\.digits) == .success(digits))
    }

    @Test(
        "is none when it is a decimal fraction, as a spreadsheet writes it",
        arguments: [
            ("14155550121.0", ".0"), ("+14155550121.0", ".0"), ("14155550121.00", ".00"),
            ("14155550121.000000", ".000000"), ("14155550121.5", ".5"), ("14155550121.25", ".25"),
            (" 14155550121.0 ", ".0"), ("+1 415 555 0121.0", ".0"), ("+1 415 555 0121.00", ".00"),
            ("14155550121\u{B7}0", ".0"), ("14155550121\u{FF0E}0", ".0"), ("4915112345678.0", ".0"),
            ("+49 1511 2345678.5", ".5"), ("+49 30 1234567.12", ".12"),
            ("4915112345678.0.0", ".0"),
            ("+49 1511 2345678.0", ".0"), ("\u{200E}4915112345678.0", ".0"), ("4915112345678\u{200B}.0", ".0"),
            ("(4915112345678).0", ".0"), ("123.456", ".456"),
        ] as [(String, String)]
    )
    func fractions(written: String, fraction: String) throws {
        let problem = try #require(refusal(of: written))
        #expect(problem.contains("decimal fraction") && problem.contains("(\(fraction) at its end)"), "\(problem)")
    }

    @Test(
        "is none in the other forms of a decimal",
        arguments: [
            "14155550121,0", "1.4155550121E10", "1.4155550121e+10", "1,4155550121E+10", "14155550121.0x", "1e10",
        ]
    )
    func otherDecimals(written: String) throws {
        _ = try #require(refusal(of: written))
    }

    @Test(
        "is none with something else in it, and the problem has the character and its place",
        arguments: [
            ("1415555O100", "U+004F at 7"), ("1-800-FLOWERS", "U+0046 at 6"), ("tel:14155550100", "U+0074 at 0"),
            ("none", "U+006E at 0"), ("+14155550100x5", "U+0078 at 12"), ("+14155550100 ext. 5", "U+0065 at 13"),
            ("+14155550100 доб. 5", "U+0434 at 13"), ("+14155550100;ext=5", "U+003B at 12"),
            ("+14155550100#5", "U+0023 at 12"), ("+14155550100,5", "U+002C at 12"),
            ("+14155550100,,5", "U+002C at 12"),
            ("1415/5550100", "U+002F at 4"), ("+44 7700 900123/124", "U+002F at 15"),
            ("+14155550100 / +14155550101", "U+002F at 13"), ("14155550100;14155550101", "U+003B at 11"),
            ("'14155550121", "U+0027 at 0"), ("\"14155550121\"", "U+0022 at 0"), ("=14155550121", "U+003D at 0"),
            ("1\u{FE0F}\u{20E3}415", "U+20E3 at 2"), ("+1415555010\u{B2}", "U+00B2 at 11"),
            ("\u{2460}4155550100", "U+2460 at 0"), ("+1415555010\u{2162}", "U+2162 at 11"),
            ("\u{260E} +14155550100", "U+260E at 0"), ("+1415\u{FFFD}5550100", "U+FFFD at 5"),
            ("\u{1F1FA}\u{1F1F8} +14155550100", "U+1F1FA at 0"), ("\u{391}4155550100", "U+0391 at 0"),
        ] as [(String, String)]
    )
    func foreign(written: String, place: String) throws {
        let problem = try #require(refusal(of: written))
        #expect(problem.contains(place), "\(problem)")
    }

    @Test(
        "is none when its length or country is none, and the problem says which",
        arguments: [
            ("", "no digits"), ("+", "no digits"), ("()", "no digits"), (" \u{200B}", "no digits"),
            ("+0123456789", "country code"), ("0123456789", "country code"), ("00441234567", "country code"),
            ("0044 7700 900123", "country code"), ("07700 900123", "country code"),
            ("(0) 44 7700 900123", "country code"),
            ("+999123456789", "country code"), ("+210123456789", "country code"),
            ("1234567", "too short for +1"), ("+1415555010", "too short for +1"), ("5550100", "too short for +55"),
            ("+44123", "too short for +44"), ("+123456789012345", "too long for +1"),
            ("141555501210", "too long for +1"), ("+1-415-555-0341-555", "too long for +1"),
            ("+1 415 555 0341 555", "too long for +1"),
            ("1234567890123456", "too long for +1"), ("+44 7700 9001234", "too long for +44"),
            ("+370 612 345 678", "too long for +370"), ("14155550100 14155550101", "22 digits"),
            ("+4915112345678901", "16 digits"), ("+49 1511 23456789012", "17 digits"), ("+491234", "6 digits"),
            ("+4179123456789", "of a length that no number of +41 has"),
            ("+1 555 0100", "possible only within +1"), ("+15550100", "possible only within +1"),
            ("+4930", "possible only within +49"),
            ("\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}\u{668}", "possible only within +1"),
            ("+14155550100 +14155550101", "a second + at 13"), ("++14155550100", "a second + at 1"),
            ("14155550100+14155550101", "a + behind digits, at 11"), ("1+4155550100", "a + behind digits, at 1"),
            // Written as Argentines and, with a zero that is valid either way, Italians dial at home.
            ("+54 0343 15 555 1212", "dialled within +54"), ("+39 (0)312 3456789", "bracketed 0"),
        ] as [(String, String)]
    )
    func impossible(written: String, words: String) throws {
        let problem = try #require(refusal(of: written))
        #expect(problem.contains(words), "\(problem)")
        #expect(PhoneNumber(written) == nil)
    }

    @Test("is looked at up to 250 bytes")
    func length() throws {
        let blanks = String(repeating: " ", count: 238)
        #expect(PhoneNumber(blanks + "+14155550100")?.digits == "14155550100")
        #expect(try #require(refusal(of: blanks + " +14155550100")).contains("longer than 250 bytes"))
        #expect(refusal(of: String(repeating: "1", count: 100_000)) != nil)
    }

    @Test("is one number in all its spellings, and its problem is a sentence for the field")
    func oneNumber() throws {
        let spellings = [
            "+447700900124", "447700900124", "+44 (0)7700 900124", "+44\u{A0}7700\u{2011}900124",
            "\u{200E}+44 7700 900124",
        ]
        #expect(Set(spellings.map { PhoneNumber($0)?.e164 }) == ["+447700900124"])
        let problem = try #require(refusal(of: "+1 415 555 0341 555"))
        #expect(problem == "is not an international telephone number: too long for +1")
        #expect(FieldReader.phoneNumber(.string("+1 415 555 0341 555")) == .failure(JSONProblem(problem)))
        let number = JSONProblem("must be a string, not a number")
        #expect(FieldReader.phoneNumber(.integer(14_155_550_100)) == .failure(number))
    }

    @Test(
        "is itself when it is read again; one with two trunk zeros is none",
        arguments: [
            "+44 (0)7700 900124", "+52 1 55 1234 5678", "+36 06 30 123 4567", "+7 8 916 123 45 67", "+49 (0)30 123456",
            "+49 00 1511 2345678", "+49 (0)0151 12345678", "+44 (0)(0)7911 123456", "+44 00 7503 95060",
            "+31 00 55458726", "+52 045 1 977 258 7202", "+86 01 134 0766 8997", "+375 8 8 939 599 9836",
        ]
    )
    func stable(written: String) {
        guard let number = PhoneNumber(written) else { return }
        #expect(PhoneNumber(number.e164) == number)
    }

    @Test("is taken over from our own records by its form alone")
    func fromDigits() {
        #expect(PhoneNumber(digits: "14155550100")?.digits == "14155550100")
        #expect(PhoneNumber(digits: "1234567")?.digits == "1234567")
        for bad in ["", "123456", "1234567890123456", "01234567", "+14155550100", "1415 5550100", "\u{661}4155550100"] {
            #expect(PhoneNumber(digits: bad) == nil)
        }
    }

    @Test("shows only its last three digits in a log")
    func masks() {
        #expect(PhoneNumber("+14155550123")?.description == "***123")
    }

    /// What keeps a text from being a number; nil when nothing does.
    private func refusal(of written: String) -> String? {
        guard case .failure(let problem) = PhoneNumberReader.read(written) else { return nil }
        return problem.description
    }
}

@Suite("A sender")
struct SenderTests {
    @Test("is recognised by its form")
    func forms() throws {
        #expect(Sender("+1 415 555 0100") == .number(try #require(PhoneNumber("14155550100"))))
        #expect(Sender("12345") == .shortCode("12345"))
        #expect(Sender("123") == .shortCode("123"))
        #expect(Sender("123456") == .shortCode("123456"))
        #expect(Sender("Vonage") == .alphanumeric("Vonage"))
        #expect(Sender("A2345678901") == .alphanumeric("A2345678901"))
        #expect(Sender("+44 (0)7700 900123")?.wire == "447700900123")
        #expect(Sender("\u{200E}14155550199")?.display == "+14155550199")
    }

    @Test(
        "is refused when it is none of them",
        arguments: [
            "", "12", "A23456789012", "my shop", "Café", "-", "a_b", "1234567", "\u{FF11}\u{FF12}\u{FF13}\u{FF14}",
            "14155550199.0", "1415555019x9", "Vonage\u{200B}",
        ]
    )
    func refuses(written: String) throws {
        #expect(Sender(written) == nil)
        guard case .failure(let problem) = Sender.read(written) else { return }
        #expect(problem.message.hasPrefix("is not a sender: "))
    }

    @Test(
        "makes a routing key word",
        arguments: [("+14155550100", "14155550100"), ("my.shop *#", "my_shop___"), ("A-b_1", "A-b_1")]
    )
    func routingKey(sender: String, word: String) {
        #expect(RoutingKeyWord.of(sender) == word)
    }
}

@Suite("A command id")
struct CommandIDTests {
    @Test("is 1 to 100 printable ASCII characters")
    func limits() {
        #expect(CommandID("a")?.text == "a")
        #expect(CommandID(String(repeating: "x", count: 100)) != nil)
        #expect(CommandID(String(repeating: "x", count: 101)) == nil)
        #expect(CommandID("") == nil)
        #expect(CommandID("tab\there") == nil)
        #expect(CommandID("naïve") == nil)
    }

    @Test("is its own reference up to 40 characters, and a digest of 40 past them")
    func reference() throws {
        let short = try #require(CommandID(String(repeating: "x", count: 40)))
        #expect(short.reference == short.text)
        let long = try #require(CommandID(String(repeating: "x", count: 41)))
        #expect(long.reference.hasPrefix("d:"))
        #expect(long.reference.utf8.count == 40)
        #expect(long.reference != CommandID(String(repeating: "x", count: 42))?.reference)
    }
}
