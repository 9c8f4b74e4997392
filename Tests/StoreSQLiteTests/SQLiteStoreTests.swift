import StoreSQLite
import TestSupport
import Testing

@Suite("The store over SQLite", .timeLimit(.minutes(1)))
struct SQLiteStoreTests {
    @Test("does what every store does", arguments: StoreConformance.all)
    func conformance(check: StoreConformance) async throws {
        try await withStore { try await check.run(on: $0) }
    }
}
