package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore: OverdueStore {
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

    package func noteOverdue(_ messageUUID: String, at moment: Timestamp, askAt: Timestamp?) async throws {
        try await writer.write { database in
            let sql = """
                UPDATE awaited_receipt SET overdue_at = ?, ask_at = ?, busy_until = 0
                WHERE message_uuid = ? AND overdue_at IS NULL
                """
            let values = [moment.column, askAt.column, messageUUID.column]
            try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
        }
    }

    package func noteAsked(_ messageUUID: String, askAt: Timestamp?) async throws {
        try await writer.write { database in
            let sql = "UPDATE awaited_receipt SET ask_at = ?, asks = asks + 1, busy_until = 0 WHERE message_uuid = ?"
            let values = [askAt.column, messageUUID.column]
            try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
        }
    }

    package func overdueCount() async throws -> Int {
        try await read { try Int.fetchOne($0.cachedStatement(sql: Self.overdueCountQuery)) ?? 0 }
    }

    package func uncertain(from start: Timestamp, until end: Timestamp, limit: Int) async throws -> [MessageRecord] {
        try await records(Self.uncertain, [start.milliseconds, end.milliseconds, max(limit, 0)])
    }

    package func takeReports(_ wanted: Int, of budget: Int, day: Int64) async throws -> Int {
        try await writer.write { database in
            let spent = try database.spentReports(on: day)
            let taken = max(0, min(wanted, budget - spent))
            try database.noteReports(spent + taken, on: day)
            return taken
        }
    }

    package func correctReports(by records: Int, day: Int64) async throws {
        try await writer.write { database in
            try database.noteReports(max(0, database.spentReports(on: day) + records), on: day)
        }
    }

    private func claim(
        _ chosen: String,
        _ moment: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) async throws -> [AwaitedReceipt] {
        try await writer.write { database in
            let choice = try database.cachedStatement(sql: chosen)
            let arguments: StatementArguments = [moment.milliseconds, now.milliseconds, max(limit, 0)]
            let rows = try Row.fetchCursor(choice, arguments: arguments)
            let claimed = try rows.read { try AwaitedReceiptRow.receipt(from: &$0) }
            let sql = "UPDATE awaited_receipt SET busy_until = ? WHERE message_uuid = ?"
            let update = try database.cachedStatement(sql: sql)
            for receipt in claimed {
                try update.execute(arguments: [(now + lease).milliseconds, receipt.messageUUID])
            }
            return claimed
        }
    }
}

extension SQLiteStore {
    private static let claimed = "SELECT \(AwaitedReceiptRow.columns) FROM awaited_receipt"

    /// Arguments: the last moment of acceptance, the present, the limit.
    static let awaited = """
        \(claimed) WHERE overdue_at IS NULL AND accepted_at <= ? AND busy_until <= ? ORDER BY accepted_at LIMIT ?
        """

    /// Arguments: the present, the present, the limit.
    static let toAsk = "\(claimed) WHERE ask_at <= ? AND busy_until <= ? ORDER BY ask_at LIMIT ?"

    static let overdueCountQuery = "SELECT COUNT(*) FROM awaited_receipt WHERE overdue_at IS NOT NULL"

    /// Arguments: the first and the last moment, the limit.
    ///
    /// The second condition is that of the index, which is not used without it.
    static let uncertain = """
        \(MessageRow.select) WHERE state = 'uncertain' AND state <> 'settled' AND state_since >= ? AND state_since <= ?
        LIMIT ?
        """
}

extension Database {
    /// Awaits the final receipt of a message that has just been accepted, unless it has come.
    ///
    /// The record is written again when its outcome has been published; by then it is awaited, or was.
    func awaitReceipt(of record: MessageRecord) throws {
        guard let settlement = record.settlement, settlement.outcome == .accepted, !record.isPublished,
            let uuid = settlement.messageUUID
        else { return }
        let arguments: StatementArguments = [uuid, record.id.text, settlement.at.milliseconds]
        try cachedStatement(sql: AwaitedReceiptRow.insertUnlessOver).execute(arguments: arguments)
    }

    /// Ends the wait for the final receipt of a message.
    func endAwaiting(_ messageUUID: String) throws {
        try cachedStatement(sql: "DELETE FROM awaited_receipt WHERE message_uuid = ?").execute(arguments: [messageUUID])
    }

    fileprivate func spentReports(on day: Int64) throws -> Int {
        let statement = try cachedStatement(sql: "SELECT spent FROM report_budget WHERE day = ?")
        return try Int.fetchOne(statement, arguments: [day]) ?? 0
    }

    fileprivate func noteReports(_ spent: Int, on day: Int64) throws {
        let sql = """
            INSERT INTO report_budget (number, day, spent) VALUES (1, ?, ?)
            ON CONFLICT DO UPDATE SET day = excluded.day, spent = excluded.spent
            """
        try cachedStatement(sql: sql).execute(arguments: [day, spent])
    }
}
