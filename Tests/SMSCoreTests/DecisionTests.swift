import Contracts
import Testing

@testable import SMSCore

@Suite("The decision about a command")
struct DecisionTests {
    private let now = Timestamp(milliseconds: 1_795_579_200_000)
    private let boot = BootID("this")
    private let policy = Decision.Policy()
    private var retention: Duration { policy.retention }
    private let id = CommandID("a-1").unsafelyUnwrapped

    private func situation(
        _ fields: String = "",
        digest: String = "d1",
        wantsReply: Bool = false,
        marks: CopyMarks = CopyMarks()
    ) throws -> Decision.Situation {
        try .sample(fields, digest: digest, wantsReply: wantsReply, marks: marks, now: now)
    }

    private func decide(_ record: MessageRecord?, _ situation: Decision.Situation) -> Decision {
        Decision.of(record, in: situation, policy: policy)
    }

    private func record(_ state: MessageState, digest: String = "d1", published: Bool = false) throws -> MessageRecord {
        var record = try situation(digest: digest).freshRecord(replacing: nil)
        record.version = 3
        record.state = state
        record.isPublished = published
        return record
    }

    private func settled(_ outcome: Outcome, uuid: String? = nil) -> MessageState {
        .settled(Settlement(outcome: outcome, messageUUID: uuid, error: nil, at: now))
    }

    @Test("a boot id is another one each time it is made")
    func bootIDs() {
        let made = Set((0..<100).map { _ in BootID.random() })
        #expect(made.count == 100)
    }

    @Test("never seen: a first attempt by this process")
    func fresh() throws {
        guard case .send(let record, let prepared) = decide(nil, try situation()) else {
            Issue.record("not sent")
            return
        }
        #expect(record.version == 0)
        #expect(record.beginning(at: now, by: boot).state == .sending(Attempt(number: 1, since: now, owner: boot)))
        #expect(record.facts.from == "+14155550199")
        #expect(record.facts.segments == 1)
        #expect(record.facts.correlationID == "corr")
        #expect(prepared.sms.reference == "a-1")
    }

