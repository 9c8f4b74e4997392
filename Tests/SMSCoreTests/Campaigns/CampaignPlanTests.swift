import Contracts
import SMSCore
import Testing

@Suite("What a campaign makes of a recipient")
struct CampaignPlanTests {
    private func plan(_ text: String, maxSegments: Int? = nil, smart: Bool = false) -> CampaignPlan {
        var terms = CampaignTerms()
        terms.text = text
        terms.maxSegments = maxSegments
        terms.smartEncoding = smart
        return CampaignPlan(terms)
    }

    @Test("a number is normalised, and only the values that the text needs are kept")
    func entry() {
        let recipient = CampaignCommand.Recipient(
            to: "+1 (415) 555-0100",
            fields: ["name": .string("Ada"), "x": .null]
        )
        let entry = plan("Hi {{name}}").entry(of: recipient)
        #expect(entry == CampaignEntry(key: "14155550100", values: ["name": "Ada"]))
        #expect(plan("Hi").entry(of: recipient) == CampaignEntry(key: "14155550100", values: nil))
    }

    @Test("a bad number is invalid by itself, with what was written")
    func badNumber() {
        let entry = plan("Hi").entry(of: CampaignCommand.Recipient(to: "call me"))
        #expect(entry.key == "!call me")
        #expect(entry.error?.code == .invalid)
        #expect(entry.error?.problems?.map(\.field) == ["to"])
    }

    @Test("a text that is too long, or empty, with a recipient's values is invalid by itself")
    func badText() {
        func error(_ plan: CampaignPlan, _ name: String) -> String? {
            plan.entry(of: CampaignCommand.Recipient(to: "14155550100", fields: ["name": .string(name)])).error?.detail
        }
        let long = String(repeating: "x", count: 160)
        #expect(error(plan("{{name}}", maxSegments: 1), long) == nil)
        #expect(error(plan("{{name}}", maxSegments: 1), long + "x") == "text: takes 2 segments; max_segments is 1")
        #expect(error(plan("{{name}}", maxSegments: 1), long.dropLast() + "’") != nil)
        #expect(error(plan("{{name}}", maxSegments: 1, smart: true), long.dropLast() + "’") == nil)
        #expect(error(plan("{{name}}"), "") != nil)
        #expect(error(plan("{{name}}"), String(repeating: "x", count: 3_201)) != nil)
    }

    @Test("its command is one that can be read, with the campaign's terms")
    func command() throws {
        var terms = CampaignTerms()
        terms.text = "Hi {{name}}"
        terms.from = "+14155550199"
        terms.maxSegments = 2
        terms.metadata = ["a": "b"]
        let now = Timestamp(milliseconds: 1_795_579_200_000)
        terms.expiresAt = now
        let body = try CampaignPlan(terms).body(
            campaign: #require(CommandID("c")),
            to: #require(PhoneNumber("14155550100")),
            values: ["name": "Ada"]
        )
        let reading = try SendCommand.read(body, now: now)
        #expect(reading.problems == [])
        #expect(reading.command.to?.digits == "14155550100")
        #expect(reading.command.text == "Hi Ada")
        #expect(reading.command.from == Sender("14155550199"))
        #expect(reading.command.maxSegments == 2)
        #expect(reading.command.metadata == ["a": "b"])
        #expect(reading.command.expiresAt == now)
        #expect(reading.command.campaignID == "c")
    }

    @Test("the counts of an event add up")
    func counts() throws {
        var record = CampaignRecord(
            id: try #require(CommandID("c")),
            terms: CampaignTerms(),
            parts: 1,
            now: Timestamp(milliseconds: 0)
        )
        for (index, state) in RecipientState.allCases.enumerated() { record.counts[state] = index + 1 }
        record.counts.duplicates = 5
        let event = record.event
        let outcomes = [
            event.accepted, event.rejected, event.failed, event.suppressed, event.expired, event.invalid,
            event.cancelled, event.uncertain, event.pending,
        ]
        #expect(outcomes.reduce(0, +) == event.recipients)
        #expect(event.recipients == 66)
        #expect(event.duplicates == 5)
    }
}
