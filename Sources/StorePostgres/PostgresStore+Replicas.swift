package import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore: Store, ReplicaStore {
    package var leaseLength: Duration { options.leaseLength }

    package func beat() async throws {
        let owner = options.owner.text.column
        try await presence.run { session in
            let sql = "UPDATE replica SET heartbeat_at = clock_timestamp() WHERE owner = ?"
            // A row that was deleted by hand comes back with the session.
            if try session.execute(sql, [owner]).changed == 0 { session.close() }
        }
    }

    package func standing(of id: CommandID) async throws -> AttemptStanding {
        let grace = options.restartGrace
        let arguments = [id.text.column, options.owner.text.column, options.leaseLength.wholeMilliseconds.column]
        return try await read { session in
            let sql = """
                SELECT CEIL(EXTRACT(EPOCH FROM lease_until - clock_timestamp()) * 1000)::bigint,
                    lease_owner IN (\(Session.goneOwners(length: "?3", grace: grace)))
                    OR NOT EXISTS (SELECT 1 FROM replica WHERE owner = lease_owner)
                FROM message WHERE id = ?1 AND lease_owner <> ?2
                """
            let known = try session.execute(sql, arguments).firstRow {
                (rest: try $0.nextIfPresent(as: Int64.self), isGone: try $0.next(as: Bool.self))
            }
            guard let known else { return .over }
            if let rest = known.rest, rest > 0 { return .leased(.milliseconds(rest)) }
            return known.isGone ? .over : .lapsed
        }
    }

    package func claim(_ work: String, for time: Duration) async throws -> Bool {
        let arguments = [work.column, options.owner.text.column, time.wholeMilliseconds.column]
        return try await presence.run { session in
            let sql = """
                INSERT INTO claim (name, owner, until) VALUES (?1, ?2, clock_timestamp() + ?3 * interval '1 millisecond')
                ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
                WHERE claim.owner = excluded.owner OR claim.until < clock_timestamp()
                """
            return try session.execute(sql, arguments).changed == 1
        }
    }

    package func takeSlots(
        of rate: String,
        count: Int,
        every interval: Duration,
        within limit: Duration
    ) async throws -> TakenSlots? {
        let arguments = [
            rate.column, (interval * count).microseconds.column, limit.microseconds.column,
        ]
        return try await presence.run { session in
            // What follows is evaluated when the row is locked; the commit and the way back come after it.
            let sql = """
                INSERT INTO rate_slot (name, next_at) VALUES (?1, clock_timestamp() + ?2 * interval '1 microsecond')
                ON CONFLICT (name) DO UPDATE
                SET next_at = GREATEST(rate_slot.next_at, clock_timestamp()) + ?2 * interval '1 microsecond'
                WHERE rate_slot.next_at <= clock_timestamp() + ?3 * interval '1 microsecond'
                RETURNING (EXTRACT(EPOCH FROM next_at - ?2 * interval '1 microsecond') * 1000000)::bigint,
                (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint
                """
            return try session.execute(sql, arguments).firstRow { row in
                TakenSlots(
                    first: .microseconds(try row.next(as: Int64.self)),
                    taken: .microseconds(try row.next(as: Int64.self))
                )
            }
        }
    }

    package func figures() async throws -> ReplicaFigures {
        let arguments = [options.owner.text.column, options.leaseLength.wholeMilliseconds.column]
        return try await read { session in
            // What another role may not see of the standbys is NULL.
            let sql = """
                SELECT
                (SELECT COUNT(*) FROM replica WHERE heartbeat_at > clock_timestamp() - ?2 * interval '1 millisecond'),
                (SELECT COUNT(*) FROM message
                    WHERE state = 'sending' AND lease_owner = ?1 AND lease_until > clock_timestamp()),
                (SELECT (EXTRACT(EPOCH FROM MAX(COALESCE(replay_lag, interval '0'))) * 1000)::bigint
                    FROM pg_stat_replication WHERE state IS NOT NULL)
                """
            let figures = try session.execute(sql, arguments).firstRow { row in
                ReplicaFigures(
                    replicas: try row.next(),
                    leases: try row.next(),
                    replicationLag: try row.nextIfPresent().map { (lag: Int64) in .milliseconds(lag) }
                )
            }
            guard let figures else { throw StoreError.corrupt("The figures of the replicas") }
            return figures
        }
    }

    package func adoptSpools() async throws -> [String] {
        let grace = options.restartGrace
        let arguments = [options.owner.text.column, (options.leaseLength * 2).wholeMilliseconds.column]
        return try await writer.write { session in
            let gone = "SELECT DISTINCT owner FROM spool_share WHERE owner <> ?1 AND waiting > 0"
            guard try session.execute(gone, [arguments[0]]).count > 0, try session.tryLock(.adoption) else { return [] }
            let adopt = """
                WITH moved AS (
                    UPDATE spool SET owner = ?1 WHERE owner <> ?1 AND (owner IN (\(Session.goneOwners(length: "?2", grace: grace)))
                    OR NOT EXISTS (SELECT 1 FROM replica WHERE replica.owner = spool.owner))
                    RETURNING number, key, share, bytes
                ), counted AS (
                    INSERT INTO spool_share (owner, share, waiting, bytes)
                    SELECT ?1, share, COUNT(*), SUM(bytes)::bigint FROM moved GROUP BY share
                    ON CONFLICT (owner, share) DO UPDATE
                    SET waiting = spool_share.waiting + excluded.waiting, bytes = spool_share.bytes + excluded.bytes
                )
                SELECT key FROM moved ORDER BY number
                """
            let keys = try session.execute(adopt, arguments).map { try $0.next(as: String.self) }
            guard !keys.isEmpty else { return [] }
            let forget = """
                DELETE FROM spool_share WHERE owner <> ?
                AND NOT EXISTS (SELECT 1 FROM spool WHERE spool.owner = spool_share.owner)
                AND NOT EXISTS (
                    SELECT 1 FROM replica WHERE replica.owner = spool_share.owner
                    AND heartbeat_at > clock_timestamp() - interval '1 hour'
                )
                """
            _ = try session.execute(forget, [arguments[0]])
            return keys
        }
    }

    package func withLock<Value>(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        let isLocked = try await lock(key)
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        if isLocked { unlock(key) }
        return try result.get()
    }

    /// How often a lock is tried.
    private static let lockPause: Duration = .milliseconds(20)

    private func lock(_ key: String) async throws -> Bool {
        let deadline = ContinuousClock.now + options.lockPatience
        while true {
            let isLocked: Bool? = try await presence.run { session in
                try session.execute(
                    "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ?, 0))",
                    [key.column]
                )
                .first()
            }
            if isLocked == true { return true }
            if ContinuousClock.now > deadline { return false }
            try await ContinuousClock().sleep(for: Self.lockPause)
        }
    }

    /// A lock whose session is lost is free already.
    private func unlock(_ key: String) {
        _ = presence.perform { session in
            let sql = "SELECT pg_advisory_unlock(hashtextextended(current_schema() || ?, 0))"
            do { _ = try session.execute(sql, [key.column]) } catch { session.close() }
        }
    }
}

