package import Contracts
package import SMSCore

/// What is noted for a while and swept again.
extension MessageStore where Self: SQLStore {
    package func cancel(_ target: CancelTarget, at moment: Timestamp) async throws {
        let (kind, value) = target.columns
        try await change(.bars) { connection in
            let sql = """
                INSERT INTO cancellation (kind, value, noted_at) VALUES (?, ?, ?)
                ON CONFLICT (kind, value) DO UPDATE SET noted_at = excluded.noted_at
                """
            try connection.change(sql, [kind.column, value.column, moment.column])
        }
    }

    package func handlings(of key: String) async throws -> Int {
        try await lookUp { try $0.value("SELECT begun FROM handling WHERE key = ?", [key.column]) ?? 0 }
    }

    package func beginHandling(_ key: String, at moment: Timestamp) async throws -> Int {
        try await change(.row(key)) { connection in
            let sql = """
                INSERT INTO handling (key, begun, at) VALUES (?, 1, ?)
                ON CONFLICT (key) DO UPDATE SET begun = handling.begun + 1, at = excluded.at RETURNING begun
                """
            guard let begun: Int = try connection.value(sql, [key.column, moment.column]) else {
                throw StoreError.corrupt("A mark of handling")
            }
            return begun
        }
    }

    package func withdrawHandling(_ key: String) async throws {
        try await change(.row(key)) { connection in
            try connection.change("DELETE FROM handling WHERE key = ? AND begun <= 1", [key.column])
            try connection.change("UPDATE handling SET begun = begun - 1 WHERE key = ?", [key.column])
        }
    }

    package func endHandling(_ key: String) async throws {
        try await change(.row(key)) { connection in
            _ = try connection.change("DELETE FROM handling WHERE key = ?", [key.column])
        }
    }

    package func claimAnonymousID(
        digest: String,
        isRedelivered: Bool,
        holder: String,
        fresh: CommandID,
        now: Timestamp
    ) async throws -> CommandID {
        try await change(.row(digest)) { connection in
            if isRedelivered, let id = try connection.takeOverAnonymousID(digest: digest, holder: holder) { return id }
            let note = "INSERT INTO anonymous_id (id, digest, holder, noted_at) VALUES (?, ?, ?, ?)"
            try connection.change(note, [fresh.text.column, digest.column, holder.column, now.column])
            return fresh
        }
    }

    package func noteAnonymousAck(of id: CommandID, proved: [CommandID], at moment: Timestamp) async throws {
        try await change(.row(id.text)) { connection in
            let note = "UPDATE anonymous_id SET acked_at = ? WHERE id = ?"
            try connection.change(note, [moment.column, id.text.column])
            for id in proved {
                let acked = "DELETE FROM anonymous_id WHERE id = ? AND acked_at IS NOT NULL"
                try connection.change(acked, [id.text.column])
            }
        }
    }

    package func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int {
        // Of cancellations, marks of handling, and notes of ids that were acked.
        let yesterday = now - .seconds(86_400)
        return try await change(.other) { connection in
            // What another process sweeps just now it sweeps for all.
            guard try connection.maySweep() else { return 0 }
            let gaps = Connection.dialect.gaps
            return [
                try connection.delete(from: "message", key: "id", where: "keep_until <= ? AND is_told = 1", now),
                try connection.delete(from: "anonymous_id", key: "number", where: "noted_at < ?", notesBefore),
                try connection.delete(from: "anonymous_id", key: "number", where: "acked_at < ?", yesterday),
                try connection.delete(from: "cancellation", key: "kind, value", where: "noted_at < ?", yesterday),
                try connection.delete(from: "handling", key: "key", where: "at < ?", yesterday),
                try connection.delete(from: gaps, key: "number", where: "until < ?", now - .seconds(2 * 86_400)),
            ].reduce(0, +)
        }
    }
}

extension SweepLog where Self: SQLStore {
    package func sweepMoment() async throws -> Timestamp? {
        try await read { try $0.value("SELECT at FROM sweep_clock", []) }
    }

    package func noteSweepMoment(_ moment: Timestamp) async throws {
        try await change(.single) { connection in
            let sql = """
                INSERT INTO sweep_clock (number, at) VALUES (1, ?) ON CONFLICT (number) DO UPDATE SET at = excluded.at
                """
            _ = try connection.change(sql, [moment.column])
        }
    }
}

extension SQLConnection {
    /// Deletes the rows of a table that a condition on a moment holds for, at most 2,000 so that other writes do not wait long
    /// behind it, and none that another transaction is changing; the key may have several columns.
    ///
    /// - Returns: how many went.
    func delete(from table: String, key: String, where condition: String, _ moment: Timestamp) throws -> Int {
        let some = "SELECT \(key) FROM \(table) WHERE \(condition) LIMIT 2000\(Self.dialect.skipLocked)"
        return try change("DELETE FROM \(table) WHERE (\(key)) IN (\(some))", [moment.column])
    }
}
