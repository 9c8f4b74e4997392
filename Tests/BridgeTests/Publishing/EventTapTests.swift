import Contracts
import TestSupport
import Testing

@testable import Bridge

@Suite("What is published, by the minute and as it comes")
struct EventTapTests {
    private let names = BrokerNames()
    private let now = Samples.moment

    private func message(_ exchange: String, _ key: String, _ body: String = "{}") -> BrokerMessage {
        BrokerMessage(exchange: exchange, routingKey: key, properties: .init(), body: Array(body.utf8))
    }

    @Test("counts each kind of event in its minute, and forgets after an hour")
    func minutes() {
        var flow = FlowMinutes(now: now)
        flow.count(.accepted, at: now)
        flow.count(.accepted, at: now + .seconds(60))
        flow.count(.accepted, at: now + .seconds(60))
        flow.count(.inbound, at: now + .seconds(180))
        #expect(flow.series(.accepted).suffix(4) == [1, 2, 0, 0])
        #expect(flow.series(.inbound).suffix(4) == [0, 0, 0, 1])
        // A clock that was set back counts in the present minute.
        flow.count(.inbound, at: now)
        #expect(flow.series(.inbound).last == 2)
        flow.move(to: now + .seconds(3600 + 180))
        #expect(flow.series(.accepted) == Array(repeating: 0, count: FlowMinutes.length))
        #expect(flow.series(.inbound).reduce(0, +) == 0)
        flow.move(to: now + .seconds(100 * 86_400))
        #expect(flow.series(.uncertain).count == FlowMinutes.length)
    }

    @Test(
        "knows the kind of an event by where it is published",
        arguments: [
            ("sms.outbound", "accepted", FlowMinutes.Kind.accepted), ("sms.outbound", "rejected", .failed),
            ("sms.outbound", "expired", .stopped), ("sms.outbound", "uncertain", .uncertain),
            ("sms.status", "delivered.14155550100", .delivered), ("sms.status", "rejected.14155550100", .undelivered),
            ("sms.status", "submitted.Acme", .receipt), ("sms.inbound", "message.14155550100", .inbound),
        ]
    )
    func kinds(exchange: String, key: String, kind: FlowMinutes.Kind) {
        let tap = EventTap(names: names, now: now)
        tap.note(message(exchange, key), at: now)
        let flow = tap.flow(at: now)
        for other in FlowMinutes.Kind.allCases {
            #expect(flow.series(other).reduce(0, +) == (other == kind ? 1 : 0), "\(other)")
        }
    }

    @Test("counts no campaign's progress, no change of a list and no dead letter")
    func others() {
        let tap = EventTap(names: names, now: now)
        tap.note(message("sms.outbound", "campaign.progress"), at: now)
        tap.note(message("sms.inbound", "opt-out.all"), at: now)
        tap.note(message("", "sms.dead"), at: now)
        let flow = tap.flow(at: now)
        #expect(FlowMinutes.Kind.allCases.allSatisfy { flow.series($0).reduce(0, +) == 0 })
    }

    @Test("keeps no event while no page looks, and of a second only the first ones")
    func sampling() throws {
        let tap = EventTap(names: names, now: now)
        let body = #"{"type":"t","data":{"command_id":"a","text":"hello","metadata":{"x":"y"}}}"#
        tap.note(message("sms.inbound", "message.1", body), at: now)
        let begin = tap.look(from: nil, at: now)
        #expect(begin.events.isEmpty)
        for _ in 0..<1000 { tap.note(message("sms.inbound", "message.1", body), at: now) }
        let look = tap.look(from: begin.place, at: now)
        #expect(look.events.count == EventTap.shownPerSecond)
        #expect(look.omitted == 1000 - Int64(EventTap.shownPerSecond))
        guard case .object(let event)? = look.events.first else {
            Issue.record("no event")
            return
        }
        #expect(event["command_id"] == .string("a"))
        #expect(event["text"] == .string("hello"))
        #expect(event["metadata"] == nil)
        let next = tap.look(from: look.place, at: now)
        #expect(next.events.isEmpty)
        #expect(next.omitted == 0)
        // No page has looked for a while.
        tap.note(message("sms.inbound", "message.1", body), at: now + .seconds(60))
        #expect(tap.look(from: next.place, at: now + .seconds(60)).events.isEmpty)
    }

    @Test("counts for a slow page what it has missed")
    func slowPage() {
        let tap = EventTap(names: names, now: now)
        let body = #"{"type":"t","data":{}}"#
        let begin = tap.look(from: nil, at: now)
        for second in 0..<20 {
            let moment = now + .seconds(second)
            _ = tap.look(from: nil, at: moment)
            for _ in 0..<20 { tap.note(message("sms.status", "delivered.1", body), at: moment) }
        }
        let look = tap.look(from: begin.place, at: now + .seconds(20))
        #expect(look.events.count == 256)
        #expect(look.omitted == 400 - 256)
    }
}
