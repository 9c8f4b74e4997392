import Contracts
import Testing

@testable import SMSCore

@Suite("The decision about a command")
struct DecisionTests {
    private let now = Timestamp(milliseconds: 1_795_579_200_000)
    private let boot = BootID("this")
    private let retention: Duration = .seconds(30 * 86_400)
    private let id = CommandID("a-1").unsafelyUnwrapped

    private func situation(
        _ fields: String = "",
        digest: String = "d1",
        firstSeen: Timestamp? = nil
    ) throws -> Decision.Situation {
        let json = #"{"to": "14155550100", "text": "x"\#(fields)}"#
        return Decision.Situation(
            id: id,
            bodyDigest: digest,
            lane: .send,
            preparation: Preparation.of(
                try SendCommand.read(Array(json.utf8), now: now),
                id: id,
                defaultSender: Sender("14155550199")
            ),
            correlationID: "corr",
            traceparent: nil,
            firstSeen: firstSeen,
            now: now,
            boot: boot
        )
    }

    private func decide(_ record: MessageRecord?, _ situation: Decision.Situation) -> Decision {
        Decision.of(record, in: situation, retention: retention)
    }

    private func record(_ state: MessageState, digest: String = "d1", told: Bool = false) throws -> MessageRecord {
        var record = try situation(digest: digest).freshRecord(replacing: nil)
        record.version = 3
        record.state = state
        record.isTold = told
        return record
    }

    private func settled(_ outcome: Outcome, uuid: String? = nil) -> MessageState {
        .settled(Settlement(outcome: outcome, messageUUID: uuid, error: nil, at: now))
    }

    @Test("never seen: a first attempt by this process")
    func fresh() throws {
        guard case .send(let record, let prepared) = decide(nil, try situation()) else {
            Issue.record("not sent")
            return
        }
        #expect(record.version == 0)
        #expect(record.state == .sending(Attempt(number: 1, since: now, owner: boot)))
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

    @Test("past its time: expired")
    func expired() throws {
        guard case .settle(let record) = decide(nil, try situation(#", "expires_at": "2026-11-25T04:00:00Z""#)) else {
            Issue.record("not settled")
            return
        }
        #expect(record.settlement?.outcome == .expired)
    }

    @Test("not due yet: held until then")
    func early() throws {
        let decision = decide(nil, try situation(#", "send_at": "2026-11-25T05:00:00Z""#))
        #expect(decision == .hold(until: now + .seconds(3_600)))
    }

    @Test("older than records are kept, and unknown: not sent")
    func tooOld() throws {
        let old = now - (retention + .seconds(1))
        guard case .settle(let record) = decide(nil, try situation(firstSeen: old)) else {
            Issue.record("not settled")
            return
        }
        #expect(record.settlement?.error?.code == .tooOld)
        guard case .send = decide(nil, try situation(firstSeen: now - retention)) else {
            Issue.record("a younger one is sent")
            return
        }
    }

    @Test("settled and not told: the rest of the line")
    func finish() throws {
        let record = try record(settled(.accepted, uuid: "u"))
        #expect(decide(record, try situation()) == .finish(record))
    }

    @Test("settled and told: the same outcome again, also for another body")
    func retell() throws {
        let record = try record(settled(.accepted, uuid: "u"), told: true)
        #expect(decide(record, try situation()) == .retell(record))
        #expect(decide(record, try situation(digest: "d2")) == .retell(record))
        #expect(try situation(digest: "d2").isReuse(of: record))
    }

    @Test("invalid before, and mended under the same id: a new command in the old record's place")
    func mended() throws {
        let record = try record(settled(.invalid), told: true)
        guard case .send(let begun, _) = decide(record, try situation(digest: "d2")) else {
            Issue.record("not sent")
            return
        }
        #expect(begun.version == 3)
        #expect(begun.bodyDigest == "d2")
        #expect(!begun.isTold)
        #expect(decide(record, try situation()) == .retell(record))
    }

    @Test("a request of a process that is gone: never sent again unheard")
    func crashed() throws {
        let record = try record(.sending(Attempt(number: 2, since: now, owner: BootID("gone"))))
        guard case .settle(let settled) = decide(record, try situation()) else {
            Issue.record("not settled")
            return
        }
        #expect(settled.settlement?.outcome == .failed)
        #expect(settled.settlement?.error?.code == .uncertain)
        #expect(settled.attempts == 2)
        guard case .send(let again, _) = decide(record, try situation(#", "on_uncertain": "resend""#)) else {
            Issue.record("resend sends again")
            return
        }
        #expect(again.state == .sending(Attempt(number: 3, since: now, owner: boot)))
    }

    @Test("proved by a receipt while nobody knew: accepted")
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
        let settled = record.settled(.accepted, messageUUID: "u", error: nil, retention: retention, now: now)
        #expect(settled.keepUntil == Timestamp(rfc3339: "2026-12-25T04:00:00Z").map { $0 + retention })
    }
}
