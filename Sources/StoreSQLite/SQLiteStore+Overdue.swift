package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore {
    package func claimAwaited(
        acceptedUntil moment: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) async throws -> [AwaitedReceipt] {
        try await claim(Self.awaited, moment, limit: limit, now: now, lease: lease)
    }

    package func claimOverdue(limit: Int, now: Timestamp, lease: Duration) async throws -> [AwaitedReceipt] {
        try await claim(Self.toAsk, now, limit: limit, now: now, lease: lease)
    }

    private func claim(
        _ chosen: String,
        _ moment: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) async throws -> [AwaitedReceipt] {
        try await writer.write { database in
            let claimed = try database.all(chosen, [moment.column, now.column, max(limit, 0).column]) {
                try AwaitedReceiptRow.receipt(from: &$0)
            }
            let sql = "UPDATE awaited_receipt SET busy_until = ? WHERE message_uuid = ?"
            for receipt in claimed {
                try database.change(sql, [(now + lease).column, receipt.messageUUID.column])
            }
            return claimed
        }
    }

    private static let claimed = "SELECT \(AwaitedReceiptRow.columns) FROM awaited_receipt"

    /// Arguments: the last moment of acceptance, the present, the limit.
    static let awaited = """
        \(claimed) WHERE overdue_at IS NULL AND accepted_at <= ? AND busy_until <= ? ORDER BY accepted_at LIMIT ?
        """

    /// Arguments: the present, the present, the limit.
    static let toAsk = "\(claimed) WHERE ask_at <= ? AND busy_until <= ? ORDER BY ask_at LIMIT ?"
}
