package import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore {
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
