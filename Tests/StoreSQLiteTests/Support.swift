import StoreSQLite
import TestSupport

/// A store on a new database, closed and removed afterwards.
func withStore(
    spoolCapacity: Int = StoreConformance.spoolCapacity,
    _ body: (SQLiteStore) async throws -> Void
) async throws {
    try await TemporaryFolder.with { folder in
        let store = try SQLiteStore(
            path: folder + "/data/store.db",
            spoolCapacity: spoolCapacity,
            spoolByteCapacity: StoreConformance.spoolByteCapacity
        )
        do {
            try await body(store)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }
}
