import Contracts
import Testing

@testable import SMSCore

@Suite("What an outcome means for a command")
struct DispositionTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func record(attempts: Int, firstFailure: Timestamp? = nil) -> MessageRecord {
        var record = MessageRecord(
            id: CommandID("a").unsafelyUnwrapped,
            bodyDigest: "d",
            lane: .send,
            facts: MessageFacts(),
            now: now
        )
        record.attempts = attempts
        record.firstFailureAt = firstFailure
        return record
    }

    private func disposition(_ outcome: SubmitOutcome, attempts: Int = 1, firstFailure: Timestamp? = nil) -> Disposition
    {
        Disposition.of(
            outcome,
            record: record(attempts: attempts, firstFailure: firstFailure),
            schedule: RetrySchedule(),
            now: now,
            spread: 0.5
        )
    }

    @Test("accepted: settled with the provider's id")
    func accepted() {
        let settlement = Settlement(outcome: .accepted, messageUUID: "u", error: nil, at: now)
        #expect(disposition(.accepted(messageUUID: "u")) == .settle(settlement))
    }

    @Test("refused: rejected, with the provider's own words")
    func refused() {
        let problem = ProviderProblem(status: 422, title: "Invalid", detail: "bad from")
        guard case .settle(let settlement) = disposition(.refused(problem)) else {
            Issue.record("not settled")
            return
        }
        #expect(settlement.outcome == .rejected)
        #expect(settlement.error?.code == .providerRejected)
        #expect(settlement.error?.detail == "bad from")
        #expect(settlement.error?.provider == problem)
    }

    @Test("throttled: again after the provider's wait, however often")
    func throttled() {
        #expect(
            disposition(.throttled(retryAfter: .seconds(7)), attempts: 99) == .tryAgain(after: .seconds(7), .throttled)
        )
    }

    @Test("the set-up's trouble: again, however often")
    func account() {
        let problem = ProviderProblem(status: 402)
        #expect(
            disposition(.accountTrouble(problem), attempts: 99) == .tryAgain(after: .seconds(1), .account(problem))
        )
    }

    @Test("not taken: again by the schedule, then failed", arguments: [(1, 1), (2, 5), (3, 30), (4, 120), (5, 600)])
    func unavailable(attempts: Int, seconds: Int) {
        #expect(
            disposition(.unavailable(reason: "503", nil), attempts: attempts)
                == .tryAgain(after: .seconds(seconds), .unavailable)
        )
    }

    @Test("not taken six times: retries exhausted")
    func exhausted() {
        guard case .settle(let settlement) = disposition(.unavailable(reason: "503", nil), attempts: 6) else {
            Issue.record("not settled")
            return
        }
        #expect(settlement.outcome == .failed)
        #expect(settlement.error?.code == .retriesExhausted)
    }

    @Test("not taken for a day: too old")
    func tooOld() {
        let outcome = disposition(
            .unavailable(reason: "503", nil),
            attempts: 2,
            firstFailure: now - .seconds(86_400)
        )
        guard case .settle(let settlement) = outcome else {
            Issue.record("not settled")
            return
        }
        #expect(settlement.error?.code == .tooOld)
    }

    @Test("no answer: uncertain, never retried by itself")
    func uncertain() {
        guard case .wait(let error) = disposition(.uncertain(reason: "no answer", nil)) else {
            Issue.record("not uncertain")
            return
        }
        #expect(error.code == .uncertain)
    }

    @Test("delays are spread by up to 20 % to either side", arguments: [(0.0, 800), (0.5, 1_000), (1.0, 1_200)])
    func jitter(spread: Double, milliseconds: Int) {
        let next = RetrySchedule().next(after: 1, firstFailure: now, now: now, spread: spread)
        #expect(next == .wait(.milliseconds(milliseconds)))
    }

    @Test("the last delay repeats")
    func lastRepeats() {
        let schedule = RetrySchedule(maxAttempts: 20)
        #expect(schedule.next(after: 15, firstFailure: now, now: now, spread: 0.5) == .wait(.seconds(600)))
    }
}
