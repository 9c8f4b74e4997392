package import Contracts
internal import SMSCore
internal import StoreSupport

extension PostgresStore: SweepLog {
    /// How long cancellations, marks of handling, and notes of ids that were acked, are kept.
    private static let noteLife: Duration = .seconds(86_400)
    /// How long gaps of the listener are kept after their end.
    private static let gapLife: Duration = .seconds(2 * 86_400)

    package func sweepMoment() async throws -> Timestamp? {
        try await read { try $0.execute("SELECT at FROM sweep_clock").first(as: Timestamp.self) }
    }

    package func noteSweepMoment(_ moment: Timestamp) async throws {
        try await writer.write(at: .last) { session in
            let sql = """
                INSERT INTO sweep_clock (number, at) VALUES (1, ?) ON CONFLICT (number) DO UPDATE SET at = excluded.at
                """
            _ = try session.execute(sql, [moment.column])
        }
    }

    package func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int {
        try await writer.write { session in
            // What another replica sweeps just now it sweeps for all.
            guard try session.tryLock(.sweep) else { return 0 }
            let yesterday = now - Self.noteLife
            return [
                try session.delete(from: "message", key: "id", where: "keep_until <= ? AND is_told = 1", now),
                try session.delete(from: "anonymous_id", key: "number", where: "noted_at < ?", notesBefore),
                try session.delete(from: "anonymous_id", key: "number", where: "acked_at < ?", yesterday),
                try session.delete(from: "cancellation", key: "kind, value", where: "noted_at < ?", yesterday),
                try session.delete(from: "handling", key: "key", where: "at < ?", yesterday),
                try session.delete(from: "listener_gap", key: "number", where: "until < ?", now - Self.gapLife),
            ].reduce(0, +)
        }
    }

    // MARK: Handling

    package func handlings(of key: String) async throws -> Int {
        try await read { try $0.execute("SELECT begun FROM handling WHERE key = ?", [key.column]).first() ?? 0 }
    }

    package func beginHandling(_ key: String, at moment: Timestamp) async throws -> Int {
        try await writer.write(at: .row(key)) { session in
            let sql = """
                INSERT INTO handling (key, begun, at) VALUES (?, 1, ?)
                ON CONFLICT (key) DO UPDATE SET begun = handling.begun + 1, at = excluded.at RETURNING begun
                """
            guard let begun: Int = try session.execute(sql, [key.column, moment.column]).first() else {
                throw StoreError.corrupt("A mark of handling")
            }
            return begun
        }
    }

    package func withdrawHandling(_ key: String) async throws {
        try await writer.write(at: .row(key)) { session in
            _ = try session.execute("DELETE FROM handling WHERE key = ? AND begun <= 1", [key.column])
            _ = try session.execute("UPDATE handling SET begun = begun - 1 WHERE key = ?", [key.column])
        }
    }

    package func endHandling(_ key: String) async throws {
        try await writer.write(at: .row(key)) {
            _ = try $0.execute("DELETE FROM handling WHERE key = ?", [key.column])
        }
    }

    // MARK: Commands without an id

    package func claimAnonymousID(
        digest: String,
        isRedelivered: Bool,
        holder: String,
        fresh: CommandID,
        now: Timestamp
    ) async throws -> CommandID {
        try await writer.write(at: .row(digest)) { session in
            if isRedelivered, let id = try session.takeOver(digest: digest, holder: holder) { return id }
            let note = "INSERT INTO anonymous_id (id, digest, holder, noted_at) VALUES (?, ?, ?, ?)"
            _ = try session.execute(note, [fresh.text.column, digest.column, holder.column, now.column])
            return fresh
        }
    }

    package func noteAnonymousAck(of id: CommandID, proved: [CommandID], at moment: Timestamp) async throws {
        try await writer.write(at: .row(id.text)) { session in
            let note = "UPDATE anonymous_id SET acked_at = ? WHERE id = ?"
            _ = try session.execute(note, [moment.column, id.text.column])
            for id in proved {
                _ = try session.execute(
                    "DELETE FROM anonymous_id WHERE id = ? AND acked_at IS NOT NULL",
                    [id.text.column]
                )
            }
        }
    }
}

extension Session {
    /// How many rows one sweep takes, so that other writes do not wait long behind it.
    private static let sweepBatch = 2000

    /// Deletes the rows of a table that a condition on a moment holds for, at most `sweepBatch`, and none that another
    /// transaction is changing; the key may have several columns.
    ///
    /// - Returns: how many went.
    func delete(from table: String, key: String, where condition: String, _ moment: Timestamp) throws -> Int {
        let sql = """
            DELETE FROM \(table) WHERE (\(key)) IN (
                SELECT \(key) FROM \(table) WHERE \(condition) LIMIT ? FOR UPDATE SKIP LOCKED
            )
            """
        return try execute(sql, [moment.column, Self.sweepBatch.column]).changed
    }

    /// Claims a noted id that no delivery of this holder has: one not acked first, one not settled first among them, then
    /// one of a process that is gone, then the oldest; one that another replica claims at the same time is left to it.
    ///
    /// - Returns: nil when there is none.
    fileprivate func takeOver(digest: String, holder: String) throws -> CommandID? {
        let sql = """
            UPDATE anonymous_id SET holder = ?2, acked_at = NULL WHERE number = (
                SELECT note.number FROM anonymous_id AS note LEFT JOIN message ON message.id = note.id
                WHERE note.digest = ?1 AND note.holder <> ?2
                ORDER BY note.acked_at IS NOT NULL, message.state IS NOT DISTINCT FROM 'settled', EXISTS (
                    SELECT 1 FROM replica WHERE starts_with(note.holder, replica.owner || '/')
                    AND heartbeat_at > clock_timestamp() - interval '30 seconds'
                ), note.noted_at, note.number
                LIMIT 1 FOR UPDATE OF note SKIP LOCKED
            ) RETURNING id
            """
        guard let text: String = try execute(sql, [digest.column, holder.column]).first() else { return nil }
        guard let id = CommandID(text) else { throw StoreError.corrupt("A command id") }
        return id
    }
}
