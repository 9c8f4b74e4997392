import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let ledger: [StoreConformance] = [
        StoreConformance("a command that was never saved has no record") { store async throws in
            #expect(try await store.record(of: Samples.id("unknown")) == nil)
        },
        StoreConformance("a record comes back as it was saved, with version 1") { store async throws in
            let record = Samples.record("a")
            var expected = record
            expected.version = 1
            #expect(try await store.save(record) == expected)
            #expect(try await store.record(of: record.id) == expected)
        },
        StoreConformance("every field of a record comes back, in each state") { store async throws in
            for (name, state) in states {
                let saved = try #require(try await store.save(Samples.full(name, state: state)))
                #expect(try await store.record(of: saved.id) == saved)
                // And once more over a row that was there, with nothing in the fields that can be empty.
                var bare = Samples.record(name)
                bare.version = saved.version
                bare.facts = MessageFacts()
                bare.state = state
                let savedBare = try #require(try await store.save(bare))
                #expect(savedBare.version == 2)
                #expect(try await store.record(of: saved.id) == savedBare)
            }
        },
        StoreConformance(
            "of two first saves of one command the second is lost and changes nothing"
        ) { store async throws in
            let first = try #require(try await store.save(Samples.record("a")))
            var second = Samples.record("a")
            second.attempts = 9
            #expect(try await store.save(second) == nil)
            #expect(try await store.record(of: first.id) == first)
        },
        StoreConformance(
            "a save of an old version, or of one that never was, is lost and changes nothing"
        ) { store async throws in
            let first = try #require(try await store.save(Samples.record("a")))
            let second = try #require(try await store.save(first))
            #expect(second.version == 2)
            #expect(try await store.save(first) == nil)
            var ahead = second
            ahead.version = 7
            ahead.attempts = 9
            #expect(try await store.save(ahead) == nil)
            #expect(try await store.record(of: first.id) == second)

            var unknown = Samples.record("b")
            unknown.version = 1
            #expect(try await store.save(unknown) == nil)
            #expect(try await store.record(of: unknown.id) == nil)
        },
        StoreConformance("of 50 saves of one version at once exactly one wins", fiftySavesAtOnce),
        StoreConformance("an intent is begun once; a later caller has lost") { store async throws in
            let pending = try #require(try await store.save(Samples.record("a")))
            var intent = Samples.sending("a")
            intent.version = pending.version
            var begun = intent
            begun.version = 2
            #expect(try await store.begin(intent) == .begun(begun))
            #expect(try await store.begin(intent) == .lost)
            #expect(try await store.record(of: intent.id) == begun)
            #expect(try await store.begin(Samples.sending("first-seen")) != .lost)
        },
        StoreConformance("an intent in another state than sending is refused, not written") { store async throws in
            await #expect(throws: (any Error).self) { try await store.begin(Samples.record("a")) }
            #expect(try await store.record(of: Samples.id("a")) == nil)
        },
        StoreConformance("open commands are counted by state, settled ones are not") { store async throws in
            #expect(try await store.openCounts() == OpenCounts(pending: 0, sending: 0, uncertain: 0, waiting: 0))
            for (name, state) in states {
                _ = try await store.save(Samples.full(name, state: state))
            }
            var another = Samples.record("p2")
            another = try #require(try await store.save(another))
            var counts = try await store.openCounts()
            #expect([counts.pending, counts.sending, counts.uncertain] == [2, 1, 1])
            another.state = .uncertain(since: Samples.moment)
            _ = try await store.save(another)
            counts = try await store.openCounts()
            #expect([counts.pending, counts.sending, counts.uncertain] == [1, 1, 2])
            var settled = Samples.accepted("s", uuid: "u-s")
            settled.isPublished = false
            settled = try #require(try await store.save(settled))
            let unpublished = try await store.openCounts().unpublished
            settled.isPublished = true
            _ = try await store.save(settled)
            #expect(try await store.openCounts().unpublished == unpublished - 1)
        },
        StoreConformance(
            "pending and uncertain commands that have waited are counted as waiting, others are not"
        ) { store async throws in
            for (name, state) in states {
                var record = Samples.record("never-" + name)
                record.state = state
                _ = try await store.save(record)
            }
            #expect(
                try await store.openCounts().withoutUnpublished
                    == OpenCounts(pending: 1, sending: 1, uncertain: 1, waiting: 0)
            )
            for (name, state) in states {
                var record = Samples.record(name)
                record.state = state
                record.wait = 1
                _ = try await store.save(record)
            }
            #expect(
                try await store.openCounts().withoutUnpublished
                    == OpenCounts(pending: 2, sending: 2, uncertain: 2, waiting: 2)
            )
            var late = try #require(try await store.record(of: Samples.id("never-pending")))
            late.wait = 2
            _ = try await store.save(late)
            #expect(try await store.openCounts().waiting == 3)
        },
        StoreConformance("a probe of a sound store passes and leaves nothing") { store async throws in
            try await store.probe()
            try await store.probe()
            #expect(try await store.openCounts() == OpenCounts(pending: 0, sending: 0, uncertain: 0, waiting: 0))
        },
    ]

    /// A state of each kind, and each way to end, under a name.
    private static let states: [(String, MessageState)] = {
        let later = Samples.moment + .seconds(9)
        var states: [(String, MessageState)] = [
            ("pending", .pending),
            ("sending", .sending(Attempt(number: 2, since: later, owner: BootID("boot-7")))),
            ("uncertain", .uncertain(since: later)),
            ("accepted", .settled(Settlement(outcome: .accepted, messageUUID: "uuid-1", error: nil, at: later))),
        ]
        for outcome in Outcome.allCases where outcome != .accepted && outcome != .uncertain {
            let settlement = Settlement(outcome: outcome, messageUUID: nil, error: Samples.error, at: later)
            states.append((outcome.rawValue, .settled(settlement)))
        }
        return states
    }()

    private static func fiftySavesAtOnce(store: any AnyStore) async throws {
        let base = try #require(try await store.save(Samples.record("a")))
        let winners = try await withThrowingTaskGroup(of: MessageRecord?.self) { group in
            for number in 1...50 {
                var attempt = base
                attempt.attempts = number
                group.addTask { [attempt] in try await store.save(attempt) }
            }
            return try await group.reduce(into: [MessageRecord]()) { winners, saved in
                if let saved { winners.append(saved) }
            }
        }
        #expect(winners.count == 1)
        #expect(winners.first?.version == 2)
        #expect(try await store.record(of: base.id) == winners.first)
    }
}

extension OpenCounts {
    fileprivate var withoutUnpublished: OpenCounts {
        var counts = self
        counts.unpublished = 0
        return counts
    }
}
