import App
import SMSCore
import StorePostgres
import StoreSQLite

extension Settings.Store {
    /// Opens the service's own store for a tool, beside a running service.
    ///
    /// - Throws: `StoreError` when it cannot be opened.
    func open() async throws -> any SMSCore.Store {
        switch location {
        case .sqlite(let path): try SQLiteStore(path: path, access: .shared)
        case .postgres(let uri): try await PostgresStore.open(PostgresStore.Options(uri: uri, owner: .random()))
        }
    }
}
