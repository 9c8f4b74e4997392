import Contracts
import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Rows as they were written last", .timeLimit(.minutes(3)))
struct WrittenRowsTests {
    @Test("a step names only the columns that it changes, so that the indexes of others stay as they are")
    func onlyChanges() async throws {
        try await withStore { store async throws in
            var record = try #require(try await store.save(Samples.record("a")))
            // Only a write that names the column makes the record found again.
            try await store.execute("UPDATE message SET recipient = NULL")
            record.attempts = 3
            record = try #require(try await store.save(record))
            #expect(try await store.record(of: record.id) == record)
            #expect(try await Self.found(in: store) == [])
        }
    }

    /// The records that a search by the samples' recipient finds.
    private static func found(in store: SQLiteStore) async throws -> [CommandID] {
        var query = MessageQuery(limit: 10)
        query.to = "+14155550101"
        return try await store.messages(query).records.map(\.id)
    }

    @Test("a record of which nothing is known, and one that another process has written, is written whole")
    func whole() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            let first = try #require(try await store.save(Samples.record("a")))
            // A tool beside the service takes the record a version further.
            let tool = try SQLiteStore(path: path, access: .shared)
            var theirs = first
            theirs.attempts = 7
            theirs = try #require(try await tool.save(theirs))
            try await tool.execute("UPDATE message SET recipient = NULL")
            #expect(try await store.save(first) == nil)
            let ours = try #require(try await store.save(theirs))
            #expect(try await store.record(of: first.id) == ours)
            #expect(ours.attempts == 7)
            #expect(try await Self.found(in: store) == [ours.id])
            try await tool.close()
            try await store.close()
        }
    }

    @Test("what was undone is not what the next write rests on")
    func undone() async throws {
        try await withStore { store async throws in
            let first = try #require(try await store.save(Samples.record("a")))
            try await store.execute(
                "CREATE TRIGGER refuse BEFORE UPDATE OF attempts ON message BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            var lost = first
            lost.attempts = 5
            await #expect(throws: (any Error).self) { _ = try await store.save(lost) }
            try await store.execute("DROP TRIGGER refuse")
            var second = first
            second.wait = 4
            let saved = try #require(try await store.save(second))
            #expect(try await store.record(of: first.id) == saved)
            #expect(saved.attempts == 0)
        }
    }
}
