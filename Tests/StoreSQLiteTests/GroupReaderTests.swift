import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Look-ups in groups", .timeLimit(.minutes(3)))
struct GroupReaderTests {
    private struct Unwilling: Error {}

    @Test("a thousand at once are all answered, each with what was written before it was asked for")
    func many() async throws {
        try await withStore { store async throws in
            for number in 0..<20 { _ = try await store.save(Samples.record("m-\(number)")) }
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        let id = "m-\(number % 40)"
                        return try await (store.record(of: Samples.id(id)) != nil) == (number % 40 < 20)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("one that fails fails its caller alone")
    func failsAlone() async throws {
        try await withStore { store async throws in
            _ = try await store.save(Samples.record("a"))
            async let record = store.record(of: Samples.id("a"))
            await #expect(throws: StoreError.self) { _ = try await store.lookUp { _ -> Int in throw Unwilling() } }
            let found = try await record
            #expect(found != nil)
        }
    }

    @Test("after the end there are none")
    func closed() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await store.close()
            await #expect(throws: StoreError.self) { _ = try await store.record(of: Samples.id("a")) }
        }
    }
}
