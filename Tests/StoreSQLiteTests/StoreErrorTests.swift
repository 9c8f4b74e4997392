import Contracts
import Foundation
import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("What a store says when it cannot work", .timeLimit(.minutes(3)))
struct StoreErrorTests {
    @Test("a file that is no database is called damaged")
    func noDatabase() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
            let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(error?.code == .corrupt)
            #expect(error?.sqliteCode == 26)
            #expect(error?.isRetriable == false)
        }
    }

    @Test("a path that leads nowhere cannot be opened", arguments: ["/dev/null/store.db", "/proc/no/store.db"])
    func nowhere(path: String) {
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
        #expect(error?.code == .cannotOpen)
    }

    @Test("a folder in the database's place cannot be opened")
    func folderInPlace() async throws {
        try await TemporaryFolder.with { folder in
            try FileManager.default.createDirectory(atPath: folder + "/store.db", withIntermediateDirectories: false)
            let error = #expect(throws: StoreError.self) { try SQLiteStore(path: folder + "/store.db") }
            #expect(error?.code == .cannotOpen)
        }
    }

    @Test("a database of a newer version is refused", arguments: [SQLiteStore.Access.exclusive, .shared])
    func newerSchema(access: SQLiteStore.Access) async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await store.execute("INSERT INTO grdb_migrations VALUES ('99 from the future')")
            try await store.close()
            let error = #expect(throws: StoreError.self) { try SQLiteStore(path: folder + "/store.db", access: access) }
            #expect(error?.code == .schema)
        }
    }

    @Test("a tool leaves the schema of an older database alone while it is served")
    func olderSchema() async throws {
        try await TemporaryFolder.with { folder in
            let serving = try SQLiteStore(path: folder + "/store.db")
            try await serving.execute("DELETE FROM grdb_migrations")
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore(path: folder + "/store.db", access: .shared)
            }
            #expect(error?.code == .schema)
            try await serving.close()
        }
    }

    @Test(
        "a row without a record is an error, not a trap",
        arguments: [
            "facts = 'no json'", "facts = '[]'", "lane = 'fast'", "state = 'lost'", "state_since = NULL",
            "attempt_owner = NULL", "attempt_number = NULL", "id = ''", "error = '{'",
            "state = 'settled', outcome = 'odd'",
        ]
    )
    func damagedRow(damage: String) async throws {
        try await withStore { store async throws in
            _ = try await store.save(Samples.sending("a"))
            try await store.execute("UPDATE message SET \(damage)")
            let id = damage.hasPrefix("id") ? "" : "a"
            await #expect { try await store.recordOfAnyID(id) } throws: { ($0 as? StoreError)?.code == .corrupt }
        }
    }

    @Test("a gap of an unknown kind is an error, not left out")
    func damagedGap() async throws {
        try await withStore { store async throws in
            try await store.noteFailedWebhook(at: Samples.moment)
            try await store.execute("UPDATE deafness SET kind = 'odd'")
            await #expect { try await store.gaps(from: Samples.moment, until: Samples.moment) } throws: {
                ($0 as? StoreError)?.code == .corrupt
            }
        }
    }

    @Test("absurd times of the last beat trap nothing", arguments: [Int64.min, Int64.max])
    func absurdBeat(at milliseconds: Int64) async throws {
        try await withStore { store async throws in
            try await store.execute("INSERT INTO listener_beat (number, at) VALUES (1, \(milliseconds))")
            try await store.noteListening(at: Samples.moment, tolerance: .seconds(1))
            #expect(try await store.gaps(from: Samples.moment, until: Samples.moment).count <= 1)
        }
    }

    @Test("no description shows a number, a text or an id")
    func descriptions() async throws {
        try await withStore { store async throws in
            try await store.execute("DROP TABLE message")
            let error = await #expect(throws: StoreError.self) { try await store.save(Samples.record("secret-id")) }
            let shown = [error?.description, error?.debugDescription, error.map { String(reflecting: $0) }]
            for text in shown.compactMap(\.self) {
                #expect(!text.contains("14155550"))
                #expect(!text.contains("secret-id"))
            }
            #expect(error?.description.isEmpty == false)
        }
    }
}

extension SQLiteStore {
    /// Looks a row up whose id need not be one.
    fileprivate func recordOfAnyID(_ id: String) async throws -> MessageRecord? {
        try await id.isEmpty ? record(ofReference: id) : record(of: Samples.id(id))
    }
}
