internal import Contracts
internal import FoundationEssentials
internal import Glibc
package import SMSCore
package import StoreSupport

/// The store over PostgreSQL, shared by any number of replicas: ledger, receipts, listener log and spool.
///
/// Writes go through one connection in groups, and have been committed when they return, whatever became of the caller's
/// task. Reads have connections of their own and see what was committed before they were asked for; they throw
/// `CancellationError` when their task is cancelled. Everything else that is thrown is a `StoreError`. Every call ends
/// within some 15 seconds, one whose commit was not answered within a minute more.
package final class PostgresStore: Sendable {
    /// What the store does for its callers.
    package enum Operation: String, Hashable, Sendable {
        case read
        case write
    }

    /// Called with how long each operation took, its wait included.
    package typealias Observer = @Sendable (Operation, Duration) -> Void

    /// How a database is used.
    package struct Options: Sendable {
        /// `postgres://user:password@host[:port][,host…]/database?sslmode=…`, as libpq has it.
        package var uri: String
        /// The schema that holds the tables; nil for the server's choice.
        package var schema: String?
        /// Who uses it: the boot id, by which attempts, leases and spooled events are known.
        package var owner: BootID
        /// What this machine is called, for people.
        package var instance = ""
        /// How long an attempt belongs to the process that began it: `SEND_TIMEOUT` + 5 s, by default 15 s.
        package var leaseLength: Duration = .seconds(15)
        /// How long after the server's start no other process is taken for gone that was last seen before it, 2 min by
        /// default.
        package var restartGrace: Duration = .seconds(120)
        /// How long a lock on a key is waited for before the work goes on without it, 1 s by default.
        package var lockPatience: Duration = .seconds(1)
        /// Connections for reading, 3 by default.
        package var readers = 3
        /// How many events each share of this process's spool takes, 100,000 by default.
        package var spoolCapacity = 100_000
        /// How many bytes of events each share takes, 256 MiB by default.
        package var spoolByteCapacity = 256 << 20

        /// The defaults, for a database.
        package init(uri: String, schema: String? = nil, owner: BootID) {
            self.uri = uri
            self.schema = schema
            self.owner = owner
        }
    }

    let options: Options
    let writer: GroupWriter
    package let facts = FactsText()
    package let digest: NumberDigest
    private let board: ConnectionBoard
    private let writing: ConnectionThreads
    private let reading: ConnectionThreads
    /// Has the session lock that says that this process lives, and others' locks.
    let presence: ConnectionThreads
    private let observe: Observer

    /// Opens a database, and brings it to the present schema.
    ///
    /// - Parameters:
    ///   - options: which database, and how it is used.
    ///   - isVisiting: whether it is only looked at: the schema stays as it is.
    ///   - observe: called after each operation.
    /// - Returns: the store.
    /// - Throws: `StoreError`: `unavailable` when no server can be reached, `schema` when the database is of a newer version,
    ///   `outdated` for a visitor when it is of an older one, and others.
    package static func open(
        _ options: Options,
        isVisiting: Bool = false,
        observe: @escaping Observer = { _, _ in }
    ) async throws -> PostgresStore {
        if let problem = ConnectionSettings.problem(of: options.uri) {
            throw StoreError(.misuse, "The address of the database \(problem).")
        }
        let settings = ConnectionSettings(uri: options.uri, schema: options.schema)
        let board = ConnectionBoard()
        let writing = ConnectionThreads("pg write", count: 1) { Session(settings, board: board) }
        do {
            let key = try await writing.run { session in
                if isVisiting {
                    guard try Schema.isCurrent(session) else { throw StoreError.outdated }
                } else {
                    try Schema.migrate(session)
                }
                return try Schema.secret(session)
            }
            return PostgresStore(options, settings, key: key, writing: writing, board: board, observe: observe)
        } catch {
            await writing.close()
            throw error
        }
    }

    private init(
        _ options: Options,
        _ settings: ConnectionSettings,
        key: [UInt8],
        writing: ConnectionThreads,
        board: ConnectionBoard,
        observe: @escaping Observer
    ) {
        self.options = options
        self.digest = NumberDigest(key: Data(key))
        self.writing = writing
        self.board = board
        self.observe = observe
        self.writer = GroupWriter(threads: writing) { observe(.write, $0) }
        self.presence = ConnectionThreads("pg lease", count: 1) {
            Session(settings, board: board) { try $0.announce(options.owner, instance: options.instance) }
        }
        self.reading = ConnectionThreads("pg read", count: max(options.readers, 1)) { Session(settings, board: board) }
    }

    /// What is wrong with a URI of a database; nil when it can be used.
    package static func problem(ofURI uri: String) -> String? { ConnectionSettings.problem(of: uri) }

    /// Connections that are open, and how many have been made since the start.
    package var connections: (open: Int, made: Int) { (board.open, board.made) }

    /// Ends the store: takes no more calls, waits for those asked for, closes the connections.
    package func close() async {
        writer.close()
        await writing.close()
        await reading.close()
        await presence.close()
    }

    /// Reads what has been committed; several statements are not one view.
    package func read<Value: Sendable>(_ value: @escaping @Sendable (Session) throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        defer { observe(.read, ContinuousClock.now - start) }
        try Task.checkCancellation()
        return try await reading.run { session in
            do {
                return try value(session)
            } catch let error as StoreError where error.code == .unavailable && session.wasConnected {
                // Mostly a connection that has broken since it was last used; reading again does no harm.
                return try value(session)
            }
        }
    }

    /// Runs SQL as a change of its own among the others; for looking into a database and for breaking one in tests.
    func execute(_ sql: String) async throws {
        try await writer.write { try $0.run(sql) }
    }
}

extension ConnectionThreads {
    /// How long a job waits for a thread.
    private static var patience: Duration { .seconds(10) }

    /// Has a value made on one of the threads.
    ///
    /// - Throws: what `value` throws; `StoreError.closed`, and `unavailable` when no thread was free in time.
    func run<Value: Sendable>(_ value: @escaping @Sendable (Session) throws -> Value) async throws -> Value {
        let deadline = ContinuousClock.now + Self.patience
        // One exit: the job's end, or at once when there are no threads any more.
        return try await withCheckedThrowingContinuation { continuation in
            let isTaken = perform { session in
                guard ContinuousClock.now < deadline else {
                    let error = StoreError(.unavailable, "The database did not do its work in time.", isRetriable: true)
                    return continuation.resume(throwing: error)
                }
                continuation.resume(with: Result { try value(session) })
            }
            if !isTaken { continuation.resume(throwing: StoreError.closed) }
        }
    }
}
