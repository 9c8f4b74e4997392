import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let anonymousIDs: [StoreConformance] = [
        StoreConformance(
            "a first delivery takes the fresh id, also beside a noted one of the same body"
        ) { store async throws in
            #expect(try await store.claim("a", holder: "1") == "a")
            #expect(try await store.claim("b", holder: "1") == "b")
            #expect(try await store.claim("c", holder: "2") == "c")
        },
        StoreConformance("a redelivery without a noted id takes the fresh one") { store async throws in
            #expect(try await store.claim("a", isRedelivered: true, holder: "1") == "a")
        },
        StoreConformance("a redelivery takes over the id of its first delivery") { store async throws in
            _ = try await store.claim("a", holder: "1")
            #expect(try await store.claim("x", isRedelivered: true, holder: "2") == "a")
            #expect(try await store.claim("y", isRedelivered: true, holder: "3") == "a")
        },
        StoreConformance("a redelivery takes no id of another body") { store async throws in
            _ = try await store.claim("a", digest: "other", holder: "1")
            #expect(try await store.claim("x", isRedelivered: true, holder: "2") == "x")
        },
        StoreConformance("a redelivery takes no id that a delivery of the same holder has") { store async throws in
            _ = try await store.claim("a", holder: "1")
            #expect(try await store.claim("x", isRedelivered: true, holder: "1") == "x")
        },
        StoreConformance(
            "two equal bodies get both ids back, each once, the older first; a third a fresh one"
        ) { store async throws in
            _ = try await store.claim("a", holder: "1", at: Samples.moment + .seconds(1))
            _ = try await store.claim("b", holder: "1", at: Samples.moment + .seconds(2))
            #expect(try await store.claim("x", isRedelivered: true, holder: "2") == "a")
            #expect(try await store.claim("y", isRedelivered: true, holder: "2") == "b")
            #expect(try await store.claim("z", isRedelivered: true, holder: "2") == "z")
            // The next holder finds all three.
            var taken: Set<String> = []
            for fresh in ["p", "q", "r"] {
                taken.insert(try await store.claim(fresh, isRedelivered: true, holder: "3"))
            }
            #expect(taken == ["a", "b", "z"])
        },
        StoreConformance(
            "an id not settled is taken before a settled one; a settled one before none"
        ) { store async throws in
            _ = try await store.claim("settled", holder: "1", at: Samples.moment + .seconds(1))
            _ = try await store.claim("open", holder: "1", at: Samples.moment + .seconds(2))
            _ = try await store.claim("unknown", holder: "1", at: Samples.moment + .seconds(3))
            _ = try await store.save(Samples.accepted("settled", uuid: "u"))
            _ = try await store.save(Samples.record("open"))
            #expect(try await store.claim("x", isRedelivered: true, holder: "2") == "open")
            #expect(try await store.claim("y", isRedelivered: true, holder: "2") == "unknown")
            #expect(try await store.claim("z", isRedelivered: true, holder: "2") == "settled")
        },
        StoreConformance("of 20 redeliveries at once no two get the same id", manyClaimsAtOnce),
        StoreConformance(
            "an acked id is taken over after those that are not, by another holder, and is not acked any more"
        ) { store async throws in
            for id in ["acked", "settled", "open"] { _ = try await store.claim(id, holder: "1") }
            _ = try await store.save(Samples.accepted("settled", uuid: "u"))
            try await store.noteAnonymousAck(of: Samples.id("acked"), proved: [], at: Samples.moment)
            #expect(try await store.claim("p", isRedelivered: true, holder: "1") == "p")
            #expect(try await store.claim("q", holder: "2") == "q")
            var taken: [String] = []
            for fresh in ["r", "s", "t", "u"] {
                taken.append(try await store.claim(fresh, isRedelivered: true, holder: "2"))
            }
            #expect(taken == ["open", "p", "settled", "acked"])
            #expect(try await store.claim("v", isRedelivered: true, holder: "2") == "v")
            // Its new delivery has not been acked.
            try await store.noteAnonymousAck(of: Samples.id("v"), proved: [Samples.id("acked")], at: Samples.moment)
            taken = []
            for fresh in ["w", "x", "y"] {
                taken.append(try await store.claim(fresh, isRedelivered: true, holder: "3"))
            }
            #expect(taken.contains("acked"))
        },
        StoreConformance(
            "an id whose ack is proved is not taken over; what is unknown stays so"
        ) { store async throws in
            for id in ["a", "b"] {
                _ = try await store.claim(id, holder: "1")
                try await store.noteAnonymousAck(of: Samples.id(id), proved: [], at: Samples.moment)
            }
            let proved = [Samples.id("a"), Samples.id("unknown")]
            try await store.noteAnonymousAck(of: Samples.id("stranger"), proved: proved, at: Samples.moment)
            #expect(try await store.claim("x", isRedelivered: true, holder: "2") == "b")
            #expect(try await store.claim("y", isRedelivered: true, holder: "2") == "y")
        },
        StoreConformance("a sweep takes notes acked more than a day ago, and no others") { store async throws in
            let dayAgo = Samples.moment - .seconds(86_400)
            for (id, moment) in [("old", dayAgo - .milliseconds(1)), ("kept", dayAgo)] {
                _ = try await store.claim(id, digest: id, holder: "1", at: dayAgo - .seconds(9))
                try await store.noteAnonymousAck(of: Samples.id(id), proved: [], at: moment)
            }
            _ = try await store.claim("open", digest: "open", holder: "1", at: dayAgo - .seconds(9))
            let before = dayAgo - .seconds(99)
            #expect(try await store.sweep(now: Samples.moment, notesBefore: before) == 1)
            #expect(try await store.claim("x", digest: "old", isRedelivered: true, holder: "2") == "x")
            #expect(try await store.claim("y", digest: "kept", isRedelivered: true, holder: "2") == "kept")
            #expect(try await store.claim("z", digest: "open", isRedelivered: true, holder: "2") == "open")
        },
        StoreConformance("a fresh id that has been noted before is refused") { store async throws in
            _ = try await store.claim("a", holder: "1")
            await #expect(throws: (any Error).self) { try await store.claim("a", holder: "2") }
        },
        StoreConformance("a sweep takes notes made before a moment, and no others") { store async throws in
            let limit = Samples.moment
            _ = try await store.claim("old", digest: "1", holder: "1", at: limit - .milliseconds(1))
            _ = try await store.claim("new", digest: "2", holder: "1", at: limit)
            #expect(try await store.sweep(now: limit, notesBefore: limit) == 1)
            #expect(try await store.claim("x", digest: "1", isRedelivered: true, holder: "2") == "x")
            #expect(try await store.claim("y", digest: "2", isRedelivered: true, holder: "2") == "new")
        },
    ]

    private static func manyClaimsAtOnce(store: any AnyStore) async throws {
        for number in 1...10 { _ = try await store.claim("noted-\(number)", holder: "1") }
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 1...20 {
                group.addTask { try await store.claim("fresh-\(number)", isRedelivered: true, holder: "2") }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 20)
        #expect(ids.count { $0.hasPrefix("noted-") } == 10)
    }
}

extension MessageStore {
    /// A claim in one line.
    fileprivate func claim(
        _ fresh: String,
        digest: String = "digest",
        isRedelivered: Bool = false,
        holder: String,
        at moment: Timestamp = Samples.moment
    ) async throws -> String {
        try await claimAnonymousID(
            digest: digest,
            isRedelivered: isRedelivered,
            holder: holder,
            fresh: Samples.id(fresh),
            now: moment
        ).text
    }
}
