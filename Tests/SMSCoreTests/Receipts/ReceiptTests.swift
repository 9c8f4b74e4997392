import Contracts
import Testing

@testable import SMSCore

@Suite("The order of receipts")
struct ReceiptOrderingTests {
    private func receipt(_ status: String, at seconds: Int64, error: String? = nil, source: ReceiptSource = .webhook)
        -> SeenReceipt
    {
        SeenReceipt(
            messageUUID: "u",
            commandID: nil,
            status: status,
            timestamp: Timestamp(milliseconds: seconds * 1000).rfc3339,
            error: error.map { ReceiptError(code: $0) },
            seenAt: Timestamp(milliseconds: 0),
            source: source
        )
    }

    private func judge(_ new: SeenReceipt, _ seen: [SeenReceipt]) -> ReceiptOrdering.Verdict {
        ReceiptOrdering.judge(new, at: Timestamp(rfc3339: new.timestamp), seen: seen)
    }

    @Test("the first is news, and so is what follows in order")
    func inOrder() {
        #expect(judge(receipt("submitted", at: 1), []) == .fresh)
        #expect(judge(receipt("delivered", at: 2), [receipt("submitted", at: 1)]) == .fresh)
    }

    @Test("the same again is a repeat; another error code is not the same")
    func repeats() {
        #expect(judge(receipt("rejected", at: 1, error: "1"), [receipt("rejected", at: 1, error: "1")]) == .repeated)
        #expect(judge(receipt("rejected", at: 1, error: "2"), [receipt("rejected", at: 1, error: "1")]) == .superseded)
    }

    @Test("what was asked for and what was posted are the same where they say the same, whatever their times")
    func sources() {
        let reported = receipt("rejected", at: 1, error: "1", source: .reports)
        #expect(judge(receipt("rejected", at: 2, error: "1"), [reported]) == .repeated)
        #expect(judge(receipt("rejected", at: 2), [reported]) == .repeated)
        #expect(judge(receipt("rejected", at: 2, error: "2"), [reported]) == .superseded)
        #expect(judge(receipt("delivered", at: 2), [reported]) == .superseded)
        #expect(judge(reported, [receipt("rejected", at: 2, error: "1")]) == .repeated)
        #expect(judge(receipt("submitted", at: 5), [receipt("submitted", at: 1, source: .reports)]) == .repeated)
        // Two of one source differ by their times, as ever.
        #expect(judge(receipt("read", at: 2), [receipt("read", at: 1)]) == .fresh)
    }

    @Test("after an end everything is superseded, even another end")
    func final() {
        #expect(judge(receipt("submitted", at: 1), [receipt("delivered", at: 2)]) == .superseded)
        #expect(judge(receipt("rejected", at: 3), [receipt("delivered", at: 2)]) == .superseded)
    }

    @Test("one that is older than another is superseded, unless it is an end")
    func late() {
        #expect(judge(receipt("submitted", at: 1), [receipt("read", at: 2)]) == .superseded)
        #expect(judge(receipt("delivered", at: 1), [receipt("submitted", at: 2)]) == .fresh)
        #expect(ReceiptOrdering.judge(receipt("submitted", at: 1), at: nil, seen: [receipt("read", at: 2)]) == .fresh)
    }
}

@Suite("What a receipt proves")
struct ReceiptProofTests {
    private let now = Timestamp(milliseconds: 5_000)

    private func record(
        _ state: MessageState,
        attempts: Int = 1,
        proved: String? = nil,
        replay: Int = 0
    ) -> MessageRecord {
        var record = MessageRecord(
            id: CommandID("a").unsafelyUnwrapped,
            bodyDigest: "d",
            lane: .send,
            facts: MessageFacts(),
            now: now
        )
        record.state = state
        record.attempts = attempts
        record.provedUUID = proved
        record.replay = replay
        return record
    }

    private func prove(_ uuid: String, _ record: MessageRecord) -> ReceiptProof {
        ReceiptProof.of(uuid, for: record, retention: .seconds(10), now: now)
    }

    private func settled(_ outcome: Outcome, _ uuid: String? = nil, _ code: ErrorCode? = nil) -> MessageState {
        let error = code.map { EventError($0, detail: "") }
        return .settled(Settlement(outcome: outcome, messageUUID: uuid, error: error, at: now))
    }

    @Test("pending or uncertain, with an attempt made: accepted")
    func accepted() {
        for state in [MessageState.pending, .uncertain(since: now)] {
            guard case .write(let written) = prove("u", record(state)) else {
                Issue.record("nothing written for \(state)")
                continue
            }
            #expect(written.settlement?.outcome == .accepted)
            #expect(written.settlement?.messageUUID == "u")
        }
    }

    @Test("pending, with no attempt made: not ours message under an equal reference")
    func foreign() {
        #expect(prove("u", record(.pending, attempts: 0)) == .foreign)
    }

    @Test(
        "ended with no attempt made: not ours",
        arguments: [
            (Outcome.invalid, ErrorCode.invalid), (.expired, .expired), (.suppressed, .optedOut),
            (.cancelled, .cancelled), (.rejected, .destinationDenied),
        ]
    )
    func foreignEnd(outcome: Outcome, code: ErrorCode) {
        #expect(prove("u", record(settled(outcome, nil, code), attempts: 0)) == .foreign)
        #expect(prove("u", record(settled(outcome, nil, code), attempts: 1)) == .nothing)
    }

    @Test("what may have been sent under this id before is ours: after a replay, and what failed without an attempt")
    func ours() {
        #expect(prove("u", record(.pending, attempts: 0, replay: 1)) == .nothing)
        #expect(prove("u", record(settled(.cancelled, nil, .cancelled), attempts: 0, replay: 1)) == .nothing)
        #expect(prove("u", record(settled(.failed, nil, .poison), attempts: 0)) == .nothing)
        guard case .write = prove("u", record(settled(.failed, nil, .tooOld), attempts: 0)) else {
            Issue.record("sent under a record that is forgotten by now, and not marked as proved")
            return
        }
        let sending = MessageState.sending(Attempt(number: 1, since: now, owner: BootID("b")))
        guard case .write = prove("u", record(sending, attempts: 0)) else {
            Issue.record("a receipt that overtakes the first answer")
            return
        }
    }

    @Test("while the request runs: a note, the state stays")
    func noted() {
        let sending = MessageState.sending(Attempt(number: 1, since: now, owner: BootID("b")))
        guard case .write(let written) = prove("u", record(sending)) else {
            Issue.record("no note")
            return
        }
        #expect(written.state == sending)
        #expect(written.provedUUID == "u")
    }

    @Test("failed as uncertain: marked as proved, the outcome stays")
    func failed() {
        guard case .write(let written) = prove("u", record(settled(.failed, nil, .uncertain))) else {
            Issue.record("not marked")
            return
        }
        #expect(written.settlement?.outcome == .failed)
        #expect(written.provedUUID == "u")
        #expect(prove("u", record(settled(.failed, nil, .retriesExhausted))) == .nothing)
    }

    @Test("accepted: nothing for its own message, an error for a second one")
    func second() {
        #expect(prove("u", record(settled(.accepted, "u"))) == .nothing)
        #expect(prove("v", record(settled(.accepted, "u"))) == .secondMessage(known: "u"))
        #expect(prove("v", record(settled(.failed, nil, .uncertain), proved: "u")) == .secondMessage(known: "u"))
    }
}
