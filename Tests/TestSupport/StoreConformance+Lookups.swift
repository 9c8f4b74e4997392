import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let lookups: [StoreConformance] = [
        StoreConformance(
            "a record is found by its reference, also where that is a digest of a long id"
        ) { store async throws in
            let forty = String(repeating: "x", count: 40)
            let long = String(repeating: "y", count: 41)
            let longest = String(repeating: "z", count: 100)
            for id in ["a", forty, long, longest] {
                let saved = try #require(try await store.save(Samples.record(id)))
                #expect(saved.id.reference.utf8.count <= 40)
                #expect(try await store.record(ofReference: saved.id.reference) == saved)
            }
            #expect(try await store.record(ofReference: long) == nil)
            #expect(try await store.record(ofReference: "unknown") == nil)
        },
        StoreConformance("an id that looks like a digest is found by its reference too") { store async throws in
            let saved = try #require(try await store.save(Samples.record("d:" + String(repeating: "0", count: 38))))
            #expect(try await store.record(ofReference: saved.id.reference) == saved)
        },
        StoreConformance(
            "a record is still found by its long id's reference after it has changed"
        ) { store async throws in
            let first = try #require(try await store.save(Samples.record(String(repeating: "y", count: 41))))
            let second = try #require(try await store.save(first))
            #expect(try await store.record(ofReference: first.id.reference) == second)
        },
        StoreConformance(
            "a record is found by the message id that settled it, or that a receipt proved"
        ) { store async throws in
            let settled = try #require(try await store.save(Samples.accepted("a", uuid: "uuid-a")))
            var proved = Samples.record("b")
            proved.state = .uncertain(since: Samples.moment)
            proved = try #require(try await store.save(proved))
            #expect(try await store.record(ofMessageUUID: "uuid-a") == settled)
            #expect(try await store.record(ofMessageUUID: "uuid-b") == nil)
            proved.provedUUID = "uuid-b"
            let noted = try #require(try await store.save(proved))
            #expect(try await store.record(ofMessageUUID: "uuid-b") == noted)
            #expect(try await store.record(ofMessageUUID: "") == nil)
        },
    ]

    static let sweeps: [StoreConformance] = [
        StoreConformance("a sweep takes the records whose time is over, and no others") { store async throws in
            let end = Samples.moment + .seconds(100)
            let over = try #require(try await store.save(Samples.accepted("over", uuid: "1", keepUntil: end)))
            let kept = try #require(
                try await store.save(Samples.accepted("kept", uuid: "2", keepUntil: end + .milliseconds(1)))
            )
            let open = try #require(try await store.save(Samples.record("open")))
            var unpublished = Samples.accepted("unpublished", uuid: "3", keepUntil: end)
            unpublished.isPublished = false
            let waiting = try #require(try await store.save(unpublished))
            #expect(try await store.sweep(now: end - .milliseconds(1), notesBefore: Samples.moment) == 0)
            #expect(try await store.sweep(now: end, notesBefore: Samples.moment) == 1)
            #expect(try await store.record(of: over.id) == nil)
            #expect(try await store.record(of: kept.id) == kept)
            #expect(try await store.record(of: open.id) == open)
            // Its command is still in the broker, and would be taken for a new one.
            #expect(try await store.record(of: waiting.id) == waiting)
            #expect(try await store.sweep(now: end, notesBefore: Samples.moment) == 0)
            // A swept id is new again.
            #expect(try await store.save(Samples.record("over"))?.version == 1)
        },
        StoreConformance("a sweep takes a batch; called again it takes the rest") { store async throws in
            let total = 2010
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...total {
                    let record = Samples.accepted("r\(number)", uuid: "u\(number)", keepUntil: Samples.moment)
                    group.addTask { _ = try await store.save(record) }
                }
                try await group.waitForAll()
            }
            let first = try await store.sweep(now: Samples.moment, notesBefore: Samples.moment)
            #expect(first == 2000)
            #expect(try await store.sweep(now: Samples.moment, notesBefore: Samples.moment) == total - first)
            #expect(try await store.sweep(now: Samples.moment, notesBefore: Samples.moment) == 0)
        },
    ]
}
