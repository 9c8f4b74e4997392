import Foundation
import StoreSQLite
import StoreSupport
import TestSupport
import Testing

@Suite("One process serves a database", .timeLimit(.minutes(3)))
struct DatabaseLockTests {
    @Test("a second store with exclusive access gets an error that the database is in use, until the first is closed")
    func secondStore() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            let first = try SQLiteStore(path: path)
            let refusal = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(refusal?.code == .inUse)
            #expect(refusal?.isRetriable == true)
            _ = try await first.save(Samples.record("a"))
            try await first.close()

            let second = try SQLiteStore(path: path)
            #expect(try await second.record(of: Samples.id("a")) != nil)
            try await second.close()
        }
    }

    @Test("another process gets the same, and may still look in with shared access")
    func secondProcess() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            _ = try await store.save(Samples.record("a"))
            await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
                do {
                    _ = try SQLiteStore(path: path)
                } catch let error as StoreError where error.code == .inUse {
                    let shared = try SQLiteStore(path: path, access: .shared)
                    let seen = try await shared.record(of: Samples.id("a"))
                    _ = try await shared.save(Samples.record("b"))
                    exit(seen == nil ? 1 : 42)
                }
            }
            #expect(try await store.record(of: Samples.id("b")) != nil)
            try await store.close()
        }
    }

    @Test("a process that was killed leaves no lock behind")
    func killedHolder() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let store = try SQLiteStore(path: path)
                _ = try await store.save(Samples.record("a"))
                kill(getpid(), SIGKILL)
            }
            let store = try SQLiteStore(path: path)
            #expect(try await store.record(of: Samples.id("a")) != nil)
            try await store.close()
        }
    }

    @Test("a store that is merely dropped gives its lock back")
    func dropped() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            do { _ = try SQLiteStore(path: path) }
            try await SQLiteStore(path: path).close()
        }
    }

    @Test("shared access makes a new database too, and any number may have it")
    func shared() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/deep/er/store.db"
            let first = try SQLiteStore(path: path, access: .shared)
            let second = try SQLiteStore(path: path, access: .shared)
            let serving = try SQLiteStore(path: path)
            _ = try await first.save(Samples.record("a"))
            #expect(try await second.save(Samples.record("a")) == nil)
            #expect(try await serving.record(of: Samples.id("a")) != nil)
            for store in [first, second, serving] { try await store.close() }
        }
    }
}
