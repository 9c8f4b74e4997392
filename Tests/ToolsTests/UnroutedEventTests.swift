import App
import Contracts
import Testing

@testable import Tools

@Suite("Events that no queue was bound for")
struct UnroutedEventTests {
    private func event(
        _ key: String = "delivered.14155550199",
        exchange: String = "sms.status",
        id: String? = "uuid/delivered",
        headers: [String: BrokerMessage.HeaderValue] = [:],
        bodySize: Int? = nil
    ) -> UnroutedEvents.Event {
        let properties = BrokerMessage.Properties(
            messageID: id,
            type: "sms.status.delivered",
            timestamp: 1_700_000_000,
            headers: headers
        )
        let message = BrokerMessage(exchange: exchange, routingKey: key, properties: properties, body: Array("{}".utf8))
        return UnroutedEvents.Event(DeadLetters.Letter(message, bodySize: bodySize))
    }

    @Test("are listed by id, type, time, exchange and routing key, without their body")
    func listing() throws {
        let json = String(decoding: try JSONBytes.encode(event().listing), as: UTF8.self)
        #expect(
            json == """
                {"body_bytes":2,"exchange":"sms.status","id":"uuid/delivered",\
                "routing_key":"delivered.14155550199","time":"2023-11-14T22:13:20.000Z","type":"sms.status.delivered"}
                """
        )
        #expect(event(id: nil).id.hasPrefix("@"))
    }

    @Test("are published again as they were, without what the broker has added on the way")
    func republished() {
        let headers: [String: BrokerMessage.HeaderValue] = [
            "traceparent": .string("00-a-b-01"), "x-delivery-count": .integer(3), "CC": .array([]),
            "x-first-death-queue": .string("q"),
        ]
        let copy = event(headers: headers).republished
        #expect(copy.exchange == "sms.status")
        #expect(copy.routingKey == "delivered.14155550199")
        #expect(copy.properties.messageID == "uuid/delivered")
        #expect(copy.properties.headers == ["traceparent": .string("00-a-b-01")])
    }

    @Test("stay where they did not come from an exchange of events, or are too large to be read")
    func refusals() {
        let names = BrokerNames()
        for exchange in ["sms.outbound", "sms.status", "sms.inbound"] {
            #expect(event(exchange: exchange).refusal(names) == nil)
        }
        for exchange in ["", "sms.commands", "other.status"] {
            #expect(event(exchange: exchange).refusal(names)?.contains("'\(exchange)'") == true)
        }
        #expect(event(bodySize: 5_000_000).refusal(names) != nil)
        #expect(event(exchange: "mine.status").refusal(BrokerNames(prefix: "mine")) == nil)
    }

    @Test(
        "are chosen by routing key as a topic exchange would",
        arguments: [
            ("delivered.*", "delivered.14155550199", true), ("delivered.*", "delivered", false),
            ("delivered.*", "delivered.a.b", false), ("#", "", true), ("#", "a.b.c", true),
            ("campaign.#", "campaign.started", true), ("campaign.#", "campaign", true), ("*.14155550199", "x.1", false),
            ("#.completed", "campaign.completed", true), ("a.#.z", "a.z", true), ("a.#.z", "a.b.c.z", true),
            ("a.#.z", "a.b.c", false), ("accepted", "accepted", true), ("accepted", "accepted.x", false),
        ]
    )
    func patterns(pattern: String, key: String, fits: Bool) {
        #expect(RoutingKeyPattern(pattern).fits(key) == fits)
    }

    @Test("are chosen by id, and ids that no event has are named")
    func ids() {
        var selection = UnroutedEvents.Selection.ids(["uuid/delivered", "unknown"])
        let (isTaken, isOtherTaken) = (selection.takes(event()), selection.takes(event(id: "another")))
        #expect(isTaken)
        #expect(!isOtherTaken)
        #expect(selection.unknownIDs == ["unknown"])
        var keyed = UnroutedEvents.Selection.key(RoutingKeyPattern("delivered.#"))
        let (isOfKey, isOtherOfKey) = (keyed.takes(event()), keyed.takes(event("accepted")))
        #expect(isOfKey)
        #expect(!isOtherOfKey)
        #expect(keyed.unknownIDs.isEmpty)
    }
}
