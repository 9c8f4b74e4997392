import Bridge
import Contracts
import SMSCore
import Synchronization
import TestSupport
import Testing

@Suite("The edge cases of the outbound flow", .timeLimit(.minutes(3)))
struct OutboundEdgeTests {
    private let silence = SubmitOutcome.uncertain(reason: "no answer", nil)
    private let busy = SubmitOutcome.unavailable(reason: "503", nil)

    @Test("a command without an id whose ack was lost is known when it comes again")
    func lostAck() async throws {
        let bench = Bench()
        let message = bench.delivery(id: nil).message
        try await bench.flow.handle(bench.delivery(of: message, isAckLost: true))
        try await bench.flow.handle(bench.delivery(of: message, isRedelivered: true, connection: 2))
        #expect(await bench.sender.sent.count == 1)
        #expect(Set(try bench.publisher.events().map(\.id)).count == 1)
    }

    @Test("a command without an id whose ack was lost after it was noted is a repeat, however often that happens")
    func ackLostOnItsWay() async throws {
        let bench = Bench()
        let message = bench.delivery(id: nil).message
        try await bench.flow.handle(bench.delivery(of: message))
        for connection in 2...4 as ClosedRange<UInt64> {
            try await bench.flow.handle(bench.delivery(of: message, isRedelivered: true, connection: connection))
        }
        #expect(await bench.sender.sent.count == 1)
        #expect(Set(try bench.publisher.events().map(\.id)).count == 1)
    }

    @Test("an equal body without an id is another command: one that comes for the first time, and one beside it")
    func equalBodies() async throws {
        let bench = Bench()
        let message = bench.delivery(id: nil).message
        try await bench.flow.handle(bench.delivery(of: message))
        try await bench.flow.handle(bench.delivery(of: message))
        try await bench.flow.handle(bench.delivery(of: message, connection: 2))
        #expect(await bench.sender.sent.count == 3)
        // The first two acks were made on this connection, which is still there.
        try await bench.flow.handle(bench.delivery(of: message, isRedelivered: true, connection: 1))
        #expect(await bench.sender.sent.count == 3, "the third may have been its first delivery")
        try await bench.flow.handle(bench.delivery(of: message, isRedelivered: true, connection: 1))
        #expect(await bench.sender.sent.count == 4)
    }

