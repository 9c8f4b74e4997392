import SMSCore
import Testing

@Suite("Segments of a text")
struct SegmentCounterTests {
    /// A text, and what it takes.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let segments: Int
        let units: Int
        let remaining: Int

        init(_ name: String, _ text: String, _ segments: Int, units: Int, remaining: Int) {
            self.name = name
            self.text = text
            self.segments = segments
            self.units = units
            self.remaining = remaining
        }

        var testDescription: String { name }
    }

    private static func a(_ count: Int) -> String { String(repeating: "a", count: count) }
    private static func я(_ count: Int) -> String { String(repeating: "я", count: count) }

    private static let septets: [Case] = [
        Case("nothing", "", 1, units: 0, remaining: 160),
        Case("one", "a", 1, units: 1, remaining: 159),
        Case("159", a(159), 1, units: 159, remaining: 1),
        Case("160: the last that fits one", a(160), 1, units: 160, remaining: 0),
        Case("161: two parts of 153", a(161), 2, units: 161, remaining: 145),
        Case("306: two full parts", a(306), 2, units: 306, remaining: 0),
        Case("307", a(307), 3, units: 307, remaining: 152),
        Case("459: three full parts", a(459), 3, units: 459, remaining: 0),
        Case("460", a(460), 4, units: 460, remaining: 152),
        Case("80 escape pairs fill one", String(repeating: "€", count: 80), 1, units: 160, remaining: 0),
        Case("an escape pair that ends at 160", a(158) + "€", 1, units: 160, remaining: 0),
        Case("an escape pair past 160", a(159) + "€", 2, units: 161, remaining: 145),
        Case("an escape pair that ends a part", a(151) + "€" + a(100), 2, units: 253, remaining: 53),
        Case("an escape pair at a part's edge moves on", a(152) + "€" + a(100), 2, units: 254, remaining: 51),
        Case("a full second part that the moved pair overfills", a(152) + "€" + a(152), 3, units: 306, remaining: 152),
        Case("the same without a moved pair", a(151) + "€" + a(153), 2, units: 306, remaining: 0),
        Case("only escape pairs: 76 a part", String(repeating: "€", count: 152), 2, units: 304, remaining: 1),
        Case("one pair more", String(repeating: "€", count: 153), 3, units: 306, remaining: 151),
    ]

    private static let utf16: [Case] = [
        Case("nothing", "", 1, units: 0, remaining: 70),
        Case("70: the last that fits one", я(70), 1, units: 70, remaining: 0),
        Case("71: two parts of 67", я(71), 2, units: 71, remaining: 63),
        Case("134: two full parts", я(134), 2, units: 134, remaining: 0),
        Case("135", я(135), 3, units: 135, remaining: 66),
        Case("35 surrogate pairs fill one", String(repeating: "🙂", count: 35), 1, units: 70, remaining: 0),
        Case("a surrogate pair past 70", я(69) + "🙂", 2, units: 71, remaining: 63),
        Case("a surrogate pair that ends a part", я(65) + "🙂" + я(10), 2, units: 77, remaining: 57),
        Case("a surrogate pair at a part's edge moves on", я(66) + "🙂" + я(10), 2, units: 78, remaining: 55),
        Case("a full second part that the moved pair overfills", я(66) + "🙂" + я(66), 3, units: 134, remaining: 66),
        Case("the same without a moved pair", я(65) + "🙂" + я(67), 2, units: 134, remaining: 0),
        Case("only surrogate pairs: 33 a part", String(repeating: "🙂", count: 66), 2, units: 132, remaining: 1),
        Case("a family with joiners is 11 units", "👨‍👩‍👧‍👦", 1, units: 11, remaining: 59),
        Case("a family may be split between its scalars", я(65) + "👨‍👩‍👧‍👦", 2, units: 76, remaining: 58),
        Case("a flag is two surrogate pairs", "🇺🇸", 1, units: 4, remaining: 66),
        Case("a letter with a combining accent is two", "e\u{301}", 1, units: 2, remaining: 68),
        Case("a letter that GSM-7 has is one", "é", 1, units: 1, remaining: 69),
    ]

    @Test("in GSM-7 hold 160 septets, or 153 each", arguments: septets)
    func gsm7(example: Case) {
        let counter = SegmentCounter(example.text, encoding: .gsm7)
        #expect(counter.segments == example.segments)
        #expect(counter.units == example.units)
        #expect(counter.remaining == example.remaining)
    }

    @Test("in UCS-2 hold 70 units, or 67 each", arguments: utf16)
    func ucs2(example: Case) {
        let counter = SegmentCounter(example.text, encoding: .ucs2)
        #expect(counter.segments == example.segments)
        #expect(counter.units == example.units)
        #expect(counter.remaining == example.remaining)
        #expect(counter.units == example.text.utf16.count)
    }

    @Test("take as many more units of one as remain, and no more", arguments: septets)
    func remainingIsTrue(example: Case) {
        let counter = SegmentCounter(example.text + Self.a(example.remaining), encoding: .gsm7)
        #expect(counter.segments == example.segments)
        #expect(counter.remaining == 0)
        #expect(
            SegmentCounter(example.text + Self.a(example.remaining + 1), encoding: .gsm7).segments > example.segments
        )
    }
}
