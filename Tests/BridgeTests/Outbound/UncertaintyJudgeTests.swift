import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The assessment of silence", .timeLimit(.minutes(3)))
struct UncertaintyJudgeTests {
    private static let attempt = Samples.moment
    private static let wait: Duration = .seconds(40)
    private static let end = attempt + wait

    private let store = InMemoryStore()
    private let clock = ImmediateClock()

    /// Assesses at the end of the wait what a sender's missing receipt means.
    private func assess(from sender: String? = "+14155550100", now: Timestamp = end) async throws -> Silence {
        var record = Samples.record("a-1")
        record.facts.from = sender
        record.state = .uncertain(since: Self.attempt)
        return try await UncertaintyJudge(
            store: store,
            listener: store,
            retrier: Retrier(logger: .quiet, clock: clock),
            logger: .quiet,
            wait: Self.wait
        )
        .assess(record, attempt: Self.attempt, now: now)
    }

    /// Messages of the sender of `Samples` that were accepted so long after the attempt, each with a receipt.
    private func accept(_ count: Int, after time: Duration) async throws {
        for number in 0..<count {
            let id = "w-\(number)-\(time.components.seconds)"
            _ = try await store.save(Samples.accepted(id, uuid: id, at: Self.attempt + time))
            try await store.remember(Samples.receipt(id, "delivered"))
        }
    }

    @Test("is conclusive after three messages of the same sender that had receipts")
    func conclusive() async throws {
        try await accept(3, after: .seconds(5))
        #expect(try await assess() == .conclusive)
        #expect(try await assess(from: "+14155550177") != .conclusive)
        #expect(try await assess(from: nil) != .conclusive)
    }

    @Test("counts neither what was accepted before the attempt nor what is too young to have a receipt")
    func counted() async throws {
        try await accept(2, after: .seconds(5))
        try await accept(2, after: .zero)
        try await accept(2, after: .seconds(31))
        #expect(
            try await assess() == .inconclusive(why: "only 2 later messages of the same sender; 3 are needed")
        )
        // Ten seconds later they are old enough.
        #expect(try await assess(now: Self.end + .seconds(10)) == .conclusive)
    }

    @Test("looks at the failed webhooks since the attempt, and at those noted within the same second before")
    func failedWebhooks() async throws {
        try await accept(3, after: .seconds(5))
        try await store.noteFailedWebhook(at: Self.attempt - .seconds(5))
        #expect(try await assess() == .conclusive)
        let noted = Self.attempt - .milliseconds(900)
        try await store.noteFailedWebhook(at: noted)
        #expect(try await assess() == .inconclusive(why: "a webhook could not be taken at \(noted.rfc3339)"))
    }

    @Test("takes longer where the listener was down during the wait")
    func listenerDown() async throws {
        try await accept(3, after: .seconds(5))
        try await store.noteListening(at: Self.attempt + .seconds(1), tolerance: .seconds(5))
        try await store.noteListening(at: Self.attempt + .seconds(31), tolerance: .seconds(5))
        #expect(try await assess() == .tooEarly(until: Self.attempt + .seconds(91)))
    }

    @Test("waits for the store, rather than to conclude anything without it")
    func storeDown() async throws {
        try await accept(3, after: .seconds(5))
        await store.fail(with: TestProblem("down"))
        async let assessed = assess()
        while clock.slept.isEmpty { await Task.yield() }
        await store.fail(with: nil)
        #expect(try await assessed == .conclusive)
    }
}
