internal import Contracts
internal import StoreSupport

/// The tables, as a list of numbered steps; a step that has been released is never changed.
///
/// Replicas of two neighbouring versions work side by side during an upgrade: a step only adds what an older program can
/// leave alone (tables, indexes, columns with a default), and says which older programs can. A program serves a newer
/// schema as long as that says so.
enum Schema {
    struct Step {
        let number: Int
        let name: String
        /// The number of the newest step that the oldest program which can serve this schema knows.
        let oldestProgram: Int
        let sql: String
    }

    static let steps = [
        Step(number: 1, name: "ledger, receipts, campaigns, suppression list, spool", oldestProgram: 1, sql: first),
        Step(number: 2, name: "replicas", oldestProgram: 1, sql: replicas),
        Step(number: 3, name: "histories and search of messages", oldestProgram: 1, sql: search),
        Step(number: 4, name: "since when this server serves", oldestProgram: 1, sql: serverLife),
    ]

    /// The newest step of this program.
    static var newest: Int { steps.last?.number ?? 0 }

    /// Brings a database to the present schema, one process at a time.
    ///
    /// - Throws: ``StoreError`` with `schema` when a newer version of this program has been there whose schema this one
    ///   cannot serve.
    static func migrate(_ session: Session) throws {
        if try isCurrent(session) { return }
        _ = try session.execute("BEGIN")
        do {
            try session.run("SET LOCAL statement_timeout TO 0; SET LOCAL lock_timeout TO '10s'")
            _ = try session.execute(
                "SELECT pg_advisory_xact_lock(hashtext(current_schema()), \(Session.Lock.migration.rawValue))"
            )
            try session.run(versions)
            // Another process may have been faster.
            let known = try state(session).newest
            for step in steps where step.number > known {
                try session.waiting(upTo: Session.migrationLimit) { try session.run(step.sql) }
                _ = try session.execute(
                    "INSERT INTO schema_version (number, name, oldest_program, applied_at) VALUES (?, ?, ?, ?)",
                    [step.number.column, step.name.column, step.oldestProgram.column, Timestamp.now.column]
                )
            }
            try session.execute("COMMIT").requireCommit()
        } catch {
            session.rollBack()
            throw error
        }
    }

    /// Whether a database has the present schema, or a newer one that this program can serve.
    ///
    /// - Throws: ``StoreError`` with `schema` when a newer version of this program has been there whose schema this one
    ///   cannot serve.
    static func isCurrent(_ session: Session) throws -> Bool {
        let exists = try session.execute("SELECT to_regclass('schema_version') IS NOT NULL").first(as: Bool.self)
        guard exists == true else { return false }
        let state = try state(session)
        if state.newest > newest, state.oldestProgram > newest {
            throw StoreError(.schema, "The database was written by a newer version of sms-bridge.")
        }
        return state.newest >= newest
    }

    /// The key of the digests of forgotten numbers.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none.
    static func secret(_ session: Session) throws -> [UInt8] {
        let key = try session.execute("SELECT key FROM secret").firstRow { try $0.nextBytes() }
        guard let key else { throw StoreError.corrupt("The key of forgotten numbers") }
        return key
    }

    private static func state(_ session: Session) throws -> (newest: Int, oldestProgram: Int) {
        let sql = "SELECT COALESCE(MAX(number), 0), COALESCE(MAX(oldest_program), 0) FROM schema_version"
        let state = try session.execute(sql).firstRow {
            (newest: try $0.next(as: Int.self), oldestProgram: try $0.next(as: Int.self))
        }
        return state ?? (0, 0)
    }

    private static let versions = """
        CREATE TABLE IF NOT EXISTS schema_version (
            number         BIGINT NOT NULL PRIMARY KEY,
            name           TEXT NOT NULL,
            oldest_program BIGINT NOT NULL,     -- the newest step that the oldest program which can serve this knows
            applied_at     BIGINT NOT NULL
        );
        """

    /// Who serves this database, and until when whose request may be on its way.
    private static let replicas = """
        CREATE TABLE replica (                  -- processes that serve, and those that have ended
            owner        TEXT COLLATE "C" NOT NULL PRIMARY KEY,     -- the boot id
            number       BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,      -- the key of its session lock
            instance     TEXT NOT NULL,         -- host name, for people
            started_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
            heartbeat_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
        );
        -- Of the last attempt whose own process has not written its end; by this database's clock.
        ALTER TABLE message ADD COLUMN lease_owner TEXT COLLATE "C", ADD COLUMN lease_until TIMESTAMPTZ;
        CREATE TABLE rate_slot (                -- up to when a rate has been given away
            name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            next_at TIMESTAMPTZ NOT NULL
        );
        CREATE TABLE claim (                    -- work that one replica at a time does
            name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            owner TEXT COLLATE "C" NOT NULL,
            until TIMESTAMPTZ NOT NULL
        );
        """

    /// Without it the start of a standby that has taken over would count, which may be long ago.
    private static let serverLife = """
        CREATE TABLE server_life (              -- the server that these tables are served by, of which there is one
            number     SMALLINT NOT NULL PRIMARY KEY CHECK (number = 1),
            started_at TIMESTAMPTZ NOT NULL,    -- its own start, by which it is known
            since      TIMESTAMPTZ NOT NULL     -- since when a replica has seen it
        );
        """
}
