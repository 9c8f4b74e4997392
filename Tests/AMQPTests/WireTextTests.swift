import Testing

@testable import AMQP

@Suite("Text on the wire")
struct WireTextTests {
    @Test("Ordinary text is what it is", arguments: ["", "sms.send", "grüße", "日本", "👍🏽", "\u{10FDFF}\u{0}"])
    func ordinary(text: String) {
        #expect(WireText.text(of: Array(text.utf8)) == text)
        #expect(WireText.bytes(of: text) == Array(text.utf8))
        #expect(WireText.count(of: text) == text.utf8.count)
        #expect(!WireText.holdsEscapes(text))
    }

    @Test(
        "Bytes that are not UTF-8 come back as they were, and count as they were",
        arguments: [
            [0xFF], [0x80], [0x61, 0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x82, 0x61], [0xF0, 0x9F, 0x91],
            [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3, 0xA9, 0xFF, 0xC3, 0xA9],
            // Valid, but of the range that the escapes use.
            [0xF4, 0x8F, 0xBA, 0x80], [0xF4, 0x8F, 0xBB, 0xBF], [0xF4, 0x8F, 0xBA, 0x80, 0xFF],
        ] as [[UInt8]]
    )
    func invalid(bytes: [UInt8]) {
        let text = WireText.text(of: bytes)
        #expect(WireText.bytes(of: text) == bytes)
        #expect(WireText.count(of: text) == bytes.count)
        #expect(WireText.holdsEscapes(text))
    }

    @Test("Different bytes are different texts")
    func injective() {
        let pairs = (0...UInt8.max).flatMap { first in (0...UInt8.max).map { [first, $0] } }
        #expect(pairs.allSatisfy { WireText.bytes(of: WireText.text(of: $0)) == $0 })
        #expect(WireText.text(of: [0xFF]).unicodeScalars.map(\.value) == [0x10_FEFF])
    }

    @Test("Whatever came can be written again", arguments: 0..<20 as Range<UInt64>)
    func anything(seed: UInt64) {
        var state = seed
        for _ in 0..<500 {
            let bytes = (0..<12).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                // Mostly bytes that begin or go on with something.
                let byte = UInt8(truncatingIfNeeded: state >> 56)
                return state >> 40 & 1 == 0 ? byte | 0x80 : byte
            }
            #expect(WireText.bytes(of: WireText.text(of: bytes)) == bytes)
        }
    }
}
