import Contracts
import SMSCore
import Testing

@Suite("The plan for a text")
struct TextPlanTests {
    private static func plan(
        _ text: String,
        _ requested: RequestedEncoding = .auto,
        smart: Bool = false
    ) throws -> TextPlan {
        try TextPlan.plan(text, requested: requested, smart: smart).get()
    }

    @Test("takes GSM-7 where it can, else UCS-2")
    func auto() throws {
        let plain = try Self.plan("Grüße, 5 €")
        #expect(plain.encoding == .gsm7)
        #expect(plain.units == 11)
        #expect(plain.segments == 1)
        let emoji = try Self.plan("ok 🙂")
        #expect(emoji.encoding == .ucs2)
        #expect(emoji.units == 5)
        #expect(emoji.text == "ok 🙂")
        #expect(emoji.replaced == [])
    }

    @Test("takes UCS-2 when that is asked for, and changes nothing", arguments: [true, false])
    func unicode(smart: Bool) throws {
        let text = String(repeating: "’", count: 71)
        let plan = try Self.plan(text, .unicode, smart: smart)
        #expect(plan.encoding == .ucs2)
        #expect(plan.segments == 2)
        #expect(plan.text == text)
        #expect(try Self.plan("ok", .unicode, smart: smart).encoding == .ucs2)
    }

    @Test("of a text that must be GSM-7 and is not names every offending character and its place")
    func offending() {
        let outcome = TextPlan.plan("a’b🙂\r\n👨‍👩‍👧’", requested: .text, smart: false)
        #expect(
            outcome
                == .failure(
                    UnencodableText(offending: [
                        OffendingCharacter(char: "’", offset: 1),
                        OffendingCharacter(char: "🙂", offset: 3),
                        OffendingCharacter(char: "👨‍👩‍👧", offset: 6),
                        OffendingCharacter(char: "’", offset: 11),
                    ])
                )
        )
        #expect(TextPlan.plan("plain", requested: .text, smart: false) != outcome)
    }

    @Test("of a text that must be GSM-7 takes look-alikes; what has none is offending, at its place in the original")
    func smartText() throws {
        let plan = try Self.plan("it’s", .text, smart: true)
        #expect(plan.text == "it's")
        #expect(plan.encoding == .gsm7)
        #expect(plan.replaced == [Replacement(char: "’", by: "'", count: 1)])
        #expect(
            TextPlan.plan("…🙂’", requested: .text, smart: true)
                == .failure(UnencodableText(offending: [OffendingCharacter(char: "🙂", offset: 1)]))
        )
        // Nothing would be left of it.
        #expect(
            TextPlan.plan("\u{200B}", requested: .text, smart: true)
                == .failure(UnencodableText(offending: [OffendingCharacter(char: "\u{200B}", offset: 0)]))
        )
    }

    @Test("takes look-alikes only where that saves segments")
    func smartSaves() throws {
        let short = String(repeating: "a", count: 69) + "’"
        #expect(try Self.plan(short, smart: true) == Self.plan(short, smart: false))
        let long = short + "a"
        #expect(try Self.plan(long, smart: false).segments == 2)
        let smart = try Self.plan(long, smart: true)
        #expect(smart.segments == 1)
        #expect(smart.encoding == .gsm7)
        #expect(smart.units == 71)
        #expect(smart.replaced == [Replacement(char: "’", by: "'", count: 1)])
        // Without the wish for it the text stays.
        #expect(try Self.plan(long, smart: false).text == long)
        // 67 ellipses of one unit each would become 201 septets.
        let dots = String(repeating: "…", count: 70)
        #expect(try Self.plan(dots, smart: true).text == dots)
    }

    @Test("leaves a text alone that look-alikes do not bring to GSM-7")
    func smartHopeless() throws {
        let text = String(repeating: "’", count: 100) + "🙂"
        #expect(try Self.plan(text, smart: true) == Self.plan(text, smart: false))
    }

    @Test("is the same as an inspection says, and an inspection names what keeps a text from GSM-7")
    func inspection() throws {
        let inspection = TextInspection.of("ok 🙂’")
        #expect(inspection.encoding == .ucs2)
        #expect(inspection.segments == 1)
        #expect(inspection.units == 6)
        #expect(inspection.remaining == 64)
        #expect(
            inspection.offending == [
                OffendingCharacter(char: "🙂", offset: 3), OffendingCharacter(char: "’", offset: 4),
            ]
        )
        let plain = TextInspection.of(String(repeating: "x", count: 161))
        #expect(plain.encoding == .gsm7)
        #expect(plain.segments == 2)
        #expect(plain.remaining == 145)
        #expect(plain.offending == [])
        #expect(TextInspection.of("").segments == 1)
    }
}
