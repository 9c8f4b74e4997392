package import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore: ReceiptStore {
    package func receipts(of messageUUID: String) async throws -> [SeenReceipt] {
        try await read { session in
            let sql = "\(ReceiptRow.select) WHERE message_uuid = ? ORDER BY seen_at, number"
            return try session.execute(sql, [messageUUID.column]).map { try ReceiptRow.receipt(from: &$0) }
        }
    }

    package func remember(_ receipt: SeenReceipt) async throws {
        let values = try ReceiptRow.values(of: receipt)
        let isFinal = StatusEvent.finalStatuses.contains(receipt.status)
        try await writer.write(at: .receipts(of: receipt.messageUUID)) { session in
            if isFinal { try session.lockReceipts(of: receipt.messageUUID) }
            _ = try session.execute(ReceiptRow.insert, values)
            if isFinal { try session.endAwaiting(receipt.messageUUID) }
        }
    }

    package func hasSeenInbound(_ key: String) async throws -> Bool {
        try await read { try $0.execute("SELECT 1 FROM inbound_key WHERE key = ?", [key.column]).count > 0 }
    }

    package func rememberInbound(_ key: String, at moment: Timestamp) async throws {
        try await writer.write(at: .row(key)) { session in
            let sql = "INSERT INTO inbound_key (key, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
            _ = try session.execute(sql, [key.column, moment.column])
        }
    }

    package func sweepReceipts(before moment: Timestamp) async throws -> Int {
        try await writer.write { session in
            guard try session.tryLock(.sweep) else { return 0 }
            let receipts = try session.delete(from: "receipt", key: "number", where: "seen_at < ?", moment)
            let inbound = try session.delete(from: "inbound_key", key: "key", where: "seen_at < ?", moment)
            // What is older than these could only be undone by what does not come any more.
            let optIns = try session.delete(from: "opt_in", key: "number, sender", where: "noted_at < ?", moment)
            let replies = try session.delete(from: "reply", key: "number, sender, wish", where: "at < ?", moment)
            // Their records are gone as well.
            let awaited = try session.delete(
                from: "awaited_receipt",
                key: "message_uuid",
                where: "accepted_at < ? AND overdue_at IS NULL",
                moment
            )
            let overdue = try session.delete(
                from: "awaited_receipt",
                key: "message_uuid",
                where: "overdue_at < ?",
                moment
            )
            return receipts + inbound + optIns + replies + awaited + overdue
        }
    }
}

extension PostgresStore: ListenerLog {
    package func noteListening(at moment: Timestamp, tolerance: Duration) async throws {
        try await writer.write(at: .last) { session in
            // One replica at a time: the listener is up while one of them is.
            let last: Int64? = try session.execute("SELECT at FROM listener_beat WHERE number = 1 FOR UPDATE").first()
            // What lies ahead was noted under a clock that has been put right since.
            _ = try session.execute("DELETE FROM listener_gap WHERE until > ?1 AND since > ?1", [moment.column])
            _ = try session.execute("UPDATE listener_gap SET until = ?1 WHERE until > ?1", [moment.column])
            if let last {
                // The sums are made with numeric: an absurd time in the table then makes no error.
                let gap = """
                    INSERT INTO listener_gap (kind, since, until)
                    SELECT 'silence', ?1, ?2 WHERE ?2::numeric - ?1::numeric > ?3
                    """
                _ = try session.execute(gap, [last.column, moment.column, tolerance.wholeMilliseconds.column])
            }
            let beat = """
                INSERT INTO listener_beat (number, at) VALUES (1, ?) ON CONFLICT (number) DO UPDATE SET at = excluded.at
                """
            _ = try session.execute(beat, [moment.column])
        }
    }

    package func noteFailedWebhook(at moment: Timestamp) async throws {
        try await writer.write(at: .last) { session in
            // One a second is enough to know of, and keeps the table small however many fail.
            let sql = """
                INSERT INTO listener_gap (kind, since, until) SELECT 'failure', ?1, ?1 WHERE NOT EXISTS
                (SELECT 1 FROM listener_gap WHERE kind = 'failure' AND until > ?1 - 1000 AND until <= ?1)
                """
            _ = try session.execute(sql, [moment.column])
        }
    }

    package func gaps(from start: Timestamp, until end: Timestamp) async throws -> [ListenerGap] {
        try await read { session in
            let sql =
                "SELECT \(ListenerGapRow.columns) FROM listener_gap WHERE until >= ? AND since <= ? ORDER BY since, number"
            return try session.execute(sql, [start.column, end.column]).map { try ListenerGapRow.gap(from: &$0) }
        }
    }
}
