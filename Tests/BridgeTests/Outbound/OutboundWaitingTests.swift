import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("What waits in the broker", .timeLimit(.minutes(3)))
struct OutboundWaitingTests {
    private let busy = SubmitOutcome.unavailable(reason: "503", nil)
    private func scheduled(_ seconds: Int, _ more: String = "") -> String {
        let at = (Bench.start + .seconds(seconds)).rfc3339
        return #"{"to": "+14155550100", "text": "Hello", "send_at": "\#(at)"\#(more)}"#
    }

    @Test("not taken: tried again by the schedule, over the wait queues, and each attempt counts")
    func retries() async throws {
        let bench = Bench([busy, busy, busy, .accepted(messageUUID: "u")])
        try await bench.flow.handle(bench.delivery(correlationID: "corr"))
        try await bench.travel()
        #expect(await bench.sender.sent.count == 4)
        #expect(try bench.publisher.events().map(\.data.attempts) == [4])
        #expect(bench.publisher.published.last?.properties.correlationID == "corr")
        // 1 s, 5 s and 30 s, each with 20 % to either side.
        #expect((.seconds(28.8)...(.seconds(43.2))).contains(bench.now - Bench.start))
    }

    @Test("a copy in a wait queue has our marks, the id, the lane, and none of the broker's own headers")
    func carrier() async throws {
        let bench = Bench()
        var message = bench.delivery(scheduled(60), id: nil, lane: .bulk).message
        message.properties.headers["x-death"] = .array([])
        message.properties.headers["x-first-death-queue"] = .string("q")
        message.properties.headers["x-delivery-count"] = .integer(3)
        message.properties.headers["CC"] = .array([.string("send")])
        message.properties.headers["own"] = .string("kept")
        try await bench.flow.handle(bench.delivery(of: message))
        let carrier = try #require(bench.publisher.carriers.first)
        #expect(carrier.exchange == "sms.retry.wait.1m")
        #expect(carrier.routingKey == "send.bulk")
        #expect(carrier.body == message.body)
        let id = try #require(carrier.properties.messageID)
        let headers = carrier.properties.headers
        #expect(headers["sms-wait"] == .integer(1))
        #expect(headers["sms-attempt"] == .integer(0))
        #expect(headers["sms-first-seen"] == .string(Bench.start.rfc3339))
        #expect(headers["own"] == .string("kept"))
        #expect(headers.keys.filter { $0.hasPrefix("x-") || $0 == "CC" }.isEmpty)
        let record = try await bench.record(id)
        #expect(record?.wait == 1)
        #expect(record?.notBefore == Bench.start + .seconds(60))
        #expect(bench.log.all.count == 1)
    }

