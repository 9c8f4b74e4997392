import Contracts
import Testing

@testable import SMSCore

@Suite("What a message waits for")
struct MessageWaitTests {
    private let now = Timestamp(milliseconds: 1_769_850_000_000)
    private var later: Timestamp { now + .seconds(60) }

    private func record() throws -> MessageRecord {
        let id = try #require(CommandID("a"))
        return MessageRecord(id: id, bodyDigest: "d", lane: .send, facts: MessageFacts(), now: now)
    }

    @Test("is what was noted when its wait began", arguments: WaitReason.allCases)
    func noted(reason: WaitReason) throws {
        let record = try record().waiting(until: later, now: now, for: reason)
        #expect(record.wait(at: now) == MessageWait(reason: reason, until: later, detail: nil))
        #expect(record.wait(at: later) == nil)
        // The moment of a window is met exactly, and no other.
        #expect(record.facts.opensAt == (reason == .window ? later : nil))
        #expect(record.settled(.expired, EventError(.expired, detail: ""), .seconds(1), now).wait(at: now) == nil)
    }

    @Test("is its send_at also where it expires before")
    func expiresBefore() throws {
        var record = try record()
        record.facts.sendAt = later + .seconds(60)
        record.facts.expiresAt = later
        #expect(record.waiting(until: later, now: now, for: .schedule).wait(at: now)?.reason == .schedule)
    }

    @Test("is another attempt, or a receipt, with what the last request came to")
    func afterRequest() throws {
        var refused = try record()
        refused.notBefore = later
        refused.history.note(.notTaken, at: now, until: later, "503")
        #expect(refused.wait(at: now) == MessageWait(reason: .retry, until: later, detail: "503"))
        var uncertain = try record()
        uncertain.state = .uncertain(since: now)
        uncertain.notBefore = later
        uncertain.history.note(.uncertain, at: now, until: later, "the connection was lost")
        #expect(
            uncertain.wait(at: now) == MessageWait(reason: .receipt, until: later, detail: "the connection was lost")
        )
    }

    @Test("of a record without a history follows from its moments")
    func withoutHistory() throws {
        var old = try record()
        old.notBefore = later
        #expect(old.wait(at: now) == MessageWait(reason: .retry, until: later, detail: nil))
        old.reservedSlot = later
        #expect(old.wait(at: now)?.reason == .rate)
        old.state = .uncertain(since: now)
        #expect(old.wait(at: now)?.reason == .receipt)
        old.facts.sendAt = later
        #expect(old.wait(at: now)?.reason == .schedule)
        old.facts.opensAt = later
        #expect(old.wait(at: now)?.reason == .window)
    }
}
