import Contracts
import Testing

@testable import SMSCore

@Suite("A record's history")
struct MessageHistoryTests {
    private let now = Timestamp(milliseconds: 1_769_850_000_123)

    @Test("gives back what was noted, in order")
    func entries() {
        var history = MessageHistory()
        #expect(history.entries.isEmpty)
        #expect(history.wait == nil)
        history.note(.waiting, at: now, until: now + .seconds(60), "schedule")
        history.note(.attempt, at: now + .seconds(60), "1")
        history.note(.published, at: now + .seconds(61))
        #expect(history.entries.map(\.what) == [.waiting, .attempt, .published])
        #expect(history.entries.map(\.at) == [now, now + .seconds(60), now + .seconds(61)])
        #expect(history.entries.map(\.detail) == ["schedule", "1", ""])
        #expect(history.entries.map(\.until) == [now + .seconds(60), nil, nil])
        #expect(MessageHistory(history.text) == history)
    }

    @Test("a wait that goes on for the same reason is one entry; another reason is another")
    func waits() {
        var history = MessageHistory()
        for number in 1...5 {
            history.note(.waiting, at: now + .seconds(number), until: now + .seconds(10 * number), "rate")
        }
        #expect(history.entries.count == 1)
        #expect(history.wait?.at == now + .seconds(1))
        #expect(history.wait?.until == now + .seconds(50))
        history.note(.waiting, at: now + .seconds(6), until: now + .seconds(70), "schedule")
        #expect(history.entries.count == 2)
        history.note(.attempt, at: now + .seconds(70), "1")
        #expect(history.wait == nil)
    }

    @Test("keeps the first and the last entries, and says how many are left out")
    func bound() {
        var history = MessageHistory()
        for number in 1...1000 { history.note(.attempt, at: now + .seconds(number), "\(number)") }
        let entries = history.entries
        #expect(entries.count == MessageHistory.limit)
        #expect(entries.first?.detail == "1")
        #expect(entries.last?.detail == "1000")
        let omitted = entries.filter { $0.what == .omitted }
        #expect(omitted.count == 1)
        #expect(omitted.first.flatMap { Int($0.detail) } == 1000 - (MessageHistory.limit - 1))
    }

    @Test(
        "a detail stays on its line and within its limit, whatever it holds",
        arguments: [
            "two\nlines", "a\u{0}b\r\n\u{7F}", String(repeating: "é🙂", count: 500), "w<zz 1", "…",
        ]
    )
    func details(detail: String) {
        var history = MessageHistory()
        history.note(.notTaken, at: now, until: now, detail)
        history.note(.attempt, at: now, "2")
        #expect(history.entries.count == 2)
        #expect(history.entries.first?.what == .notTaken)
        #expect((history.entries.first?.detail.count ?? .max) <= MessageHistory.detailLimit)
        #expect(history.withoutDetails.entries.map(\.detail) == ["", ""])
        #expect(history.withoutDetails.entries.map(\.what) == [.notTaken, .attempt])
    }

    @Test("what no version of this program wrote is passed over", arguments: ["", "\n\n", "x", "!! a", "zz ? y", " "])
    func damaged(text: String) {
        #expect(MessageHistory(text).entries.isEmpty)
    }

    @Test("every transition of a record leaves its reason")
    func transitions() throws {
        let id = try #require(CommandID("a"))
        var record = MessageRecord(id: id, bodyDigest: "d", lane: .send, facts: MessageFacts(), now: now)
        record = record.waiting(until: now + .seconds(5), now: now, for: .schedule)
        record = record.beginning(at: now + .seconds(5), by: BootID("b"))
        let error = EventError(.retriesExhausted, detail: "given up after 6 attempts")
        let end = Settlement(outcome: .failed, messageUUID: nil, error: error, at: now + .seconds(6))
        record = record.settled(end, retention: .seconds(1)).published(at: now + .seconds(7))
        #expect(record.isPublished)
        #expect(record.history.entries.map(\.what) == [.waiting, .attempt, .settled, .published])
        #expect(record.history.entries[2].detail == "failed (retries_exhausted): given up after 6 attempts")
        var doubtful = record
        doubtful.state = .uncertain(since: now)
        doubtful.isPublished = false
        guard
            case .write(let proved) = ReceiptProof.of(
                "uuid-1",
                saying: "delivered",
                for: doubtful,
                retention: .seconds(1),
                now: now
            )
        else {
            Issue.record("nothing was proved")
            return
        }
        #expect(proved.history.entries.suffix(2).map(\.detail) == ["delivered, uuid-1", "accepted"])
    }
}
