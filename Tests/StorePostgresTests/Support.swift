import Foundation
import SMSCore
import StorePostgres
import TestSupport
import Testing

/// The server that the tests use; `scripts/test.sh` starts one of their own.
enum TestServer {
    /// A database's URI; nil when there is none to test against.
    ///
    /// Beside many other tests a connection may take its time.
    static let uri = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_POSTGRES"].map { uri in
        uri + (uri.contains("?") ? "&" : "?") + "connect_timeout=60"
    }
    /// Why tests are skipped.
    static let absence: Comment = "SMS_BRIDGE_TEST_POSTGRES names no PostgreSQL (scripts/postgres.sh start, then env)"
}

extension Trait where Self == ConditionTrait {
    /// Runs a test where there is a server, and says why it is skipped elsewhere.
    static var againstServer: Self { .enabled(if: TestServer.uri != nil, TestServer.absence) }
}

/// A schema of its own in the tests' database, removed afterwards.
struct TestSchema {
    let uri: String
    let name: String

    /// Opens a store of this schema, as another replica does.
    func open(
        _ owner: String = "boot-1",
        spoolCapacity: Int = StoreConformance.spoolCapacity,
        isVisiting: Bool = false,
        restartGrace: Duration = .zero
    ) async throws -> PostgresStore {
        var options = PostgresStore.Options(uri: uri, schema: name, owner: BootID(owner))
        options.readers = 2
        options.restartGrace = restartGrace
        options.lockPatience = .seconds(60)
        options.spoolCapacity = spoolCapacity
        options.spoolByteCapacity = StoreConformance.spoolByteCapacity
        return try await PostgresStore.open(options, isVisiting: isVisiting)
    }

    /// Makes a schema, and removes it after the body.
    static func with(_ body: (TestSchema) async throws -> Void) async throws {
        let uri = try #require(TestServer.uri)
        let name = "t\(UInt64.random(in: 0...UInt64.max))"
        let schema = TestSchema(uri: uri, name: name)
        try await TestDatabase.run("CREATE SCHEMA \(name)", uri: uri)
        let result: Result<Void, any Error>
        do {
            try await body(schema)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await TestDatabase.run("SET client_min_messages TO warning; DROP SCHEMA \(name) CASCADE", uri: uri)
        try result.get()
    }
}

/// A store on a new schema, closed and removed afterwards.
func withStore(
    spoolCapacity: Int = StoreConformance.spoolCapacity,
    _ body: (PostgresStore) async throws -> Void
) async throws {
    try await TestSchema.with { schema in
        let store = try await schema.open(spoolCapacity: spoolCapacity)
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}
