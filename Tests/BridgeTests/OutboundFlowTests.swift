import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("The outbound flow", .timeLimit(.minutes(1)))
struct OutboundFlowTests {
    private let problem = ProviderProblem(status: 422, title: "Invalid", detail: "no such sender")

    @Test("makes one request, tells one event, and acks only then")
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
        #expect(record?.isTold == true)
        #expect(record?.settlement?.outcome == .accepted)
    }

    @Test("writes the intent before the request is made")
    func intentFirst() async throws {
        let store = InMemoryStore()
        let states = DeliveryLog()
        let bench = Bench(store: store) {
            let record = try? await store.record(of: CommandID("a-1").unsafelyUnwrapped)
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
        let letter = try #require(bench.publisher.published.first)
        #expect(letter.properties.headers["sms-error-code"] == .string("provider_rejected"))
        #expect(letter.properties.headers["sms-attempts"] == .integer(1))
        #expect(letter.properties.headers["sms-advice"] == .string("fix"))
        #expect(letter.properties.headers["sms-original-routing-key"] == .string("send"))
        let event = try #require(bench.publisher.events().first)
        #expect(event.data.error?.code == .providerRejected)
        #expect(event.data.error?.provider == problem)
        #expect(bench.publisher.published.last?.properties.correlationID == "a-1")
    }

    @Test("not taken: tried again by the schedule, and each attempt counts")
    func retries() async throws {
        let bench = Bench([
            .unavailable(reason: "503", nil), .unavailable(reason: "503", nil), .accepted(messageUUID: "u"),
        ])
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.count == 3)
        #expect(try bench.publisher.events().map(\.data.attempts) == [3])
        let slept = bench.clock.slept
        #expect(slept.count == 2)
        #expect((.milliseconds(800)...(.milliseconds(1_200))).contains(slept[0]))
        #expect((.seconds(4)...(.seconds(6))).contains(slept[1]))
    }

    @Test("never taken: failed after six attempts, with a dead letter that may be replayed")
    func exhausted() async throws {
        let bench = Bench([.unavailable(reason: "503", nil)])
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.count == 6)
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/failed"])
        #expect(try bench.publisher.events().first?.data.error?.code == .retriesExhausted)
        #expect(bench.publisher.published.first?.properties.headers["sms-advice"] == .string("replay"))
    }

    @Test("throttled or the account's trouble: tried again, no attempt is counted")
    func noAttempt() async throws {
        let bench = Bench([
            .throttled(retryAfter: .seconds(3)), .accountTrouble(ProviderProblem(status: 402)),
            .accepted(messageUUID: "u"),
        ])
        try await bench.flow.handle(bench.delivery())
        #expect(try bench.publisher.events().map(\.data.attempts) == [1])
        #expect(bench.clock.slept.first == .seconds(3))
    }

    @Test("no answer: never sent again by itself; failed as uncertain, advice never")
    func uncertain() async throws {
        let bench = Bench([.uncertain(reason: "no answer", nil), .accepted(messageUUID: "second")])
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.count == 1)
        let event = try #require(bench.publisher.events().last)
        #expect(event.type == "sms.outbound.failed")
        #expect(event.data.error?.code == .uncertain)
        #expect(event.data.attempts == 1)
        let letter = bench.publisher.published.first { $0.routingKey == "sms.dead" }
        #expect(letter?.properties.headers["sms-advice"] == .string("never"))
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
        #expect(try bench.publisher.events().count == 1)
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

    @Test("invalid first, mended under the same id: carried out")
    func mended() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(#"{"to": "none", "text": "x"}"#))
        try await bench.flow.handle(bench.delivery())
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.invalid", "sms.outbound.accepted"])
    }

    @Test("a request that a process which is gone had begun: uncertain, not sent again")
    func crashed() async throws {
        let bench = Bench()
        let id = try #require(CommandID("a-1"))
        let body = Array(#"{"to": "+14155550100", "text": "Hello"}"#.utf8)
        var record = MessageRecord(id: id, bodyDigest: Digest.hex(body), lane: .send, facts: .init(), now: .now)
        record.state = .sending(Attempt(number: 1, since: .now, owner: BootID("gone")))
        _ = try await bench.store.save(record)
        try await bench.flow.handle(bench.delivery(isRedelivered: true))
        #expect(await bench.sender.sent.isEmpty)
        #expect(try bench.publisher.events().last?.data.error?.code == .uncertain)
    }

    @Test("settled before a crash, not told: the rest of the line, no request")
    func untold() async throws {
        let bench = Bench()
        let id = try #require(CommandID("a-1"))
        let body = Array(#"{"to": "+14155550100", "text": "Hello"}"#.utf8)
        let fresh = MessageRecord(id: id, bodyDigest: Digest.hex(body), lane: .send, facts: .init(), now: .now)
        _ = try await bench.store.save(
            fresh.settled(.accepted, messageUUID: "u-9", error: nil, retention: .seconds(9), now: .now)
        )
        try await bench.flow.handle(bench.delivery(isRedelivered: true))
        #expect(await bench.sender.sent.isEmpty)
        #expect(try bench.publisher.events().map(\.data.messageUUID) == ["u-9"])
    }

    @Test("a receipt's proof that came while the request ran wins over no answer")
    func provedMeanwhile() async throws {
        let store = InMemoryStore()
        let bench = Bench([.uncertain(reason: "no answer", nil)], store: store) {
            guard var record = try? await store.record(of: CommandID("a-1").unsafelyUnwrapped) else { return }
            record.provedUUID = "u-proved"
            _ = try? await store.save(record)
        }
        try await bench.flow.handle(bench.delivery())
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.accepted"])
        #expect(try bench.publisher.events().map(\.data.messageUUID) == ["u-proved"])
    }

    @Test("the broker does not take the event: published until it does, acked only then")
    func insists() async throws {
        let bench = Bench()
        bench.publisher.fail(with: [.unavailable("gone"), .refused, .unavailable("gone")])
        try await bench.flow.handle(bench.delivery())
        #expect(bench.log.all == ["ack after sms.outbound/accepted"])
    }

    @Test("a reply that nobody takes does not hold the command up")
    func replyNotTaken() async throws {
        let bench = Bench()
        bench.publisher.refuseRoute(to: "gone")
        try await bench.flow.handle(bench.delivery(replyTo: "gone"))
        #expect(bench.publisher.routes == ["sms.outbound/accepted"])
        #expect(bench.log.all.count == 1)
    }

    @Test("a reply_to that names a queue of ours is invalid")
    func ownReplyTo() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(replyTo: "sms.send"))
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/invalid"])
        #expect(try bench.publisher.events().first?.data.error?.problems?.map(\.field) == ["reply_to"])
    }
}
