import Dispatch
package import GRDB
import SMSCore
package import StoreSupport
import Synchronization

/// The store over an embedded SQLite database: ledger, receipts, listener log and spool in one file.
///
/// Writes go through one group writer and have reached the disk when they return, whatever became of the caller's task.
/// Reads have connections of their own, never wait behind writes, and see only what has been committed; they throw
/// `CancellationError` when their task is cancelled. Everything else that is thrown is a ``StoreError``.
package final class SQLiteStore: Sendable {
    /// Who opens the database.
    package enum Access: Hashable, Sendable {
        /// The one process that serves: holds `<path>.lock` until the store is closed.
        case exclusive
        /// A tool beside it: takes no lock. It reads and writes; SQLite keeps both apart.
        case shared
        /// As `shared`, for one that only looks: the schema stays as it is.
        case visiting
    }

    /// What the store does for its callers.
    package enum Operation: String, Hashable, Sendable {
        case read
        case write
    }

    /// Called with how long each operation took, its wait included.
    package typealias Observer = @Sendable (Operation, Duration) -> Void

    /// How many events a share of the spool holds.
    let spoolCapacity: Int
    /// How many bytes of events a share of the spool holds.
    let spoolByteCapacity: Int
    let writer: GroupWriter
    private let reader: GroupReader
    package let facts = FactsText()
    let rows = WrittenRows()
    package let digest: NumberDigest
    private let pool: DatabasePool
    private let observe: Observer
    private let lock: Mutex<DatabaseLock?>

    /// Opens a database; makes it, and the folder it is in, where there is none.
    ///
    /// Blocks its thread for some milliseconds, or
    /// for as long as it takes to bring an older database to the present schema.
    ///
    /// - Parameters:
    ///   - path: the database file; SQLite puts `-wal` and `-shm` beside it, and `.lock` is ours.
    ///   - access: `exclusive` by default.
    ///   - spoolCapacity: how many events each share of the spool takes, 100,000 by default.
    ///   - spoolByteCapacity: how many bytes of events each share takes, 256 MiB by default.
    ///   - observe: called after each operation.
    /// - Throws: ``StoreError``: `inUse` when another process (or another store of this one) has exclusive access,
    ///   `schema` when the database is of a newer version, or, for `shared`, of an older one that is being served;
    ///   `cannotOpen` and others when it cannot be opened.
    package init(
        path: String,
        access: Access = .exclusive,
        spoolCapacity: Int = 100_000,
        spoolByteCapacity: Int = 256 << 20,
        observe: @escaping Observer = { _, _ in }
    ) throws {
        do {
            try DatabaseFile.makeFolder(of: path)
            let lock = access == .exclusive ? try DatabaseLock(databasePath: path) : nil
            let pool = try DatabaseFile.openPool(path: path)
            switch access {
            case .exclusive: try Schema.migrate(pool)
            case .shared: try Self.migrateIfUnserved(pool, path: path)
            case .visiting: guard try Schema.isCurrent(pool) else { throw StoreError.outdated }
            }
            self.digest = try NumberDigest(key: pool.read(Schema.secret))
            self.lock = Mutex(lock)
            self.pool = pool
            self.observe = observe
            self.writer = GroupWriter(pool: pool) { observe(.write, $0) }
            self.reader = GroupReader(pool: pool)
            self.spoolCapacity = spoolCapacity
            self.spoolByteCapacity = spoolByteCapacity
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Ends the store: takes no more writes, waits for those asked for, closes the database, gives the lock back.
    ///
    /// - Throws: ``StoreError`` when the database cannot be closed; the lock is given back all the same.
    package func close() async throws {
        writer.close()
        reader.close()
        defer { lock.withLock { $0 = nil } }
        let pool = pool
        do {
            // Closing blocks until the connections are idle, so it has a thread of the dispatch pool. One exit either
            // way.
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                DispatchQueue.global().async { continuation.resume(with: Result { try pool.close() }) }
            }
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Reads what has been committed, on a connection of its own.
    ///
    /// One statement is one view; several are not.
    package func read<Value: Sendable>(_ value: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        defer { observe(.read, ContinuousClock.now - start) }
        do {
            return try await pool.unsafeRead(value)
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Looks a few rows up by an index, together with others that are looked up at the same time.
    ///
    /// What reads many rows takes ``read(_:)``, so that no look-up waits behind it.
    package func lookUp<Value: Sendable>(_ value: @escaping @Sendable (Database) throws -> Value) async throws -> Value
    {
        let start = ContinuousClock.now
        defer { observe(.read, ContinuousClock.now - start) }
        try Task.checkCancellation()
        do {
            return try await reader.read(value)
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Moves all changes from the write-ahead log into the database, as far as no reader needs older ones just now.
    func emptyLog() async {
        // A reader at work keeps it from ending; SQLite does it by itself some time later.
        _ = try? await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    /// Runs SQL as a change of its own among the others; for looking into a database and for breaking one in tests.
    func execute(_ sql: String) async throws {
        try await writer.write { try $0.execute(sql: sql) }
    }

    /// How SQLite would answer a query, a line for each step; for tests.
    func plan(of query: String) async throws -> [String] {
        try await read { database in
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(query)")
            statement.setUncheckedArguments([])
            // The columns: id, parent, a number not used, and the text.
            return try Row.fetchAll(statement).map { try $0.decode(atIndex: 3) }
        }
    }

    /// A tool changes the schema only of a database that no service uses.
    private static func migrateIfUnserved(_ pool: DatabasePool, path: String) throws {
        if try Schema.isCurrent(pool) { return }
        do {
            let lock = try DatabaseLock(databasePath: path)
            try withExtendedLifetime(lock) { try Schema.migrate(pool) }
        } catch let error as StoreError where error.code == .inUse {
            throw StoreError(.schema, "The database is served by an older version of sms-bridge; stop that first.")
        }
    }
}

/// What the database says of its own durability.
package struct DurabilitySettings: Hashable, Sendable {
    /// `wal`.
    package let journalMode: String
    /// 2: FULL.
    package let synchronous: Int
    /// In milliseconds.
    package let busyTimeout: Int

    /// Settings as they are, or as they should be.
    package init(journalMode: String, synchronous: Int, busyTimeout: Int) {
        self.journalMode = journalMode
        self.synchronous = synchronous
        self.busyTimeout = busyTimeout
    }
}

extension SQLiteStore {
    /// Reads the settings back from the writing connection.
    package func durabilitySettings() async throws -> DurabilitySettings {
        try await writer.write { try Self.settings(of: $0) }
    }

    /// Reads the settings back from a reading connection.
    package func readerSettings() async throws -> DurabilitySettings {
        try await read { try Self.settings(of: $0) }
    }

    private static func settings(of database: Database) throws -> DurabilitySettings {
        DurabilitySettings(
            journalMode: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
            synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1,
            busyTimeout: try Int.fetchOne(database, sql: "PRAGMA busy_timeout") ?? -1
        )
    }
}
