import Testing

@testable import Contracts

@Suite("A keyword as it is compared")
struct FoldedTextTests {
    @Test(
        "is the same however a handset writes it",
        arguments: [
            ("STOP", "stop"), ("Stop.", "stop"), (" \"Stop\"! ", "stop"), ("*stop*", "stop"),
            ("\u{201C}stop\u{201D}", "stop"), ("S.T.O.P.", "stop"), ("STOP\u{2026}", "stop"), ("\u{A1}STOP!", "stop"),
            ("<STOP>", "stop"), ("STOP$", "stop"),
            // Invisible characters.
            ("STOP\u{200D}", "stop"), ("\u{200E}STOP", "stop"), ("\u{200F}STOP\u{202C}", "stop"),
            ("ST\u{AD}OP", "stop"), ("STOP\u{0}", "stop"), ("\u{0}S\u{0}T\u{0}OP", "stop"), ("\u{FEFF}STOP", "stop"),
            ("S\u{200B}TOP", "stop"), ("STOP\u{2060}", "stop"), ("STOP\u{1B}", "stop"), ("STOP\u{7F}", "stop"),
            ("STOP\u{FE0F}", "stop"), ("STOP\u{E0020}", "stop"), ("\u{2066}STOP\u{2069}", "stop"),
            ("STOP\u{3164}", "stop"), ("ST\u{34F}OP", "stop"), ("STOP\u{180E}", "stop"),
            // Compatibility forms.
            ("\u{FF33}\u{FF34}\u{FF2F}\u{FF30}", "stop"), ("\u{FF53}\u{FF54}\u{FF4F}\u{FF50}\u{FF0E}", "stop"),
            ("\u{24C8}\u{24E3}\u{24DE}\u{24DF}", "stop"), ("\u{1D412}\u{1D413}\u{1D40E}\u{1D40F}", "stop"),
            ("ST\u{2070}P", "st0p"), ("o\u{FB00}", "off"),
            // Half an emoji, and whole ones.
            ("STOP \u{FFFD}", "stop"), ("STOP\u{FFFD}", "stop"), ("STOP \u{1F620}", "stop"), ("\u{1F6D1}STOP", "stop"),
            ("STOP \u{1F44D}\u{1F3FD}", "stop"), ("STOP \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "stop"),
            ("STOP \u{2764}\u{FE0F}", "stop"), ("STOP \u{1F1E9}\u{1F1EA}", "stop"),
            // White space of any kind and number.
            ("STOP ALL", "stop all"), ("STOP\nALL", "stop all"), ("stop \r\n\t all", "stop all"),
            ("STOP\u{A0}ALL", "stop all"), ("STOP\u{3000}ALL", "stop all"), ("STOP\u{2028}ALL", "stop all"),
            ("STOP\u{85}ALL", "stop all"), ("STOP \u{200B} ALL", "stop all"), ("STOP - ALL", "stop all"),
            ("STOP-ALL", "stopall"), ("\u{FF33}\u{FF34}\u{FF2F}\u{FF30}\u{3000}\u{FF21}\u{FF2C}\u{FF2C}", "stop all"),
            ("  ", ""), ("?!", ""), ("", ""), ("\u{FFFD}", ""), ("\u{200B}\u{0}", ""),
        ] as [(String, String)]
    )
    func folds(text: String, folded: String) {
        #expect(FoldedText.of(text) == folded)
    }

    @Test(
        "is the same in any case",
        arguments: [
            ["arr\u{EA}t", "ARR\u{CA}T", "Arre\u{302}t", "ARRE\u{302}T"],
            ["schlu\u{DF}", "SCHLUSS", "SCHLU\u{1E9E}", "Schluss", "schlu\u{17F}s"],
            // All three sigmas, the last one as it is written at a word's end.
            ["\u{3A4}\u{39F}\u{3A3}", "\u{3C4}\u{3BF}\u{3C2}", "\u{3C4}\u{3BF}\u{3C3}", "\u{3A4}\u{3BF}\u{3C2}"],
            // Turkish has two i's, each with a capital of its own.
            ["iptal", "IPTAL", "\u{130}PTAL", "\u{131}ptal", "Iptal", "\u{130}ptal", "I\u{307}PTAL", "i\u{307}ptal"],
            ["\u{441}\u{442}\u{43E}\u{43F}", "\u{421}\u{422}\u{41E}\u{41F}", "\u{421}\u{442}\u{43E}\u{43F}"],
            ["\u{FB01}n", "FIN", "fin", "\u{FF26}\u{FF29}\u{FF2E}"],
            ["fran\u{E7}ais", "FRAN\u{C7}AIS", "FRANC\u{327}AIS"],
        ]
    )
    func cases(spellings: [String]) {
        #expect(Set(spellings.map { FoldedText.of($0) }).count == 1, "\(spellings.map { FoldedText.of($0) })")
    }

    @Test(
        "is another word when it has other letters",
        arguments: [
            "STOPP", "ST OP", "STOP 1", "STOP1", "nonstop", "\u{421}\u{422}\u{41E}\u{41F}", "STOP STOP", "please stop",
            "st\u{F6}p", "STOP ALL", "\u{53}\u{54}\u{30}\u{50}", "SHTOP", "stop\u{661}", "TOP", "S T O P",
        ]
    )
    func others(text: String) {
        #expect(FoldedText.of(text) != FoldedText.of("STOP"))
    }

    @Test("is at most 200 characters that can be seen, and as many more as are invisible")
    func limit() {
        #expect(FoldedText.of(String(repeating: "x", count: 200)) == String(repeating: "x", count: 200))
        #expect(FoldedText.of(String(repeating: "x", count: 201)) == nil)
        #expect(FoldedText.of("STOP" + String(repeating: "\u{200D}", count: 10_000)) == "stop")
        #expect(FoldedText.of(String(repeating: "STOP ", count: 1_000)) == nil)
    }

    @Test(
        "folded once more is the same",
        arguments: ["Stop.", "\u{130}PTAL", "SCHLU\u{1E9E}", "\u{FF33}\u{FF34}", "a\u{A0}b", "\u{3A4}\u{3BF}\u{3C2}"]
    )
    func stable(text: String) throws {
        let folded = try #require(FoldedText.of(text))
        #expect(FoldedText.of(folded) == folded)
    }
}
