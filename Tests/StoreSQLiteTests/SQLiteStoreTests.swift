import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("The store over SQLite", .timeLimit(.minutes(3)))
struct SQLiteStoreTests {
    @Test("does what every store does", arguments: StoreConformance.all)
    func conformance(check: StoreConformance) async throws {
        try await withStore { try await check.run(on: $0) }
    }

    @Test("awaits final receipts as every store does", arguments: OverdueConformance.all)
    func overdue(check: OverdueConformance) async throws {
        try await withStore { try await check.run(on: $0) }
    }

    @Test("brings the list of an older version to the spellings that numbers have now")
    func spellings() async throws {
        try await TemporaryFolder.with { folder in
            let old = try SQLiteStore(path: folder + "/store.db")
            for (number, sender) in [
                ("+4407700900124", "*"), ("+4407700900125", "*"), ("+447700900125", "*"),
                ("+4407700900126", "+4407700900199"),
                ("+14155550100", "MyShop"), ("forgotten:ab", "*"), ("+999123", "*"),
            ] {
                try await old.execute(
                    "INSERT INTO opt_out (number, sender, source, at) VALUES ('\(number)', '\(sender)', 'keyword', 1)"
                )
            }
            try await old.execute("DELETE FROM grdb_migrations WHERE identifier LIKE '6 %'")
            try await old.close()

            let store = try SQLiteStore(path: folder + "/store.db")
            let entries = try await store.optOuts(after: nil, limit: 100).map { "\($0.number) \($0.sender)" }
            #expect(
                entries == [
                    "+14155550100 MyShop", "+447700900124 *", "+447700900125 *", "+447700900126 +447700900199",
                    "+999123 *", "forgotten:ab *",
                ]
            )
            try await store.close()
        }
    }
}
