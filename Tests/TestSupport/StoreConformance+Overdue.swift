import Contracts
package import SMSCore
import Testing

/// What a store has to do about receipts that do not come; run as `StoreConformance` is.
package struct OverdueConformance: Sendable, CustomTestStringConvertible {
    /// All that a check needs of a store.
    package typealias Store = MessageStore & ReceiptStore & OverdueStore

    private let sentence: String
    private let body: @Sendable (any Store) async throws -> Void

    private init(_ sentence: String, _ body: @escaping @Sendable (any Store) async throws -> Void) {
        self.sentence = sentence
        self.body = body
    }

    package var testDescription: String { sentence }

    /// Runs the check on an empty store.
    package func run(on store: any Store) async throws { try await body(store) }

    private static let now = Samples.moment + .seconds(300)

    /// An accepted message, written as the service does it: before its outcome is published, and after.
    private static func accept(_ id: String, at moment: Timestamp, in store: any Store) async throws {
        var record = Samples.record(id)
        record = try #require(try await store.save(record))
        record.state = .settled(Settlement(outcome: .accepted, messageUUID: "u-\(id)", error: nil, at: moment))
        record = try #require(try await store.save(record))
        record.isPublished = true
        _ = try #require(try await store.save(record))
    }

    private static func claim(
        _ store: any Store,
        until moment: Timestamp = now,
        limit: Int = 10,
        at time: Timestamp = now
    ) async throws -> [AwaitedReceipt] {
        try await store.claimAwaited(acceptedUntil: moment, limit: limit, now: time, lease: .seconds(60))
    }

    /// Every check there is.
    package static let all: [OverdueConformance] = [
        OverdueConformance("accepted messages are claimed once, the oldest first, as far as they are due") { store in
            for (index, id) in ["c", "a", "b"].enumerated() {
                try await accept(id, at: Samples.moment + .seconds(index), in: store)
            }
            try await accept("late", at: now + .milliseconds(1), in: store)
            let first = try await claim(store, limit: 2)
            #expect(first.map(\.messageUUID) == ["u-c", "u-a"])
            #expect(first.first?.commandID == Samples.id("c") && first.first?.acceptedAt == Samples.moment)
            #expect(try await claim(store).map(\.messageUUID) == ["u-b"])
            #expect(try await claim(store) == [])
            // After the lease what was not noted is given out again.
            let after = try await claim(store, at: now + .seconds(60))
            #expect(after.map(\.messageUUID) == ["u-c", "u-a", "u-b"])
        },
        OverdueConformance("only what is accepted is awaited, and no replay of it that is under way") { store in
            var record = Samples.record("failed")
            record.state = .settled(
                Settlement(outcome: .failed, messageUUID: nil, error: Samples.error, at: Samples.moment)
            )
            _ = try #require(try await store.save(record))
            _ = try #require(try await store.save(Samples.record("pending")))
            #expect(try await claim(store) == [])
        },
        OverdueConformance("a final receipt ends the wait, before the acceptance is written and after") { store in
            try await store.remember(Samples.receipt("u-early", "delivered"))
            try await accept("early", at: Samples.moment, in: store)
            try await accept("later", at: Samples.moment, in: store)
            try await accept("open", at: Samples.moment, in: store)
            try await store.remember(Samples.receipt("u-later", "rejected"))
            try await store.remember(Samples.receipt("u-open", "submitted"))
            #expect(try await claim(store).map(\.messageUUID) == ["u-open"])
        },
        OverdueConformance("what is noted as overdue is not claimed again, counts, and is asked about in turn") {
            store in
            for id in ["a", "b", "c"] { try await accept(id, at: Samples.moment, in: store) }
            #expect(try await claim(store).count == 3)
            try await store.noteOverdue("u-a", at: now, askAt: now + .seconds(2))
            try await store.noteOverdue("u-b", at: now, askAt: now)
            try await store.noteOverdue("u-c", at: now, askAt: nil)
            // Noted once: the second changes nothing.
            try await store.noteOverdue("u-a", at: now, askAt: nil)
            #expect(try await claim(store, at: now + .seconds(500)) == [])
            #expect(try await store.overdueCount() == 3)
            func ask(_ moment: Timestamp) async throws -> [String] {
                try await store.claimOverdue(limit: 5, now: moment, lease: .seconds(60)).map(\.messageUUID)
            }
            #expect(try await ask(now) == ["u-b"])
            #expect(try await ask(now + .seconds(2)) == ["u-a"])
            try await store.noteAsked("u-b", askAt: now + .seconds(3))
            let again = try await store.claimOverdue(limit: 5, now: now + .seconds(3), lease: .seconds(60))
            #expect(again.map(\.messageUUID) == ["u-b"] && again.map(\.asks) == [1])
            try await store.noteAsked("u-b", askAt: nil)
            try await store.remember(Samples.receipt("u-a", "delivered"))
            #expect(try await ask(now + .seconds(9_999)) == [])
            #expect(try await store.overdueCount() == 2)
        },
        OverdueConformance("a sweep forgets what was accepted, or overdue, before its moment") { store in
            for id in ["a", "b", "c"] { try await accept(id, at: Samples.moment, in: store) }
            try await store.noteOverdue("u-a", at: now, askAt: now)
            #expect(try await store.sweepReceipts(before: Samples.moment) == 0)
            #expect(try await store.sweepReceipts(before: Samples.moment + .milliseconds(1)) == 2)
            #expect(try await store.overdueCount() == 1)
            #expect(try await store.sweepReceipts(before: now + .milliseconds(1)) == 1)
            #expect(try await store.overdueCount() == 0)
        },
        OverdueConformance("uncertain commands are found by the time of their doubt") { store in
            for (id, age) in [("old", 100), ("young", 10), ("ancient", 5_000)] {
                var record = Samples.record(id)
                record.state = .uncertain(since: now - .seconds(age))
                _ = try #require(try await store.save(record))
            }
            let found = try await store.uncertain(from: now - .seconds(200), until: now - .seconds(30), limit: 10)
            #expect(found.map(\.id) == [Samples.id("old")])
        },
        OverdueConformance("a day's budget is never exceeded, and the next day has its own") { store in
            #expect(try await store.takeReports(20, of: 30, day: 7) == 20)
            #expect(try await store.takeReports(20, of: 30, day: 7) == 10)
            #expect(try await store.takeReports(20, of: 30, day: 7) == 0)
            try await store.correctReports(by: -5, day: 7)
            #expect(try await store.takeReports(20, of: 30, day: 7) == 5)
            try await store.correctReports(by: 3, day: 7)
            #expect(try await store.takeReports(1, of: 30, day: 7) == 0)
            #expect(try await store.takeReports(20, of: 30, day: 8) == 20)
        },
        OverdueConformance("a receipt's source and price come back") { store in
            let receipt = SeenReceipt(
                messageUUID: "m",
                commandID: nil,
                status: "delivered",
                timestamp: "",
                error: nil,
                seenAt: Samples.moment,
                source: .reports,
                usage: Usage(currency: "EUR", price: "0.0333")
            )
            try await store.remember(receipt)
            #expect(try await store.receipts(of: "m") == [receipt])
        },
    ]
}