extension Session {
    /// The first key of the locks that say that a replica lives; its second is the replica's number.
    private static let presence = "hashtext(current_schema() || ' replica')"

    /// A query for the owners that are known to be gone.
    ///
    /// The server has seen the end of their session, and they have not given a sign of life for longer than a lease. One of
    /// both proves nothing, for a frozen process may wake. Nor do both prove anything soon after a start of the server, or
    /// after another one has taken over, since then no session is there: for the length of `grace` those that live may come
    /// back.
    static func goneOwners(length: String, grace: Duration) -> String {
        """
        SELECT replica.owner FROM replica
        WHERE replica.heartbeat_at < clock_timestamp() - \(length) * interval '1 millisecond'
        AND EXISTS (
            SELECT 1 FROM server_life WHERE server_life.started_at = pg_postmaster_start_time() AND (
                replica.heartbeat_at > server_life.since
                OR server_life.since < clock_timestamp() - interval '\(grace.wholeMilliseconds) milliseconds'
            )
        )
        AND replica.number NOT IN (
            SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid::bigint = (\(presence)::bigint & 4294967295)
        )
        """
    }

    /// Notes a replica, and takes the lock that says that it lives for as long as this connection does.
    ///
    /// Each connection takes the lock of a number of its own: that of the last one may still be held, by a session whose
    /// end the server has not seen yet.
    func announce(_ owner: BootID, instance: String) throws {
        // What is noted here is worth no wait for the disk.
        try run("SET synchronous_commit TO off")
        for (table, moment) in [("replica", "heartbeat_at"), ("rate_slot", "next_at"), ("claim", "until")] {
            _ = try execute("DELETE FROM \(table) WHERE \(moment) < clock_timestamp() - interval '7 days'")
        }
        // A standby that has taken over started long ago, but not with this start.
        let life = """
            INSERT INTO server_life (number, started_at, since) VALUES (1, pg_postmaster_start_time(), clock_timestamp())
            ON CONFLICT (number) DO UPDATE SET started_at = excluded.started_at, since = excluded.since
            WHERE server_life.started_at <> excluded.started_at
            """
        _ = try execute(life)
        let note = """
            INSERT INTO replica (owner, instance) VALUES (?, ?)
            ON CONFLICT (owner) DO UPDATE SET heartbeat_at = clock_timestamp(), number = DEFAULT RETURNING number
            """
        guard let number: Int64 = try execute(note, [owner.text.column, instance.column]).first() else {
            throw StoreError.corrupt("A replica")
        }
        let lock = "SELECT pg_try_advisory_lock(\(Self.presence), ?::bigint::int)"
        guard try execute(lock, [number.column]).first(as: Bool.self) == true else {
            throw StoreError(.busy, "The lock that says that this process lives is taken.", isRetriable: true)
        }
    }
}

extension Duration {
    /// Whole microseconds, rounded up.
    fileprivate var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + (attoseconds + 999_999_999_999) / 1_000_000_000_000
    }
}