    @Test(
        "an ack is proved once twice the prefetch has come after it; then an equal body is not a repeat of it",
        arguments: [(2, false), (3, true)]
    )
    func provedAck(others: Int, isProved: Bool) async throws {
        let bench = Bench()
        let message = bench.delivery(id: nil).message
        try await bench.flow.handle(bench.delivery(of: message, prefetch: 2))
        for number in 0..<others {
            let other = bench.delivery(id: "b-\(number)").message
            try await bench.flow.handle(bench.delivery(of: other, prefetch: 2))
        }
        // What is proved is noted with the next ack of a command without an id.
        let another = bench.delivery(#"{"to": "+14155550100", "text": "Another"}"#, id: nil).message
        try await bench.flow.handle(bench.delivery(of: another, prefetch: 2))
        let before = await bench.sender.sent.count
        #expect(before == others + 2)
        try await bench.flow.handle(bench.delivery(of: message, isRedelivered: true, connection: 2, prefetch: 2))
        #expect(await bench.sender.sent.count == before + (isProved ? 1 : 0))
    }

    @Test("the same body without an id in both lanes is two commands, also when both come again")
    func bothLanes() async throws {
        let bench = Bench()
        let first = bench.delivery(id: nil).message
        let second = bench.delivery(id: nil, lane: .bulk).message
        for message in [first, second] { try await bench.flow.handle(bench.delivery(of: message, isAckLost: true)) }
        try await bench.flow.handle(bench.delivery(of: second, isRedelivered: true, connection: 2))
        try await bench.flow.handle(bench.delivery(of: first, isRedelivered: true, connection: 3))
        #expect(await bench.sender.sent.count == 2)
        #expect(Set(try bench.publisher.events().map(\.id)).count == 2)
    }

    @Test("a wait that is prolonged by less than a second comes to its end")
    func shortProlongation() async throws {
        let bench = Bench([silence, .accepted(messageUUID: "second")])
        try await bench.store.noteListening(at: bench.now, tolerance: .seconds(3))
        try await bench.flow.handle(bench.delivery())
        bench.clock.pass(.milliseconds(40_200))
        try await bench.store.noteListening(at: bench.now, tolerance: .seconds(3))
        try await bench.travel()
        #expect(try bench.publisher.events().last?.data.error?.code == .uncertain)
        #expect((.milliseconds(120_600)...(.seconds(122))).contains(bench.now - Bench.start))
    }

    @Test("many copies that come again at once are not poison")
    func manyCopies() async throws {
        let bench = Bench()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { try await bench.flow.handle(bench.delivery(isRedelivered: true)) }
            }
            try await group.waitForAll()
        }
        #expect(await bench.sender.sent.count == 1)
        #expect(Set(try bench.publisher.events().map(\.id)) == ["a-1/accepted"])
    }

    @Test("what the broker can never take is published with less in it, and delays nothing")
    func impossible() async throws {
        let bench = Bench()
        var message = bench.delivery().message
        message.properties.headers["large"] = .string(String(repeating: "x", count: 130_000))
        bench.publisher.fail(with: [.impossible("too large")])
        try await bench.flow.handle(bench.delivery(of: message))
        #expect(bench.publisher.routes == ["sms.outbound/accepted"])
        bench.publisher.fail(with: [.impossible("too large"), .impossible("too large")])
        try await bench.flow.handle(bench.delivery(id: "a-2"))
        #expect(bench.log.all.count == 2)
    }

    @Test("expires while the intent is written: not sent, and expired")
    func lateExpiry() async throws {
        let first = Bench()
        let expiry = (Bench.start + .seconds(50)).rfc3339
        let bench = Bench(after: first, onStep: { if $0 == .intentWritten { first.clock.pass(.seconds(60)) } })
        try await bench.flow.handle(
            bench.delivery(#"{"to": "+14155550100", "text": "x", "expires_at": "\#(expiry)"}"#)
        )
        #expect(await bench.sender.sent.isEmpty)
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.expired"])
        #expect(try bench.publisher.events().first?.data.attempts == 0)
    }

    @Test("a cancellation that was written and not published is published by its repeat")
    func unpublishedCancellation() async throws {
        let bench = Bench()
        let at = (Bench.start + .seconds(99_999)).rfc3339
        try await bench.flow.handle(bench.delivery(#"{"to": "+14155550100", "text": "x", "send_at": "\#(at)"}"#))
        let record = try #require(try await bench.record())
        _ = try await bench.store.save(record.barred(by: .cancelled, retention: .seconds(9), now: bench.now))
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil, isRedelivered: true))
        #expect(bench.publisher.routes == ["sms.outbound/cancelled"])
        #expect(try await bench.record()?.isPublished == true)
    }

    @Test("a cancellation of something settled does not reach its replay")
    func replayAfterCancel() async throws {
        let bench = Bench([busy], schedule: RetrySchedule(maxAttempts: 1))
        try await bench.flow.handle(bench.delivery())
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil))
        var replay = bench.delivery().message
        replay.properties.headers["sms-replay"] = .integer(1)
        let next = Bench(after: bench)
        try await next.flow.handle(next.delivery(of: replay))
        #expect(try bench.publisher.events().map(\.id) == ["a-1/failed", "a-1/accepted/1"])
    }

    @Test("uncertain, sent again, surely not taken, cancelled: published as possibly sent")
    func cancelAfterResend() async throws {
        let bench = Bench([silence, busy], schedule: RetrySchedule(delays: [.seconds(600)]))
        try await bench.flow.handle(
            bench.delivery(#"{"to": "+14155550100", "text": "x", "on_uncertain": "resend"}"#)
        )
        try await bench.travel(hops: 1)
        #expect(await bench.sender.sent.count == 2)
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil))
        // Its end has a dead letter, whose body the waiting copy has.
        #expect(bench.publisher.routes == ["sms.outbound/uncertain"])
        try await bench.travel()
        #expect(await bench.sender.sent.count == 2)
        #expect(bench.publisher.routes == ["sms.outbound/uncertain", "/sms.dead", "sms.outbound/failed"])
        #expect(bench.publisher.published[1].properties.headers["sms-advice"] == .string("never"))
        #expect(try bench.publisher.events().map(\.id) == ["a-1/uncertain", "a-1/failed"])
        #expect(try bench.publisher.events().last?.data.error?.code == .uncertain)
    }

    @Test("uncertain again after a crash, with a wait too short for the wait queues, comes to its end")
    func secondDoubt() async throws {
        let requests = Mutex(0)
        let sender = ScriptedSender([silence, .accepted(messageUUID: "lost"), .accepted(messageUUID: "third")])
        let body = #"{"to": "+14155550100", "text": "x", "on_uncertain": "resend"}"#
        let first = Bench(
            boot: "gone",
            sender: sender,
            uncertainWait: .milliseconds(700),
            onStep: { step in
                guard step == .requestMade else { return }
                let count: Int = requests.withLock { count in
                    count += 1
                    return count
                }
                if count == 2 { throw TestProblem("dies") }
            }
        )
        await #expect(throws: TestProblem.self) { try await first.flow.handle(first.delivery(body)) }
        let bench = Bench(after: first, sender: sender, uncertainWait: .milliseconds(700))
        try await bench.flow.handle(bench.delivery(body, isRedelivered: true))
        #expect(await sender.sent.count == 3)
        #expect(try bench.publisher.events().map(\.id) == ["a-1/uncertain", "a-1/accepted"])
    }

    @Test("the grace is over between intent and request: nothing is sent, no attempt is counted, nothing is uncertain")
    func graceBetween() async throws {
        let first = Bench(
            onStep: { step in
                guard step == .intentWritten else { return }
                withUnsafeCurrentTask { task in
                    guard let task else { return }
                    task.cancel()
                }
            }
        )
        let task = Task { try await first.flow.handle(first.delivery()) }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await first.sender.sent.isEmpty)
        let record = try #require(try await first.record())
        #expect(record.state == .pending)
        #expect(record.attempts == 0)
        #expect(!record.mayHaveReachedHandset)
        let bench = Bench(after: first)
        try await bench.flow.handle(bench.delivery(isRedelivered: true))
        #expect(try bench.publisher.events().map(\.id) == ["a-1/accepted"])
        #expect(try bench.publisher.events().first?.data.attempts == 1)
    }

    @Test("a dead letter has no marks of its waits, and moved back by hand it is a repeat from outside")
    func movedBack() async throws {
        let bench = Bench([busy], schedule: RetrySchedule(maxAttempts: 3))
        var message = bench.delivery().message
        message.properties.expiration = "86400000"
        message.properties.headers["x-delivery-count"] = .integer(2)
        message.properties.headers["x-last-death-queue"] = .string("q")
        try await bench.flow.handle(bench.delivery(of: message))
        try await bench.travel()
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/failed"])
        var deadLetter = try #require(bench.publisher.published.first)
        #expect(deadLetter.properties.headers.keys.filter { $0.hasPrefix("x-") }.isEmpty)
        #expect(deadLetter.properties.expiration == nil)
        #expect(deadLetter.properties.headers["sms-wait"] == nil)
        #expect(deadLetter.properties.headers["sms-attempt"] == nil)
        #expect(deadLetter.properties.headers["sms-first-seen"] == .string(Bench.start.rfc3339))
        // As a dead letter of an earlier version has it.
        deadLetter.properties.headers["sms-wait"] = .integer(3)
        deadLetter.exchange = "sms.commands"
        deadLetter.routingKey = "send"
        deadLetter.properties.replyTo = "answers"
        try await bench.flow.handle(bench.delivery(of: deadLetter))
        #expect(bench.publisher.routes.suffix(2) == ["sms.outbound/failed", "/answers"])
        #expect(await bench.sender.sent.count == 3)
    }

    @Test("a dead letter moved back with a replay number waits as any command, without the headers of a dead letter")
    func movedBackToWait() async throws {
        let first = Bench([busy], schedule: RetrySchedule(maxAttempts: 1))
        try await first.flow.handle(first.delivery())
        var deadLetter = try #require(first.publisher.published.first)
        deadLetter.exchange = "sms.commands"
        deadLetter.routingKey = "send"
        deadLetter.properties.headers["sms-replay"] = .integer(1)
        let schedule = RetrySchedule(delays: [.seconds(100)])
        let bench = Bench([busy, .accepted(messageUUID: "u")], after: first, schedule: schedule)
        try await bench.flow.handle(bench.delivery(of: deadLetter))
        let carrier = try #require(bench.publisher.carriers.first)
        #expect(carrier.properties.headers["sms-error-code"] == nil)
        try await bench.travel()
        #expect(try bench.publisher.events().map(\.id) == ["a-1/failed", "a-1/accepted/1"])
    }

    @Test("invalid again under the same id, for another reason, is another event")
    func invalidAgain() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(#"{"to": "none", "text": "x"}"#))
        try await bench.flow.handle(bench.delivery(#"{"to": "+14155550100"}"#))
        #expect(Set(try bench.publisher.events().map(\.id)).count == 2)
    }

    @Test("waits for the account and the rate do not make a command too old")
    func age() async throws {
        let throttled = Array(repeating: SubmitOutcome.throttled(retryAfter: .seconds(60)), count: 100)
        let bench = Bench(
            [busy] + throttled + [busy, .accepted(messageUUID: "u")],
            schedule: RetrySchedule(delays: [.seconds(1)], maxAge: .seconds(600))
        )
        try await bench.flow.handle(bench.delivery())
        try await bench.travel(hops: 1_000)
        #expect(try bench.publisher.events().map(\.id) == ["a-1/accepted"])
    }
}