    @Test("invalid: settled with every problem, nothing is sent")
    func invalid() throws {
        guard case .settle(let record) = decide(nil, try situation(#", "max_segments": 0, "encoding": "x""#)) else {
            Issue.record("not settled")
            return
        }
        #expect(record.settlement?.outcome == .invalid)
        #expect(record.settlement?.error?.problems?.map(\.field) == ["encoding", "max_segments"])
        #expect(record.facts.to == "+14155550100")
    }

    @Test("a wait that began while the clock was a month ahead begins again, and does not last for a month")
    func waitUnderWrongClock() throws {
        let wrong = now + .seconds(31 * 86_400)
        var waiting = try record(.pending).waiting(until: wrong + .seconds(30), now: wrong, for: .rate)
        waiting.wait = 1
        let marks = CopyMarks(wait: 1)
        let expected = waiting.waiting(until: now + .seconds(30), now: now, for: .clock)
        #expect(decide(waiting, try situation(marks: marks)) == .wait(expected, until: now + .seconds(30)))
        // A reply is waited for no longer.
        #expect(decide(waiting, try situation(wantsReply: true)) == .join(until: now + .seconds(30)))
        // Written down a moment ago by a clock that was slewed: as it is.
        let recent = try record(.pending).waiting(until: now + .seconds(40), now: now + .seconds(10), for: .rate)
        #expect(decide(recent, try situation()) == .wait(recent, until: now + .seconds(40)))
    }

    @Test("what a process that is gone has begun under a wrong clock waits for its receipt from now")
    func attemptUnderWrongClock() throws {
        let wrong = now + .seconds(31 * 86_400)
        let begun = try record(.pending).beginning(at: wrong, by: boot)
        guard case .wait(let waiting, let until) = decide(begun, try situation()) else {
            Issue.record("no wait")
            return
        }
        #expect(until == now + policy.uncertainWait)
        #expect(waiting.state == .uncertain(since: wrong))
        let silence = Silence.of(
            attempt: wrong,
            end: wrong + policy.uncertainWait,
            gaps: [],
            acceptances: Acceptances(count: 9, withReceipt: 9),
            now: until
        )
        #expect(silence == .inconclusive(why: "the clock was ahead when it was attempted"))
    }

    @Test("past its time: expired")
    func expired() throws {
        guard case .settle(let record) = decide(nil, try situation(#", "expires_at": "2026-11-25T04:00:00Z""#)) else {
            Issue.record("not settled")
            return
        }
        #expect(record.settlement?.outcome == .expired)
    }

    @Test("not due yet: waits until then")
    func early() throws {
        let due = now + .seconds(3_600)
        guard case .wait(let record, let until) = decide(nil, try situation(#", "send_at": "2026-11-25T05:00:00Z""#))
        else {
            Issue.record("does not wait")
            return
        }
        #expect(until == due)
        #expect(record.notBefore == due)
        #expect(record.state == .pending)
    }

    @Test("a waiting command: each copy by its number", arguments: [0, 1, 2, 3], [false, true])
    func copies(number: Int, wantsReply: Bool) throws {
        var record = try record(.pending)
        record.wait = 2
        record.notBefore = now + .seconds(60)
        let decision = decide(record, try situation(wantsReply: wantsReply, marks: CopyMarks(wait: number)))
        switch (number < 2, wantsReply) {
        case (false, _): #expect(decision == .wait(record, until: now + .seconds(60)))
        case (true, true): #expect(decision == .join(until: now + .seconds(60)))
        case (true, false): #expect(decision == .leave)
        }
        record.notBefore = now
        guard case .send = decide(record, try situation(marks: CopyMarks(wait: number))) else {
            Issue.record("the wait is over, so any copy carries the command on")
            return
        }
    }

    @Test("another body under the id of a command that is under way is never carried out")
    func underWay() throws {
        let states: [MessageState] = [
            .pending, .uncertain(since: now), .sending(Attempt(number: 1, since: now, owner: boot)),
            settled(.accepted, uuid: "u"),
        ]
        for state in states {
            let record = try record(state)
            #expect(decide(record, try situation(digest: "d2")) == .leave)
            #expect(decide(record, try situation(digest: "d2", wantsReply: true)) == .join(until: now + .seconds(1)))
        }
    }

    @Test("older than records are kept, and unknown: not sent, unless a replay is forced")
    func tooOld() throws {
        let old = now - (retention + .seconds(1))
        guard case .settle(let record) = decide(nil, try situation(marks: CopyMarks(firstSeen: old))) else {
            Issue.record("not settled")
            return
        }
        #expect(record.settlement?.error?.code == .tooOld)
        let sent = [CopyMarks(firstSeen: now - retention), CopyMarks(firstSeen: old, replay: 1, isForced: true)]
        for marks in sent {
            guard case .send = decide(nil, try situation(marks: marks)) else {
                Issue.record("not sent: \(marks)")
                continue
            }
        }
    }

    @Test("a replay carries a settled command out once more; what may have been sent has to be forced")
    func replays() throws {
        let uncertain = EventError(.uncertain, detail: "")
        let ends: [(MessageState, hasDoubt: Bool)] = [
            (settled(.failed), false), (settled(.rejected), false), (settled(.accepted, uuid: "u"), true),
            (.settled(Settlement(outcome: .failed, messageUUID: nil, error: uncertain, at: now)), true),
        ]
        for (end, hasDoubt) in ends {
            let record = try record(end, published: true)
            let plain = decide(record, try situation(marks: CopyMarks(replay: 1)))
            let forced = decide(record, try situation(marks: CopyMarks(replay: 1, isForced: true)))
            #expect((plain == .republish(record)) == hasDoubt)
            guard case .send(let again, _) = forced else {
                Issue.record("not sent though forced")
                continue
            }
            #expect(again.replay == 1)
            #expect(again.version == record.version)
            #expect(again.attempts == 0)
            var replayed = record
            replayed.replay = 1
            #expect(decide(replayed, try situation(marks: CopyMarks(replay: 1))) == .republish(replayed))
        }
    }

    @Test("settled and not published: publish it")
    func finish() throws {
        let record = try record(settled(.accepted, uuid: "u"))
        #expect(decide(record, try situation()) == .finish(record))
    }

    @Test("settled and published: the same outcome again, also for another body")
    func republish() throws {
        let record = try record(settled(.accepted, uuid: "u"), published: true)
        #expect(decide(record, try situation()) == .republish(record))
        #expect(decide(record, try situation(digest: "d2")) == .republish(record))
        #expect(try situation(digest: "d2").isReuse(of: record))
    }

    @Test("invalid before, and corrected under the same id: a new command in the old record's place")
    func corrected() throws {
        let record = try record(settled(.invalid), published: true)
        guard case .send(let begun, _) = decide(record, try situation(digest: "d2")) else {
            Issue.record("not sent")
            return
        }
        #expect(begun.version == 3)
        #expect(begun.bodyDigest == "d2")
        #expect(!begun.isPublished)
        #expect(decide(record, try situation()) == .republish(record))
    }

    @Test("invalid before, and an earlier request may have arrived: another body is no new command")
    func correctedInDoubt() throws {
        var uncertain = try record(settled(.invalid), published: true)
        uncertain.isUncertainPublished = true
        var replayed = try record(settled(.invalid), published: true)
        replayed.hasEarlierDoubt = true
        for record in [uncertain, replayed] {
            #expect(decide(record, try situation(digest: "d2")) == .republish(record))
            #expect(try situation(digest: "d2").isReuse(of: record))
        }
    }

    @Test("invalid or denied by now, and an earlier request may have arrived: failed as uncertain, never invalid")
    func invalidInDoubt() throws {
        var pending = try record(.pending)
        pending.isUncertainPublished = true
        guard case .settle(let broken) = decide(pending, try situation(#", "max_segments": 0"#)) else {
            Issue.record("not settled")
            return
        }
        #expect(broken.settlement?.outcome == .failed)
        #expect(broken.settlement?.error?.code == .uncertain)
        let denying = Decision.Policy(destinations: DestinationRules(denied: ["1"]))
        guard case .settle(let denied) = Decision.of(pending, in: try situation(), policy: denying) else {
            Issue.record("not settled")
            return
        }
        #expect(denied.settlement?.error?.code == .uncertain)
    }

    @Test("the doubt about a request outlives the request that follows it, and a replay")
    func lastingDoubt() throws {
        var again = try record(.uncertain(since: now)).beginning(at: now, by: boot)
        again.state = .pending
        #expect(again.mayHaveReachedHandset)
        var untouched = try record(.pending).beginning(at: now, by: boot)
        untouched.state = .pending
        #expect(!untouched.mayHaveReachedHandset)
        let accepted = try record(settled(.accepted, uuid: "u"), published: true)
        let forced = try situation(marks: CopyMarks(replay: 1, isForced: true))
        #expect(forced.freshRecord(replacing: accepted).mayHaveReachedHandset)
        let rejected = try record(settled(.rejected), published: true)
        #expect(!forced.freshRecord(replacing: rejected).mayHaveReachedHandset)
    }

    @Test("a request of a process that is gone: uncertain, and the whole wait from now on")
    func crashed() throws {
        let begun = now - .seconds(9_000)
        let record = try record(.sending(Attempt(number: 2, since: begun, owner: BootID("gone"))))
        guard case .wait(let waiting, let until) = decide(record, try situation()) else {
            Issue.record("does not wait")
            return
        }
        #expect(waiting.state == .uncertain(since: begun))
        #expect(waiting.attempts == 2)
        #expect(until == now + policy.uncertainWait)
    }

    @Test("uncertain, and the wait is over: by on_uncertain, and by what the missing receipt means")
    func uncertain() throws {
        var record = try record(.uncertain(since: now - .seconds(120)))
        record.attempts = 2
        record.notBefore = now
        func decision(_ fields: String, _ silence: Silence? = nil) throws -> Decision {
            var situation = try situation(fields)
            situation.silence = silence
            return decide(record, situation)
        }
        func isSent(_ decision: Decision) -> Bool { if case .send = decision { true } else { false } }
        func code(_ decision: Decision) -> ErrorCode? {
            if case .settle(let record) = decision { record.settlement?.error?.code } else { nil }
        }
        #expect(isSent(try decision(#", "on_uncertain": "resend""#)))
        #expect(code(try decision(#", "on_uncertain": "fail""#)) == .uncertain)
        #expect(try decision("") == .assess(record))
        #expect(isSent(try decision("", .conclusive)))
        #expect(code(try decision("", .inconclusive(why: "x"))) == .uncertain)
        let later = now + .seconds(30)
        #expect(
            try decision("", .tooEarly(until: later))
                == .wait(record.waiting(until: later, now: now, for: .receipt), until: later)
        )
        // What may have been sent is neither expired nor invalid.
        let expired = #", "on_uncertain": "resend", "expires_at": "2026-11-25T04:00:00Z""#
        #expect(code(try decision(expired)) == .uncertain)
        #expect(code(try decision(#", "max_segments": 0"#)) == .uncertain)
        record.attempts = policy.schedule.maxAttempts
        #expect(code(try decision(#", "on_uncertain": "resend""#)) == .uncertain)
    }

    @Test("proved by a receipt while it was not known: accepted")
    func proved() throws {
        var record = try record(.sending(Attempt(number: 1, since: now, owner: BootID("gone"))))
        record.provedUUID = "u-7"
        guard case .settle(let settled) = decide(record, try situation()) else {
            Issue.record("not settled")
            return
        }
        #expect(settled.settlement?.outcome == .accepted)
        #expect(settled.settlement?.messageUUID == "u-7")
    }

    @Test("kept from the latest of its end, send_at and expires_at")
    func retentionCounts() throws {
        let record = try situation(#", "expires_at": "2026-12-25T04:00:00Z""#).freshRecord(replacing: nil)
        let accepted = Settlement(outcome: .accepted, messageUUID: "u", error: nil, at: now)
        let settled = record.settled(accepted, retention: retention)
        #expect(settled.keepUntil == Timestamp(rfc3339: "2026-12-25T04:00:00Z").map { $0 + retention })
    }
}