    @Test("send_at is met by ever shorter hops, and the last bit is waited for in the process")
    func hops() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(scheduled(3_600 * 31 + 725)))
        let levels = try await bench.travel()
        #expect(levels == ["24h", "6h", "1h", "10m", "2m", "5s"])
        #expect(bench.now == Bench.start + .seconds(3_600 * 31 + 725))
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.accepted"])
    }

    @Test("VONAGE_NUMBER changes while a command without from waits: it goes from the number decided at first sight")
    func decidedSender() async throws {
        for changed in [Sender("14155550177"), nil] {
            let first = Bench()
            try await first.flow.handle(first.delivery(scheduled(60)))
            let bench = Bench(after: first, defaultSender: changed)
            try await bench.travel()
            #expect(await bench.sender.sent.map(\.from.wire) == ["14155550199"])
            #expect(try bench.publisher.events().map(\.data.from) == ["+14155550199"])
            // A command that is seen for the first time has the new one, or none.
            try await bench.flow.handle(bench.delivery(id: "a-2"))
            #expect(await bench.sender.sent.dropFirst().map(\.from.wire) == (changed.map { [$0.wire] } ?? []))
        }
    }

    @Test("what is left below the shortest level is slept")
    func fraction() async throws {
        let bench = Bench()
        bench.clock.pass(.milliseconds(300))
        try await bench.flow.handle(bench.delivery(scheduled(1)))
        #expect(bench.publisher.carriers.isEmpty)
        #expect(bench.clock.slept == [.milliseconds(700)])
        #expect(await bench.sender.sent.count == 1)
    }

    @Test("a wait that is not published takes two hops at most, also when the clock has gone on meanwhile")
    func twoHops() async throws {
        for seconds in [2, 3, 9, 20, 33, 50, 96, 144, 480, 720, 5_000] {
            let schedule = RetrySchedule(delays: [.seconds(seconds)])
            // Some time passes between the decision and the publish.
            let publisher = RecordingPublisher()
            let bench = Bench(
                [busy, .accepted(messageUUID: "u")],
                publisher: publisher,
                schedule: schedule,
                onStep: { if $0 == .outcomeWritten { publisher.clock.pass(.milliseconds(100)) } }
            )
            try await bench.flow.handle(bench.delivery())
            let levels = try await bench.travel()
            #expect((1...2).contains(levels.count), "\(seconds): \(levels)")
            #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.accepted"])
        }
    }

    @Test("a copy behind the one on its way is dropped without an event, the one on its way never is")
    func repeatsDieOut() async throws {
        let bench = Bench()
        let original = bench.delivery(scheduled(40))
        try await bench.flow.handle(original)
        // The ack was lost: the broker delivers it again, twice.
        try await bench.flow.handle(bench.delivery(scheduled(40), isRedelivered: true))
        try await bench.flow.handle(bench.delivery(scheduled(40), isRedelivered: true))
        #expect(bench.publisher.carriers.count == 1)
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        #expect(try bench.publisher.events().count == 1)
        #expect(bench.log.all.count == 3 + 2)
    }

    @Test("a copy whose number the record does not know yet takes the wait itself")
    func unknownNumber() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(scheduled(40)))
        let carrier = try #require(bench.publisher.takeCarrier()).message
        // The process ended between the publish and the write: two copies with the same number.
        var record = try #require(try await bench.record())
        record.wait = 0
        _ = try await bench.store.save(record)
        for _ in 0..<2 { try await bench.flow.handle(bench.delivery(of: carrier)) }
        #expect(bench.publisher.carriers.map { $0.properties.headers["sms-wait"] } == [.integer(2)])
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
    }

    @Test("a copy with a reply_to joins, and gets its reply, without an event of its own")
    func joins() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(scheduled(40)))
        try await bench.flow.handle(bench.delivery(scheduled(40), correlationID: "mine", replyTo: "answers"))
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        #expect(bench.publisher.routes.sorted() == ["/answers", "sms.outbound/accepted"])
        #expect(bench.publisher.published.last { $0.routingKey == "answers" }?.properties.correlationID == "mine")
    }

    @Test("another body under the id of a waiting command is never sent in its place")
    func otherBody() async throws {
        let bench = Bench()
        let other = #"{"to": "+14155550100", "text": "Other"}"#
        try await bench.flow.handle(bench.delivery(scheduled(40)))
        try await bench.flow.handle(bench.delivery(other))
        try await bench.flow.handle(bench.delivery(other, replyTo: "answers"))
        #expect(await bench.sender.sent.isEmpty)
        try await bench.travel()
        #expect(await bench.sender.sent.map(\.text) == ["Hello"])
        #expect(bench.publisher.routes.sorted() == ["/answers", "sms.outbound/accepted"])
    }

    @Test("expired while it waits: published when it expires")
    func expires() async throws {
        let expiry = (Bench.start + .seconds(20)).rfc3339
        let bench = Bench([busy], schedule: RetrySchedule(delays: [.seconds(100)]))
        try await bench.flow.handle(
            bench.delivery(#"{"to": "+14155550100", "text": "x", "expires_at": "\#(expiry)"}"#)
        )
        try await bench.travel()
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.expired"])
        #expect(bench.now - Bench.start <= .seconds(21))
        #expect(await bench.sender.sent.count == 1)
        #expect(bench.publisher.routes == ["sms.outbound/expired"])
    }

    /// When a command without `expires_at`, or with one, is published as expired, in seconds after the start; nil when
    /// it was sent.
    private func expiry(
        _ more: String = "",
        expiration: String?,
        timestamp: Int64? = nil
    ) async throws -> Duration? {
        let bench = Bench([busy, .accepted(messageUUID: "u")], schedule: RetrySchedule(delays: [.seconds(100)]))
        var message = bench.delivery(#"{"to": "+14155550100", "text": "x"\#(more)}"#).message
        message.properties.expiration = expiration
        message.properties.timestamp = timestamp
        try await bench.flow.handle(bench.delivery(of: message))
        #expect(bench.publisher.carriers.allSatisfy { $0.properties.expiration == nil })
        try await bench.travel()
        let outcome = try #require(try bench.publisher.events().last)
        #expect(try await bench.record()?.isPublished == true)
        return outcome.type == "sms.outbound.expired" ? bench.now - Bench.start : nil
    }

    @Test("an expiration is an expires_at, counted from the timestamp or from first sight; the earlier of both holds")
    func expiration() async throws {
        let start = Bench.start.seconds
        let at = (Bench.start + .seconds(10)).rfc3339
        let limit = #", "expires_at": "\#(at)""#
        #expect(try await expiry(expiration: "20000") == .seconds(20))
        #expect(try await expiry(expiration: "20000", timestamp: start - 15) == .seconds(5))
        #expect(try await expiry(expiration: "20000", timestamp: start - 20) == .zero)
        // A clock that is ahead, and none.
        #expect(try await expiry(expiration: "20000", timestamp: start + 60) == .seconds(20))
        #expect(try await expiry(expiration: "20000", timestamp: 0) == .seconds(20))
        #expect(try await expiry(limit, expiration: "20000") == .seconds(10))
        #expect(try await expiry(limit, expiration: "5000") == .seconds(5))
        for none in [nil, "", "soon", "-1", "99999999999999999999"] {
            #expect(try await expiry(expiration: none) == nil)
        }
    }

    @Test("a command that expires before its send_at is published when it does")
    func expiresBeforeSendAt() async throws {
        let bench = Bench()
        var message = bench.delivery(scheduled(600)).message
        message.properties.expiration = "20000"
        try await bench.flow.handle(bench.delivery(of: message))
        try await bench.travel()
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.expired"])
        #expect(bench.now - Bench.start <= .seconds(21))
    }

    @Test("never taken: failed after six attempts, with a dead letter that may be replayed")
    func exhausted() async throws {
        let bench = Bench([busy])
        try await bench.flow.handle(bench.delivery())
        try await bench.travel()
        #expect(await bench.sender.sent.count == 6)
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/failed"])
        #expect(try bench.publisher.events().first?.data.error?.code == .retriesExhausted)
        #expect(bench.publisher.published.first?.properties.headers["sms-advice"] == .string("replay"))
    }

    @Test("throttled: tried again after its Retry-After, no attempt is counted, whatever the number of tries")
    func throttled() async throws {
        let tries = Array(repeating: SubmitOutcome.throttled(retryAfter: .seconds(3)), count: 20)
        let bench = Bench(tries + [.accepted(messageUUID: "u")])
        try await bench.flow.handle(bench.delivery())
        try await bench.travel()
        #expect(try bench.publisher.events().map(\.data.attempts) == [1])
        #expect(bench.now - Bench.start >= .seconds(60))
    }

    @Test("cancelled while it waits: published at once, nothing is sent, the copy that comes back is dropped")
    func cancelled() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(scheduled(86_400), replyTo: "answers"))
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil))
        #expect(bench.publisher.routes == ["sms.outbound/cancelled"])
        try await bench.travel()
        #expect(await bench.sender.sent.isEmpty)
        #expect(bench.publisher.routes == ["sms.outbound/cancelled", "/answers"])
        #expect(try bench.publisher.events().first?.data.error?.code == .cancelled)
    }

    @Test("a cancellation that overtakes its command holds, by id and by campaign")
    func overtakes() async throws {
        let bench = Bench()
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil))
        try await bench.cancelFlow.handle(bench.delivery(#"{"campaign_id": "c"}"#, id: nil))
        try await bench.flow.handle(bench.delivery())
        try await bench.flow.handle(
            bench.delivery(#"{"to": "+14155550100", "text": "x", "campaign_id": "c"}"#, id: "a-2", lane: .bulk)
        )
        try await bench.flow.handle(bench.delivery(scheduled(99, #", "campaign_id": "c""#), id: "a-3"))
        #expect(await bench.sender.sent.isEmpty)
        #expect(bench.publisher.carriers.isEmpty)
        #expect(try bench.publisher.events().map(\.type) == Array(repeating: "sms.outbound.cancelled", count: 3))
        #expect(bench.publisher.routes.allSatisfy { $0 == "sms.outbound/cancelled" })
    }

    @Test("a cancellation of what is settled does nothing, an invalid one is dead-lettered with every problem")
    func cancelNothing() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery())
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil))
        #expect(bench.publisher.routes == ["sms.outbound/accepted"])
        for body in ["", "[]", "{}", #"{"id": 5, "campaign_id": []}"#, #"{"id": "x", "campaign_id": "y"}"#] {
            try await bench.cancelFlow.handle(bench.delivery(body, id: nil))
        }
        #expect(bench.publisher.routes.filter { $0 == "/sms.dead" }.count == 5)
        let details = bench.publisher.published.compactMap { $0.properties.headers["sms-error-detail"]?.text }
        #expect(details[3].contains("id:") && details[3].contains("campaign_id:"))
    }

    @Test("the set-up's trouble: no attempt; refused again although another passed in between, it is rejected")
    func account() async throws {
        let trouble = SubmitOutcome.accountTrouble(ProviderProblem(status: 402, detail: "no balance"))
        let bench = Bench([trouble, .accepted(messageUUID: "other"), trouble])
        try await bench.flow.handle(bench.delivery())
        #expect(bench.publisher.routes.isEmpty)
        #expect(try await bench.record()?.attempts == 0)
        bench.clock.pass(.seconds(2))
        try await bench.flow.handle(bench.delivery(id: "a-2"))
        bench.clock.pass(.seconds(1))
        try await bench.travel()
        let events = try bench.publisher.events()
        #expect(events.map(\.id) == ["a-2/accepted", "a-1/rejected"])
        #expect(events.last?.data.attempts == 1)
        #expect(events.last?.data.error?.provider?.status == 402)
    }
}
