import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("A process that ends between two steps", .timeLimit(.minutes(3)))
struct OutboundCrashTests {
    private static func dying(at step: OutboundStep) -> OutboundStep.Hook {
        { if $0 == step { throw TestProblem("dies at \(step)") } }
    }

    /// Handles a delivery in a process that ends at a step, then in the next one, until nothing is left to come back.
    ///
    /// - Returns: the bench of the second process, and how many requests both have made.
    private func die(
        at step: OutboundStep,
        _ script: [SubmitOutcome],
        _ body: String = #"{"to": "+14155550100", "text": "Hello"}"#
    ) async throws -> (Bench, requests: Int, hasDied: Bool) {
        let sender = ScriptedSender(script)
        let first = Bench(boot: "one", sender: sender, onStep: Self.dying(at: step))
        var hasDied = false
        do { try await first.flow.handle(first.delivery(body, replyTo: "answers")) } catch is TestProblem {
            hasDied = true
        }
        let second = Bench(boot: "two", after: first, sender: sender)
        if hasDied { try await second.flow.handle(second.delivery(body, replyTo: "answers", isRedelivered: true)) }
        try await second.travel()
        return (second, await sender.sent.count, hasDied)
    }

    @Test("accepted: one request at most, one outcome", arguments: OutboundStep.allCases)
    func accepted(step: OutboundStep) async throws {
        let (bench, requests, hasDied) = try await die(at: step, [.accepted(messageUUID: "u")])
        let outcomes = Set(try bench.publisher.events().map(\.id))
        switch step {
        case .intentWritten:
            #expect(requests == 0)
            #expect(outcomes == ["a-1/uncertain", "a-1/failed"])
        case .requestMade:
            #expect(requests == 1)
            #expect(outcomes == ["a-1/uncertain", "a-1/failed"])
        default:
            #expect(requests == 1)
            #expect(outcomes == ["a-1/accepted"])
        }
        #expect(bench.publisher.routes.contains("/answers"))
        let elsewhere: [OutboundStep] = [.uncertaintyPublished, .carrierPublished, .waitWritten, .deadLetterPublished]
        #expect(hasDied != elsewhere.contains(step))
        #expect(try await bench.record()?.isPublished == true)
    }

    @Test("refused: the dead letter is there, once or again", arguments: OutboundStep.allCases)
    func refused(step: OutboundStep) async throws {
        let (bench, requests, _) = try await die(at: step, [.refused(ProviderProblem(status: 422))])
        #expect(requests <= 1)
        #expect(bench.publisher.routes.contains("/sms.dead"))
        let outcomes = Set(try bench.publisher.events().map(\.id))
        #expect(outcomes.contains("a-1/rejected") || outcomes.contains("a-1/failed"))
    }

    @Test("waiting: the command is carried on, and sent once", arguments: OutboundStep.allCases)
    func waiting(step: OutboundStep) async throws {
        let at = (Bench.start + .seconds(90)).rfc3339
        let body = #"{"to": "+14155550100", "text": "Hello", "send_at": "\#(at)", "on_uncertain": "fail"}"#
        let (bench, requests, _) = try await die(at: step, [.accepted(messageUUID: "u")], body)
        #expect(requests == 1)
        #expect(Set(try bench.publisher.events().map(\.id)) == ["a-1/accepted"])
        #expect(bench.publisher.carriers.isEmpty)
    }

    @Test("uncertain: published, waited for, and failed, with one request", arguments: OutboundStep.allCases)
    func uncertain(step: OutboundStep) async throws {
        let (bench, requests, _) = try await die(at: step, [.uncertain(reason: "silence", nil)])
        #expect(requests == (step == .intentWritten ? 0 : 1))
        #expect(Set(try bench.publisher.events().map(\.id)) == ["a-1/uncertain", "a-1/failed"])
    }

    @Test("a delivery that ends five processes is dead-lettered unread, and the others go on")
    func poison() async throws {
        var last = Bench()
        for number in 1...5 {
            // The mark stays, as with a process that is killed.
            let digest = Digest.hex(Array("a-1".utf8) + Array(#"{"to": "+14155550100", "text": "Hello"}"#.utf8))
            let count = try await last.store.beginHandling(digest, at: .now)
            #expect(count == number)
            last = Bench(boot: "\(number)", after: last)
        }
        try await last.flow.handle(last.delivery(isRedelivered: true))
        #expect(await last.sender.sent.isEmpty)
        #expect(last.publisher.routes == ["/sms.dead", "sms.outbound/failed"])
        #expect(try last.publisher.events().first?.data.error?.code == .poison)
        #expect(last.publisher.published.first?.properties.headers["sms-error-code"] == .string("poison"))
        try await last.flow.handle(last.delivery(id: "a-2"))
        #expect(await last.sender.sent.count == 1)
    }

    @Test("what waits in the gate has no mark and delays nothing, however often the process is killed meanwhile")
    func killedWhileWaiting() async throws {
        let hourly = SlotScheduler.Configuration(rate: .limited(count: 1, per: .seconds(3_600), unit: .requests))
        let digest = Digest.hex(Array("a-1".utf8) + Array(#"{"to": "+14155550100", "text": "Hello"}"#.utf8))
        var last = Bench()
        for number in 1...7 {
            let bench = Bench(boot: "\(number)", after: last, gate: hourly)
            // It takes the only slot; then everything waits.
            try await bench.flow.handle(bench.delivery(id: "first-\(number)"))
            let waiting = Task { try await bench.flow.handle(bench.delivery(isRedelivered: true)) }
            while bench.gate.snapshot.waiting[.send] != 1 { await Task.yield() }
            #expect(try await bench.store.handlings(of: digest) == 0)
            // Another delivery that a killed process has left marked goes on meanwhile.
            let other = #"{"to": "none", "text": "x"}"#
            _ = try await bench.store.beginHandling(
                Digest.hex(Array("o-\(number)".utf8) + Array(other.utf8)),
                at: bench.now
            )
            try await bench.flow.handle(bench.delivery(other, id: "o-\(number)", isRedelivered: true))
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            last = bench
        }
        let free = Bench(boot: "free", after: last)
        try await free.flow.handle(free.delivery(isRedelivered: true))
        #expect(await free.sender.sent.count == 1)
        #expect(try free.publisher.events().last?.id == "a-1/accepted")
    }

    @Test("a delivery that comes again and does no harm leaves no mark")
    func innocent() async throws {
        let bench = Bench()
        for number in 0..<8 {
            try await bench.flow.handle(bench.delivery(id: "i-\(number)", isRedelivered: true))
            try await bench.flow.handle(bench.delivery(id: "i-\(number)", isRedelivered: true))
        }
        #expect(await bench.sender.sent.count == 8)
        let digest = Digest.hex(Array("i-0".utf8) + Array(#"{"to": "+14155550100", "text": "Hello"}"#.utf8))
        #expect(try await bench.store.handlings(of: digest) == 0)
    }
}
