package import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore: OverdueStore {
    package func claimAwaited(
        acceptedUntil moment: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) async throws -> [AwaitedReceipt] {
        try await claim("overdue_at IS NULL AND accepted_at <= ?1", by: "accepted_at", moment, limit, now, lease)
    }

    package func claimOverdue(limit: Int, now: Timestamp, lease: Duration) async throws -> [AwaitedReceipt] {
        try await claim("ask_at <= ?1", by: "ask_at", now, limit, now, lease)
    }

    package func noteOverdue(_ messageUUID: String, at moment: Timestamp, askAt: Timestamp?) async throws {
        try await writer.write(at: .receipts(of: messageUUID)) { session in
            let sql = """
                UPDATE awaited_receipt SET overdue_at = ?, ask_at = ?, busy_until = 0
                WHERE message_uuid = ? AND overdue_at IS NULL
                """
            _ = try session.execute(sql, [moment.column, askAt.column, messageUUID.column])
        }
    }

    package func noteAsked(_ messageUUID: String, askAt: Timestamp?) async throws {
        try await writer.write(at: .receipts(of: messageUUID)) { session in
            let sql = "UPDATE awaited_receipt SET ask_at = ?, asks = asks + 1, busy_until = 0 WHERE message_uuid = ?"
            _ = try session.execute(sql, [askAt.column, messageUUID.column])
        }
    }

    package func overdueCount() async throws -> Int {
        try await read { session in
            try session.execute("SELECT COUNT(*) FROM awaited_receipt WHERE overdue_at IS NOT NULL").first() ?? 0
        }
    }

    package func uncertain(from start: Timestamp, until end: Timestamp, limit: Int) async throws -> [MessageRecord] {
        try await records(
            "\(MessageRow.select) WHERE state = 'uncertain' AND state_since >= ? AND state_since <= ? LIMIT ?",
            [start.column, end.column, max(limit, 0).column]
        )
    }

    package func takeReports(_ wanted: Int, of budget: Int, day: Int64) async throws -> Int {
        try await writer.write(at: .last) { session in
            let spent = try session.spentReports(on: day)
            let taken = max(0, min(wanted, budget - spent))
            try session.noteReports(spent + taken, on: day)
            return taken
        }
    }

    package func correctReports(by records: Int, day: Int64) async throws {
        try await writer.write(at: .last) { session in
            try session.noteReports(max(0, session.spentReports(on: day) + records), on: day)
        }
    }

    /// Claims rows that no other replica is claiming just now.
    private func claim(
        _ condition: String,
        by order: String,
        _ moment: Timestamp,
        _ limit: Int,
        _ now: Timestamp,
        _ lease: Duration
    ) async throws -> [AwaitedReceipt] {
        let arguments = [moment.column, now.column, max(limit, 0).column, (now + lease).column]
        return try await writer.write { session in
            let sql = """
                WITH chosen AS (
                    SELECT message_uuid FROM awaited_receipt WHERE \(condition) AND busy_until <= ?2
                    ORDER BY \(order) LIMIT ?3 FOR UPDATE SKIP LOCKED
                ), claimed AS (
                    UPDATE awaited_receipt SET busy_until = ?4 WHERE message_uuid IN (SELECT message_uuid FROM chosen)
                    RETURNING \(AwaitedReceiptRow.columns), \(order) AS place
                )
                SELECT \(AwaitedReceiptRow.columns) FROM claimed ORDER BY place
                """
            return try session.execute(sql, arguments).map { try AwaitedReceiptRow.receipt(from: &$0) }
        }
    }
}

extension Session {
    /// Awaits the final receipt of a message that has just been accepted, unless it has come.
    ///
    /// A final receipt that another replica notes at the same moment is seen by one of the two: it locks this row's key
    /// before it looks for what it ends.
    func awaitReceipt(of record: MessageRecord) throws {
        guard let settlement = record.settlement, settlement.outcome == .accepted, !record.isPublished,
            let uuid = settlement.messageUUID
        else { return }
        try lockReceipts(of: uuid)
        let arguments = [uuid.column, record.id.text.column, settlement.at.column]
        _ = try execute(AwaitedReceiptRow.insertUnlessOver, arguments)
    }

    /// Ends the wait for the final receipt of a message.
    func endAwaiting(_ messageUUID: String) throws {
        _ = try execute("DELETE FROM awaited_receipt WHERE message_uuid = ?", [messageUUID.column])
    }

    /// One at a time settles a message as accepted or notes a final receipt of it, until the transaction's end.
    func lockReceipts(of messageUUID: String) throws {
        _ = try execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' receipts ' || ?, 0))",
            [messageUUID.column]
        )
    }

    fileprivate func spentReports(on day: Int64) throws -> Int {
        // The table is small, and locked until the budget is written: another replica waits.
        try run("LOCK TABLE report_budget IN SHARE ROW EXCLUSIVE MODE")
        return try execute("SELECT spent FROM report_budget WHERE day = ?", [day.column]).first() ?? 0
    }

    fileprivate func noteReports(_ spent: Int, on day: Int64) throws {
        let sql = """
            INSERT INTO report_budget (number, day, spent) VALUES (1, ?, ?)
            ON CONFLICT (number) DO UPDATE SET day = excluded.day, spent = excluded.spent
            """
        _ = try execute(sql, [day.column, spent.column])
    }
}
