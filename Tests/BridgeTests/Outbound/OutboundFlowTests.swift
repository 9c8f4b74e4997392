import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("The outbound flow", .timeLimit(.minutes(3)))
struct OutboundFlowTests {
    private let problem = ProviderProblem(status: 422, title: "Invalid", detail: "no such sender")

    @Test("makes one request, publishes one event, and acks only then")
    func accepted() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(correlationID: "corr"))

        let sent = await bench.sender.sent
        #expect(sent.count == 1)
        #expect(sent.first?.to.digits == "14155550100")
        #expect(sent.first?.from.wire == "14155550199")
        #expect(sent.first?.reference == "a-1")
        let event = try #require(bench.publisher.events().first)
        #expect(event.id == "a-1/accepted")
        #expect(event.type == "sms.outbound.accepted")
        #expect(event.data.messageUUID == "u-1")
        #expect(event.data.attempts == 1)
        #expect(event.data.segments == 1)
        #expect(event.data.encoding == "gsm7")
        #expect(event.data.error == nil)
        #expect(bench.publisher.published.first?.properties.correlationID == "corr")
        #expect(bench.publisher.published.first?.properties.headers["traceparent"] == .string("00-t"))
        #expect(bench.log.all == ["ack after sms.outbound/accepted"])
        let record = try await bench.store.record(of: try #require(CommandID("a-1")))
        #expect(record?.isPublished == true)
        #expect(record?.settlement?.outcome == .accepted)
    }

    @Test("writes the intent before the request is made")
    func intentFirst() async throws {
        let states = DeliveryLog()
        let first = Bench()
        let store = first.store
        let bench = Bench(after: first) {
            let record = try? await store.record(of: Samples.id("a-1"))
            if case .sending(let attempt) = record?.state { states.note("sending \(attempt.number)") }
        }
        try await bench.flow.handle(bench.delivery())
        #expect(states.all == ["sending 1"])
    }

    @Test("refused: dead letter first, then the event, then the reply")
    func refused() async throws {
        let bench = Bench([.refused(problem)])
        try await bench.flow.handle(bench.delivery(replyTo: "answers"))
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/rejected", "/answers"])
        let deadLetter = try #require(bench.publisher.published.first)
        #expect(deadLetter.properties.headers["sms-error-code"] == .string("provider_rejected"))
        #expect(deadLetter.properties.headers["sms-attempts"] == .integer(1))
        #expect(deadLetter.properties.headers["sms-advice"] == .string("fix"))
        #expect(deadLetter.properties.headers["sms-original-routing-key"] == .string("send"))
        let event = try #require(bench.publisher.events().first)
        #expect(event.data.error?.code == .providerRejected)
        #expect(event.data.error?.provider == problem)
        #expect(bench.publisher.published.last?.properties.correlationID == "a-1")
    }

    @Test("fifty copies at once: one request, one event, fifty replies")
    func copies() async throws {
        let bench = Bench()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                let delivery = bench.delivery(correlationID: "c-\(number)", replyTo: "answers-\(number)")
                group.addTask { try await bench.flow.handle(delivery) }
            }
            try await group.waitForAll()
        }
        #expect(await bench.sender.sent.count == 1)
        // A copy that comes when the others are done is a repeat, which is published again under the same id.
        #expect(Set(try bench.publisher.events().map(\.id)) == ["a-1/accepted"])
        let replies = bench.publisher.published.filter { $0.routingKey.hasPrefix("answers") }
        #expect(Set(replies.map(\.routingKey)).count == 50)
        #expect(Set(replies.compactMap(\.properties.correlationID)).count == 50)
        #expect(bench.log.all.count == 50)
    }

    @Test("a repeat of a settled command: its outcome again under the same event id, no request")
    func repeats() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery())
        try await bench.flow.handle(bench.delivery(replyTo: "later", isRedelivered: true))
        #expect(await bench.sender.sent.count == 1)
        #expect(try bench.publisher.events().map(\.id) == ["a-1/accepted", "a-1/accepted"])
        #expect(bench.publisher.routes.last == "/later")
    }

    @Test("the same id with another body: the first one's outcome, marked as reused")
    func reused() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery())
        try await bench.flow.handle(bench.delivery(#"{"to": "+14155550100", "text": "Other"}"#))
        #expect(await bench.sender.sent.count == 1)
        #expect(try bench.publisher.events().map(\.data.idReused) == [nil, true])
    }

    @Test("invalid first, corrected under the same id: carried out")
    func corrected() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(#"{"to": "none", "text": "x"}"#))
        try await bench.flow.handle(bench.delivery())
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.invalid", "sms.outbound.accepted"])
    }

    @Test("settled before a crash, unpublished: the remaining steps, no request")
    func unpublished() async throws {
        let bench = Bench()
        let id = try #require(CommandID("a-1"))
        let body = Array(#"{"to": "+14155550100", "text": "Hello"}"#.utf8)
        let fresh = MessageRecord(id: id, bodyDigest: Digest.hex(body), lane: .send, facts: .init(), now: .now)
        _ = try await bench.store.save(
            fresh.settled(
                Settlement(outcome: .accepted, messageUUID: "u-9", error: nil, at: .now),
                retention: .seconds(9)
            )
        )
        try await bench.flow.handle(bench.delivery(isRedelivered: true))
        #expect(await bench.sender.sent.isEmpty)
        #expect(try bench.publisher.events().map(\.data.messageUUID) == ["u-9"])
    }

    @Test("a receipt's proof that came while the request ran overrides a missing answer")
    func provedMeanwhile() async throws {
        let first = Bench()
        let store = first.store
        let bench = Bench([.uncertain(reason: "no answer", nil)], after: first) {
            guard var record = try? await store.record(of: Samples.id("a-1")) else { return }
            record.provedUUID = "u-proved"
            _ = try? await store.save(record)
        }
        try await bench.flow.handle(bench.delivery())
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.accepted"])
        #expect(try bench.publisher.events().map(\.data.messageUUID) == ["u-proved"])
    }

    @Test("the broker does not take the event: published until it does, acked only then")
    func retries() async throws {
        let bench = Bench()
        bench.publisher.fail(with: [.unavailable("gone"), .unavailable("gone")])
        try await bench.flow.handle(bench.delivery())
        #expect(bench.log.all == ["ack after sms.outbound/accepted"])
        #expect(try await bench.store.spoolDepth().waiting == 0)
    }

    @Test("the broker refuses the event: it is spooled, and the command is over")
    func refusedEvent() async throws {
        let bench = Bench()
        bench.publisher.fail(with: [.refused])
        try await bench.flow.handle(bench.delivery())
        #expect(bench.log.all == ["ack after "])
        #expect(try await bench.store.spooled(limit: 9).map(\.message.routingKey) == ["accepted"])
        #expect(try await bench.record()?.isPublished == true)
    }

    @Test("an accepted does not overtake its uncertain that had to be spooled")
    func spooledUncertain() async throws {
        let bench = Bench([.uncertain(reason: "silence", nil), .accepted(messageUUID: "u-1")])
        bench.publisher.fail(with: [.refused])
        let body = #"{"to": "+14155550100", "text": "Hello", "on_uncertain": "resend"}"#
        try await bench.flow.handle(bench.delivery(body))
        #expect(try await bench.store.spooled(limit: 9).map(\.message.routingKey) == ["uncertain"])
        try await bench.travel()
        #expect(await bench.sender.sent.count == 2)
        #expect(try await bench.store.spooled(limit: 9).map(\.message.routingKey) == ["uncertain", "accepted"])
        #expect(bench.publisher.routes == [])
    }

    @Test("a reply that is not taken does not delay the command")
    func replyNotTaken() async throws {
        let bench = Bench()
        bench.publisher.refuseRoute(to: "gone")
        try await bench.flow.handle(bench.delivery(replyTo: "gone"))
        #expect(bench.publisher.routes == ["sms.outbound/accepted"])
        #expect(bench.log.all.count == 1)
    }

    @Test("a reply_to that names a queue of the service is invalid")
    func ownReplyTo() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(replyTo: "sms.send"))
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/invalid"])
        #expect(try bench.publisher.events().first?.data.error?.problems?.map(\.field) == ["reply_to"])
    }
}
