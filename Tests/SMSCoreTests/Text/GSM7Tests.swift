import SMSCore
import Testing

@Suite("The alphabet of GSM 03.38")
struct GSM7Tests {
    @Test("has 127 characters of one septet, and nine and a page break of two")
    func sizes() {
        #expect(GSM7.alphabet.unicodeScalars.count == 127)
        #expect(Set(GSM7.alphabet.unicodeScalars).count == 127)
        #expect(GSM7.extensionTable.unicodeScalars.count == 10)
        #expect(Set(GSM7.alphabet.unicodeScalars).isDisjoint(with: GSM7.extensionTable.unicodeScalars))
        #expect(GSM7.alphabet.unicodeScalars.allSatisfy { GSM7.septets(of: $0) == 1 })
        #expect(GSM7.extensionTable.unicodeScalars.allSatisfy { GSM7.septets(of: $0) == 2 })
    }

    @Test("has exactly those characters and no others")
    func complement() {
        let scalars = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
        #expect(scalars.count { GSM7.septets(of: $0) == 1 } == 127)
        #expect(scalars.count { GSM7.septets(of: $0) == 2 } == 10)
    }

    @Test(
        "lacks what is often thought to be in it",
        arguments: ["`", "\t", "ç", "á", "í", "ó", "ú", "Á", "Α", "ω", "°", "·", "\u{1B}", "\u{0}", "е", "’", "–", "🙂"]
    )
    func absent(text: String) {
        #expect(!GSM7.encodes(text))
        #expect(!GSM7.encodes("ok \(text) ok"))
    }

    @Test("encodes a text of such characters, also an empty one", arguments: ["", "a", "Grüße, 5 €", "[x] ~ {y}\r\n"])
    func encodes(text: String) {
        #expect(GSM7.encodes(text))
    }
}
