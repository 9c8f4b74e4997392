import Bridge
import Contracts
import Foundation
import SMSCore
import TestSupport
import Testing

@Suite("A campaign", .timeLimit(.minutes(3)))
struct CampaignFlowTests {
    @Test("goes to every number once, and its counts add up")
    func simple() async throws {
        let bench = CampaignBench()
        try await bench.take(Campaigns.body(250))
        #expect(bench.log.all == ["ack"])
        try await bench.finish()
        #expect(await bench.sent() == (0..<250).map(Campaigns.number))
        #expect(bench.kinds == ["started", "completed"])
        let event = try bench.lastEvent()
        #expect(event.id == "campaign/spring/completed")
        #expect(event.subject == "spring")
        #expect(event.data.recipients == 252)
        #expect(event.data.accepted == 250)
        #expect(event.data.invalid == 2)
        #expect(event.data.duplicates == 25)
        #expect(event.data.pending == 0)
        #expect(event.data.state == "completed")
        let outcomes = try bench.outcomes()
        #expect(outcomes["accepted"]?.count == 250)
        #expect(
            outcomes["accepted"]?.contains(CommandID.ofCampaign(Samples.id("spring"), recipient: "14155551000").text)
                == true
        )
        #expect(outcomes["invalid"]?.count == 2)
        #expect(await bench.sender.sent.first?.text == "Hi N0")
        #expect(try await bench.campaign("spring").state == .completed)
        #expect(try await bench.work() == .idle)
    }

    @Test("without an id, whose ack was lost, is a repeat: no recipient gets it twice")
    func lostAck() async throws {
        let bench = CampaignBench()
        let body = #"{"text": "Hi", "recipients": ["+14155550100", "+14155550101"]}"#
        try await bench.flow.handle(bench.delivery(body))
        try await bench.finish()
        try await bench.flow.handle(bench.delivery(body, isRedelivered: true, connection: 2))
        try await bench.finish()
        #expect(await bench.sent() == ["14155550100", "14155550101"])
        #expect(Set(bench.kinds) == ["started", "completed"])
        // Another of the same body is another campaign.
        try await bench.flow.handle(bench.delivery(body, connection: 2))
        try await bench.finish()
        #expect(await bench.sent().count == 4)
    }

    @Test("that breaks a rule is published as invalid, with every problem, and nothing is sent")
    func invalid() async throws {
        let bench = CampaignBench()
        let body = #"{"id": "c", "text": "{{a}} {{b}}", "recipients": ["+14155550100", {"to": "x", "a": "1"}]}"#
        try await bench.take(body, replyTo: "answers")
        try await bench.finish()
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/invalid", "/answers"])
        let event = try #require(try bench.publisher.events().first)
        #expect(event.data.commandID == "c")
        #expect(event.data.error?.problemCount == 3)
        #expect(event.data.error?.problems?.map(\.field) == ["recipients[0]", "recipients[0]", "recipients[1]"])
        #expect(await bench.sent() == [])
        // The same again is published again; another under its id is another campaign.
        try await bench.take(body)
        #expect(bench.publisher.routes.suffix(1) == ["sms.outbound/invalid"])
        #expect(try Set(bench.publisher.events().map(\.id)).count == 1)
        try await bench.take(#"{"id": "c", "text": "hi", "recipients": ["+14155550100"]}"#)
        try await bench.finish()
        #expect(await bench.sent() == ["14155550100"])
        #expect(try bench.lastEvent().data.accepted == 1)
    }

    @Test("without a sender is invalid, and is carried out by a replay once there is one")
    func replay() async throws {
        let body = #"{"text": "hi", "recipients": ["+14155550100"]}"#
        let first = CampaignBench(defaultSender: nil)
        try await first.take(body, id: "c")
        #expect(first.publisher.routes == ["/sms.dead", "sms.outbound/invalid"])
        let second = CampaignBench(after: first)
        try await second.flow.handle(second.delivery(body, id: "c", headers: ["sms-replay": .integer(1)]))
        try await second.finish()
        #expect(await second.sent() == ["14155550100"])
    }

    @Test(
        "that is not an object, or has no valid id, is dead-lettered without an event",
        arguments: [
            ("[]", nil), ("{", nil), (#"{"id": "ü"}"#, nil),
            (#"{"text": "x", "recipients": ["1"], "part": 1, "parts": 2}"#, nil),
        ] as [(String, String?)]
    )
    func unidentified(body: String, id: String?) async throws {
        let bench = CampaignBench()
        try await bench.take(body, id: id)
        #expect(bench.publisher.routes == ["/sms.dead"])
        #expect(bench.log.all == ["ack"])
    }

    @Test("comes in parts, in any order, and starts when all are there")
    func parts() async throws {
        let bench = CampaignBench()
        func part(_ number: Int, _ recipients: String) -> String {
            #"{"id": "c", "text": "hi", "part": \#(number), "parts": 3, "recipients": [\#(recipients)]}"#
        }
        try await bench.take(part(3, #""14155550103", "14155550101""#), id: "m3")
        try await bench.take(part(1, #""14155550101", "bad""#), id: "m1")
        try await bench.take(part(1, #""14155550101", "bad""#), id: "m1", isRedelivered: true)
        try await bench.finish()
        #expect(bench.publisher.published.isEmpty)
        #expect(try await bench.campaign("c").state == .collecting)
        try await bench.take(part(2, #""14155550102""#))
        try await bench.finish()
        #expect(await bench.sent() == ["14155550101", "14155550102", "14155550103"])
        let event = try bench.lastEvent()
        #expect(event.data.recipients == 4)
        #expect(event.data.invalid == 1)
        #expect(event.data.duplicates == 1)
    }

    @Test("whose parts do not fit together, or do not all come within a day, is invalid")
    func badParts() async throws {
        let bench = CampaignBench()
        try await bench.take(#"{"id": "c", "text": "hi", "part": 1, "parts": 2, "recipients": ["14155550101"]}"#)
        try await bench.take(#"{"id": "c", "text": "ho", "part": 2, "parts": 2, "recipients": ["14155550102"]}"#)
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/invalid"])
        try await bench.take(#"{"id": "d", "text": "hi", "part": 1, "parts": 2, "recipients": ["14155550101"]}"#)
        bench.clock.pass(.seconds(86_399))
        try await bench.finish()
        #expect(bench.publisher.published.count == 2)
        bench.clock.pass(.seconds(2))
        try await bench.finish()
        #expect(bench.publisher.routes.suffix(1) == ["sms.outbound/invalid"])
        #expect(try bench.publisher.events().last?.data.error?.problems?.map(\.field) == ["parts"])
        #expect(try await bench.campaign("d").state == .invalid)
        // It may come complete now, with the same first part as before.
        for part in 1...2 {
            let body = #"{"id": "d", "text": "hi", "part": \#(part), "parts": 2, "recipients": ["1415555010\#(part)"]}"#
            try await bench.take(body)
        }
        #expect(try await bench.campaign("d").state == .running)
        #expect(await bench.sent() == [])
    }

    @Test("that comes again is not carried out again; its end is the reply")
    func repeats() async throws {
        let bench = CampaignBench()
        let body = Campaigns.body(20)
        try await bench.take(body, replyTo: "one")
        try await bench.take(body, replyTo: "two")
        try await bench.take(Campaigns.body(3), replyTo: "three")
        try await bench.finish()
        #expect(await bench.sent().count == 20)
        #expect(Set(bench.publisher.routes).isSuperset(of: ["/one", "/two", "/three"]))
        try await bench.take(body, replyTo: "four")
        try await bench.finish()
        #expect(await bench.sent().count == 20)
        #expect(bench.kinds == ["started", "completed", "completed"])
        func reply(_ queue: String) throws -> CloudEvent<CampaignEvent> {
            let message = try #require(bench.publisher.published.last { $0.routingKey == queue })
            return try JSONDecoder().decode(CloudEvent<CampaignEvent>.self, from: Data(message.body))
        }
        #expect(try reply("four").data.idReused == nil)
        #expect(try reply("four").id == reply("one").id)
        #expect(try reply("three").data.idReused == true)
    }
}
