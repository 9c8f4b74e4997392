import Dispatch
import SMSCore
import StoreSupport
import Synchronization
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Writes in groups", .timeLimit(.minutes(3)))
struct GroupWriterTests {
    private struct Unwilling: Error {}

    @Test("a change that fails fails its caller alone")
    func failsAlone() async throws {
        try await withStore { store async throws in
            let results = try await Self.inOneGroup(
                store,
                { _ = try await store.save(Samples.record("a")) },
                { try await store.writer.write { _ in throw Unwilling() } },
                {
                    try await store.execute(
                        "INSERT INTO probe (number, at) VALUES (1, 1); INSERT INTO nowhere VALUES (1)"
                    )
                },
                { _ = try await store.save(Samples.record("b")) }
            )
            #expect(results[0] == nil)
            #expect(results[1]?.code == .other)
            #expect(results[1]?.underlying is Unwilling)
            #expect(results[2]?.code == .other)
            #expect(results[3] == nil)
            #expect(try await store.record(of: Samples.id("a"))?.version == 1)
            #expect(try await store.record(of: Samples.id("b"))?.version == 1)
            // What the failed change had done before it failed is undone: the number is free.
            try await store.execute("INSERT INTO probe (number, at) VALUES (1, 1)")
        }
    }

    @Test("when the commit fails every caller gets the error, and nothing is written")
    func failedCommit() async throws {
        try await withStore { store async throws in
            try await store.execute(
                """
                CREATE TABLE parent (id INTEGER PRIMARY KEY);
                CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
                """
            )
            let results = try await Self.inOneGroup(
                store,
                { _ = try await store.save(Samples.record("a")) },
                { try await store.execute("INSERT INTO child VALUES (1)") },
                { try await store.writer.write { _ in throw Unwilling() } },
            )
            #expect(results.map { $0?.code } == [.misuse, .misuse, .misuse])
            #expect(try await store.record(of: Samples.id("a")) == nil)
            #expect(try await store.save(Samples.record("a")) != nil)
        }
    }

    @Test("a failure that ends the whole transaction reaches every caller, and nothing is written")
    func lostTransaction() async throws {
        try await withStore { store async throws in
            let results = try await Self.inOneGroup(
                store,
                { _ = try await store.save(Samples.record("a")) },
                { try await store.execute("ROLLBACK") },
                { _ = try await store.save(Samples.record("b")) }
            )
            #expect(results.allSatisfy { $0 != nil })
            #expect(try await store.record(of: Samples.id("a")) == nil)
            #expect(try await store.record(of: Samples.id("b")) == nil)
            #expect(try await store.save(Samples.record("a")) != nil)
        }
    }

    @Test("changes of a group see one another, in the order of asking")
    func order() async throws {
        try await withStore { store async throws in
            let first = try #require(try await store.save(Samples.record("a")))
            let saved = Mutex<[MessageRecord?]>([])
            _ = try await Self.inOneGroup(
                store,
                { [first] in
                    let second = try await store.save(first)
                    saved.withLock { $0.append(second) }
                },
                { [first] in
                    var late = first
                    late.attempts = 9
                    let lost = try await store.save(late)
                    saved.withLock { $0.append(lost) }
                }
            )
            // They are resumed in any order; one won, and it was the one that asked first.
            let winners = saved.withLock { $0.compactMap(\.self) }
            #expect(winners.map(\.version) == [2])
            #expect(winners.map(\.attempts) == [0])
            #expect(try await store.record(of: first.id) == winners.first)
        }
    }

    @Test("a cancellation bars an intent that shares its transaction and was asked for after it")
    func cancellationInGroup() async throws {
        try await withStore { store async throws in
            let begun = Mutex<[String: IntentResult]>([:])
            let begin: @Sendable (String) async throws -> Void = { id in
                let result = try await store.begin(Samples.sending(id, campaign: "spring"))
                begun.withLock { $0[id] = result }
            }
            _ = try await Self.inOneGroup(
                store,
                { try await begin("before") },
                { try await store.cancel(.campaign("spring"), at: Samples.moment) },
                { try await begin("after") }
            )
            var expected = Samples.sending("before", campaign: "spring")
            expected.version = 1
            #expect(begun.withLock(\.self) == ["before": .begun(expected), "after": .barred(.cancelled)])
            #expect(try await store.record(of: Samples.id("after")) == nil)
        }
    }

    @Test("reads do not wait for writes, and see only what is committed")
    func readsDuringWrites() async throws {
        try await withStore { store async throws in
            let blockade = Blockade()
            async let holding: Void = store.writer.write { _ in blockade.hold() }
            await blockade.waitUntilHeld()
            async let writing: Void = store.rememberInbound("k", at: Samples.moment)
            while store.writer.waitingCount < 1 { await Task.yield() }
            #expect(try await store.hasSeenInbound("k") == false)
            #expect(try await store.openCounts().pending == 0)
            blockade.release()
            try await holding
            try await writing
            #expect(try await store.hasSeenInbound("k"))
        }
    }

    @Test("a cancelled caller's write is made all the same; its reads end")
    func cancellation() async throws {
        try await withStore { store async throws in
            let saved = await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try? await store.save(Samples.record("a"))
            }.value
            #expect(saved?.version == 1)
            #expect(try await store.record(of: Samples.id("a")) == saved)
            await #expect(throws: CancellationError.self) {
                try await Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await store.record(of: Samples.id("a"))
                }.value
            }
        }
    }

    @Test("closing makes the writes asked for before, and refuses those after")
    func closing() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            let blockade = Blockade()
            async let holding: Void = store.writer.write { _ in blockade.hold() }
            await blockade.waitUntilHeld()
            async let before = store.save(Samples.record("before"))
            while store.writer.waitingCount < 1 { await Task.yield() }
            store.writer.close()
            async let closing: Void = store.close()
            await #expect { try await store.save(Samples.record("after")) } throws: {
                ($0 as? StoreError)?.code == .closed
            }
            blockade.release()
            try await holding
            #expect(try await before?.version == 1)
            try await closing
            await #expect { try await store.record(of: Samples.id("before")) } throws: {
                ($0 as? StoreError)?.code == .closed
            }

            let again = try SQLiteStore(path: folder + "/store.db")
            #expect(try await again.record(of: Samples.id("before")) != nil)
            #expect(try await again.record(of: Samples.id("after")) == nil)
            try await again.close()
        }
    }

    /// Runs writes so that one transaction takes them all, asked for in the order given.
    ///
    /// - Returns: what each threw.
    private static func inOneGroup(
        _ store: SQLiteStore,
        _ writes: (@Sendable () async throws -> Void)...
    ) async throws -> [StoreError?] {
        let blockade = Blockade()
        async let holding: Void = store.writer.write { _ in blockade.hold() }
        await blockade.waitUntilHeld()
        let results = await withTaskGroup(of: (Int, StoreError?).self) { group in
            for (index, write) in writes.enumerated() {
                group.addTask {
                    do {
                        try await write()
                        return (index, nil)
                    } catch {
                        return (index, error as? StoreError)
                    }
                }
                while store.writer.waitingCount <= index { await Task.yield() }
            }
            blockade.release()
            return await group.reduce(into: [StoreError?](repeating: nil, count: writes.count)) { $0[$1.0] = $1.1 }
        }
        try await holding
        return results
    }
}

/// Holds the writing thread up until a test lets it go.
private final class Blockade: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let isHeld = AsyncStream<Void>.makeStream()

    func hold() {
        isHeld.continuation.finish()
        gate.wait()
    }

    func waitUntilHeld() async {
        for await _ in isHeld.stream {}
    }

    func release() { gate.signal() }
}
