import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("When it is not known whether it was sent", .timeLimit(.minutes(3)))
struct OutboundUncertainTests {
    private let silence = SubmitOutcome.uncertain(reason: "no answer", nil)

    private func body(_ mode: OnUncertain) -> String {
        #"{"to": "+14155550100", "text": "Hello", "on_uncertain": "\#(mode.rawValue)"}"#
    }

    /// Messages of the same sender that are accepted now, each with a receipt or without.
    private func witnesses(_ bench: Bench, _ count: Int, withReceipt: Int) async throws {
        for number in 0..<count {
            let uuid = "w-\(number)-\(bench.now.milliseconds)"
            let other = Bench([.accepted(messageUUID: uuid)], after: bench)
            try await other.flow.handle(other.delivery(id: uuid))
            guard number < withReceipt else { continue }
            let receipt = SeenReceipt(
                messageUUID: uuid,
                commandID: nil,
                status: "delivered",
                timestamp: "t",
                error: nil,
                seenAt: bench.now
            )
            try await bench.store.remember(receipt)
        }
    }

    private func outcomes(_ bench: Bench) throws -> [String] {
        try bench.publisher.events().map(\.id).filter { $0.hasPrefix("a-1/") }
    }

    @Test("published once, and waited for; without a receipt it fails, advice never")
    func fails() async throws {
        let bench = Bench([silence])
        try await bench.flow.handle(bench.delivery(body(.fail), replyTo: "answers"))
        #expect(bench.publisher.routes == ["sms.outbound/uncertain"])
        #expect(try bench.publisher.events().first?.data.error?.detail == "no answer")
        #expect(bench.log.all.count == 1)
        let levels = try await bench.travel()
        #expect(levels == ["2m"])
        #expect(bench.now - Bench.start == .seconds(120))
        #expect(await bench.sender.sent.count == 1)
        #expect(bench.publisher.routes == ["sms.outbound/uncertain", "/sms.dead", "sms.outbound/failed", "/answers"])
        let failed = try #require(bench.publisher.events().last)
        #expect(failed.data.error?.code == .uncertain)
        #expect(failed.data.attempts == 1)
        let deadLetter = bench.publisher.published.first { $0.routingKey == "sms.dead" }
        #expect(deadLetter?.properties.headers["sms-advice"] == .string("never"))
    }

    /// Writes down what a receipt proves.
    private func prove(_ bench: Bench, _ uuid: String) async throws -> MessageRecord? {
        let record = try #require(try await bench.record())
        guard case .write(let proved) = ReceiptProof.of(uuid, for: record, retention: .seconds(9_999), now: bench.now)
        else { throw TestProblem("no proof") }
        return try await bench.store.save(proved)
    }

    @Test("a receipt that comes while it waits proves it accepted, which is published at once, and once")
    func proved() async throws {
        let bench = Bench([silence])
        try await bench.flow.handle(bench.delivery(body(.resend), replyTo: "answers"))
        bench.clock.pass(.seconds(3))
        #expect(try await prove(bench, "u-7") != nil)
        // Many receipts of one message.
        for _ in 0..<3 { try await bench.flow.publishProved(Samples.id("a-1")) }
        #expect(bench.publisher.routes == ["sms.outbound/uncertain", "sms.outbound/accepted"])
        #expect(try bench.publisher.events().last?.data.messageUUID == "u-7")
        #expect(bench.now - Bench.start == .seconds(3))
        #expect(try await bench.record()?.isPublished == true)
        #expect(try await bench.travel() == ["2m"])
        #expect(bench.publisher.routes.last == "/answers")
        #expect(await bench.sender.sent.count == 1)
        #expect(try outcomes(bench) == ["a-1/uncertain", "a-1/accepted"])
    }

    @Test("a proof that is unpublished, as after a crash, is published by the copy")
    func provedUnpublished() async throws {
        let bench = Bench([silence])
        try await bench.flow.handle(bench.delivery(body(.resend)))
        #expect(try await prove(bench, "u-7") != nil)
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        #expect(try outcomes(bench) == ["a-1/uncertain", "a-1/accepted"])
        // There is nothing left to publish, nor for a command that is not known.
        try await bench.flow.publishProved(Samples.id("a-1"))
        try await bench.flow.publishProved(Samples.id("unknown"))
        #expect(bench.publisher.published.count == 2)
    }

