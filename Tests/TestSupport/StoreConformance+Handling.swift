import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let handling: [StoreConformance] = [
        StoreConformance("a handling is counted until it has ended, each key by itself") { store async throws in
            #expect(try await store.handlings(of: "a") == 0)
            for count in 1...3 {
                #expect(try await store.beginHandling("a", at: Samples.moment) == count)
                #expect(try await store.handlings(of: "a") == count)
            }
            #expect(try await store.beginHandling("b", at: Samples.moment) == 1)
            try await store.endHandling("a")
            #expect(try await store.handlings(of: "a") == 0)
            #expect(try await store.handlings(of: "b") == 1)
            #expect(try await store.beginHandling("a", at: Samples.moment) == 1)
            #expect(try await store.beginHandling("b", at: Samples.moment) == 2)
        },
        StoreConformance("a mark that is withdrawn leaves those of earlier processes") { store async throws in
            for _ in 1...3 { _ = try await store.beginHandling("a", at: Samples.moment) }
            try await store.withdrawHandling("a")
            #expect(try await store.handlings(of: "a") == 2)
            try await store.withdrawHandling("a")
            try await store.withdrawHandling("a")
            #expect(try await store.handlings(of: "a") == 0)
            #expect(try await store.beginHandling("a", at: Samples.moment) == 1)
        },
        StoreConformance("ending or withdrawing what was not begun does nothing") { store async throws in
            try await store.endHandling("unknown")
            try await store.withdrawHandling("unknown")
            #expect(try await store.beginHandling("unknown", at: Samples.moment) == 1)
        },
        StoreConformance("of 20 handlings begun at once each gets its own number") { store async throws in
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...20 { group.addTask { try await store.beginHandling("a", at: Samples.moment) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.sorted() == Array(1...20))
        },
        StoreConformance("a sweep takes marks begun last more than a day ago, and no others") { store async throws in
            let dayAgo = Samples.moment - .seconds(86_400)
            _ = try await store.beginHandling("old", at: dayAgo - .milliseconds(1))
            _ = try await store.beginHandling("kept", at: dayAgo)
            _ = try await store.beginHandling("again", at: dayAgo - .seconds(9))
            _ = try await store.beginHandling("again", at: dayAgo + .seconds(9))
            #expect(try await store.sweep(now: Samples.moment, notesBefore: Samples.moment) == 1)
            #expect(try await store.handlings(of: "old") == 0)
            #expect(try await store.handlings(of: "kept") == 1)
            #expect(try await store.handlings(of: "again") == 2)
            #expect(try await store.sweep(now: Samples.moment, notesBefore: Samples.moment) == 0)
        },
    ]
}
