@testable import StorePostgres

/// The tests' database beside the store.
enum TestDatabase {
    /// Runs statements on a connection of their own.
    static func run(_ sql: String, uri: String) async throws {
        let settings = ConnectionSettings(uri: uri, schema: nil)
        let threads = ConnectionThreads("pg test", count: 1) { Session(settings, board: ConnectionBoard()) }
        let result: Result<Void, any Error>
        do {
            try await threads.run { try $0.run(sql) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await threads.close()
        try result.get()
    }
}

extension PostgresStore {
    /// The number of the server's process behind the writing connection.
    func writerProcess() async throws -> Int {
        try await writer.write { try $0.execute("SELECT pg_backend_pid()").first() ?? 0 }
    }

    /// A number that a query finds.
    func number(_ sql: String) async throws -> Int {
        try await read { try $0.execute(sql).first() ?? -1 }
    }
}
