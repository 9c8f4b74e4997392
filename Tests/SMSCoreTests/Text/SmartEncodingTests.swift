import Contracts
import SMSCore
import Testing

@Suite("Look-alikes for typographic characters")
struct SmartEncodingTests {
    private static let entries = LookAlikes.table.sorted { $0.key < $1.key }

    @Test("each stand for a character that GSM-7 lacks, by characters that it has")
    func table() {
        #expect(Self.entries.count > 250)
        for (scalar, lookAlike) in Self.entries {
            let code = String(scalar.value, radix: 16)
            #expect(GSM7.septets(of: scalar) == nil, "U+\(code)")
            #expect(GSM7.encodes(lookAlike), "U+\(code)")
            // Alone, in a text, and listed.
            let smart = SmartEncoding(of: "a \(scalar) b \(scalar)")
            #expect(smart.text == "a \(lookAlike) b \(lookAlike)", "U+\(code)")
            #expect(smart.replaced.map(\.count) == [2], "U+\(code)")
            #expect(smart.replaced.map(\.by) == [lookAlike], "U+\(code)")
            #expect(smart.replaced.map { Array($0.char.unicodeScalars) } == [[scalar]], "U+\(code)")
        }
    }

    @Test(
        "read as the original does",
        arguments: [
            ("“Hello” – it’s ‘me’…", "\"Hello\" - it's 'me'..."),
            ("a\u{00A0}b\u{202F}c\u{2003}d\te", "a b c d e"),
            ("• one\u{2028}• two", "* one\n* two"),
            ("ﬁne oﬀer, œuvre", "fine offer, oeuvre"),
            ("«Straße» → 5 €", "\"Straße\" -> 5 €"),
            ("a\u{200B}b\u{FEFF}c\u{00AD}d", "abcd"),
            ("ＯＫ！", "OK!"),
            ("ΚΑΛΗΜΕΡΑ", "KAΛHMEPA"),
            ("`x`", "'x'"),
            ("’\u{FE0F}", "'"),
        ]
    )
    func examples(original: String, expected: String) {
        let smart = SmartEncoding(of: original)
        #expect(smart.text == expected)
        #expect(GSM7.encodes(smart.text))
    }

    @Test("are listed in the order of first appearance, with their number")
    func replacements() {
        let smart = SmartEncoding(of: "– ’ – … ’ –")
        #expect(
            smart.replaced == [
                Replacement(char: "–", by: "-", count: 3),
                Replacement(char: "’", by: "'", count: 2),
                Replacement(char: "…", by: "...", count: 1),
            ]
        )
    }

    @Test("of a letter written with a combining accent is the letter, where GSM-7 has it")
    func decomposed() {
        let smart = SmartEncoding(of: "cafe\u{301} \u{212B} \u{2126}")
        #expect(Array(smart.text.unicodeScalars) == Array("café Å Ω".unicodeScalars))
        #expect(smart.replaced.map(\.by) == ["é", "Å", "Ω"])
        #expect(Array(SmartEncoding(of: "a\u{301}").text.unicodeScalars) == Array("a\u{301}".unicodeScalars))
    }

    @Test("leave alone what they do not know, and what GSM-7 has")
    func untouched() {
        for text in ["", "Grüße, 5 €", "привет", "½ ² °", "👨‍👩‍👧‍👦", "1️⃣", "❤️"] {
            let smart = SmartEncoding(of: text)
            #expect(Array(smart.text.unicodeScalars) == Array(text.unicodeScalars))
            #expect(smart.replaced == [])
        }
    }
}