    @Test("resend: sent again after the wait, at most as often as anything is")
    func resends() async throws {
        let bench = Bench([silence], schedule: RetrySchedule(maxAttempts: 3))
        try await bench.flow.handle(bench.delivery(body(.resend)))
        try await bench.travel()
        #expect(await bench.sender.sent.count == 3)
        #expect(try outcomes(bench) == ["a-1/uncertain", "a-1/failed"])
        #expect(try bench.publisher.events().last?.data.error?.code == .uncertain)
    }

    @Test("auto: sent again only when later messages of the same sender all had their receipts")
    func auto() async throws {
        for (count, withReceipt, isResent) in [(3, 3, true), (2, 2, false), (5, 4, false), (0, 0, false)] {
            let bench = Bench([silence, .accepted(messageUUID: "second")])
            try await bench.flow.handle(bench.delivery(body(.auto)))
            bench.clock.pass(.seconds(1))
            try await witnesses(bench, count, withReceipt: withReceipt)
            try await bench.travel()
            #expect(await bench.sender.sent.count == (isResent ? 2 : 1), "\(count) \(withReceipt)")
            #expect(try outcomes(bench).last == (isResent ? "a-1/accepted" : "a-1/failed"))
        }
    }

    @Test("auto: a listener that was down prolongs the wait to twice the gap after its end")
    func gap() async throws {
        let bench = Bench([silence, .accepted(messageUUID: "second")])
        try await bench.store.noteListening(at: bench.now, tolerance: .seconds(3))
        try await bench.flow.handle(bench.delivery(body(.auto)))
        bench.clock.pass(.seconds(100))
        try await bench.store.noteListening(at: bench.now, tolerance: .seconds(3))
        try await witnesses(bench, 4, withReceipt: 4)
        try await bench.travel()
        #expect(await bench.sender.sent.count == 2)
        // 100 s of silence, and twice as much after its end.
        #expect((.seconds(300)...(.seconds(301))).contains(bench.now - Bench.start))
    }

    @Test("auto: a genuine webhook that failed makes the silence inconclusive")
    func failedWebhook() async throws {
        let bench = Bench([silence, .accepted(messageUUID: "second")])
        try await bench.flow.handle(bench.delivery(body(.auto)))
        bench.clock.pass(.seconds(10))
        try await bench.store.noteFailedWebhook(at: bench.now)
        try await witnesses(bench, 4, withReceipt: 4)
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        #expect(try bench.publisher.events().last?.data.error?.detail.contains("could not be taken") == true)
    }

    @Test("a request of a process that is gone: uncertain, published, and waited for")
    func crashed() async throws {
        let first = Bench(
            [.accepted(messageUUID: "lost")],
            boot: "gone",
            onStep: { if $0 == .requestMade { throw TestProblem("dies") } }
        )
        await #expect(throws: TestProblem.self) { try await first.flow.handle(first.delivery(body(.fail))) }
        let bench = Bench(after: first)
        try await bench.flow.handle(bench.delivery(body(.fail), isRedelivered: true))
        #expect(try outcomes(bench) == ["a-1/uncertain"])
        try await bench.travel()
        #expect(await bench.sender.sent.isEmpty)
        #expect(try outcomes(bench) == ["a-1/uncertain", "a-1/failed"])
        #expect(try bench.publisher.events().last?.data.attempts == 1)
    }

    @Test("cancelled while uncertain: nothing changes, for it may have been sent")
    func cancelled() async throws {
        let bench = Bench([silence])
        try await bench.flow.handle(bench.delivery(body(.resend)))
        try await bench.cancelFlow.handle(bench.delivery(#"{"id": "a-1"}"#, id: nil))
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        #expect(try outcomes(bench) == ["a-1/uncertain", "a-1/failed"])
    }
}

struct TestProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
