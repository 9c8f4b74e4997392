import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("Events of commands and campaigns")
struct OutboundEventsTests {
    private let events = OutboundEvents(names: BrokerNames(prefix: "mine"))

    private func settlement(_ outcome: Outcome) -> Settlement {
        Settlement(outcome: outcome, messageUUID: "u", error: nil, at: Samples.moment)
    }

    @Test("of the same outcome the event always has the same id; of a replay another")
    func ids() {
        var record = Samples.record("a-1")
        #expect(events.outcome(settlement(.accepted), of: record).id == "a-1/accepted")
        #expect(events.outcome(settlement(.invalid), of: record).id == "a-1/invalid/\(record.bodyDigest.prefix(8))")
        record.replay = 2
        #expect(events.outcome(settlement(.accepted), of: record).id == "a-1/accepted/2")
    }

    @Test("the event has what the record knows; only a reply says that the id was reused")
    func content() {
        let record = Samples.full("a-1", state: .pending)
        let event = events.outcome(settlement(.accepted), of: record)
        #expect(event.type == "sms.outbound.accepted")
        #expect(event.subject == "a-1")
        #expect(event.data.clientRef == record.facts.clientRef)
        #expect(event.data.campaignID == "spring")
        #expect(event.data.attempts == 3)
        #expect(event.data.messageUUID == "u")
        #expect(event.data.idReused == nil)
        #expect(events.outcome(settlement(.accepted), of: record, isReused: true).data.idReused == true)
    }

    @Test("the message goes to the outbound exchange by outcome, with the command's correlation and trace")
    func message() throws {
        let full = Samples.full("a-1", state: .pending)
        let event = events.outcome(settlement(.rejected), of: full)
        let message = try events.message(event, .rejected, of: full, now: Samples.moment)
        #expect(message.exchange == "mine.outbound" && message.routingKey == "rejected")
        #expect(message.properties.correlationID == "corr-1")
        #expect(message.properties.headers["traceparent"]?.text == full.facts.traceparent)
        let bare = Samples.record("a-2")
        #expect(try events.message(event, .rejected, of: bare, now: Samples.moment).properties.correlationID == "a-2")
    }
}
