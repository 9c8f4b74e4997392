package import Contracts
package import SMSCore

/// Final receipts that are awaited, and what is asked for when they are overdue; each store claims them in its own way.
extension OverdueStore where Self: SQLStore {
    package func noteOverdue(_ messageUUID: String, at moment: Timestamp, askAt: Timestamp?) async throws {
        try await change(.receipts(of: messageUUID)) { connection in
            let sql = """
                UPDATE awaited_receipt SET overdue_at = ?, ask_at = ?, busy_until = 0
                WHERE message_uuid = ? AND overdue_at IS NULL
                """
            try connection.change(sql, [moment.column, askAt.column, messageUUID.column])
        }
    }

    package func noteAsked(_ messageUUID: String, askAt: Timestamp?) async throws {
        try await change(.receipts(of: messageUUID)) { connection in
            let sql = "UPDATE awaited_receipt SET ask_at = ?, asks = asks + 1, busy_until = 0 WHERE message_uuid = ?"
            try connection.change(sql, [askAt.column, messageUUID.column])
        }
    }

    package func overdueCount() async throws -> Int {
        try await read { try $0.value(AwaitedReceiptRow.overdueCount, []) ?? 0 }
    }

    package func uncertain(from start: Timestamp, until end: Timestamp, limit: Int) async throws -> [MessageRecord] {
        try await records(MessageRow.uncertain, [start.column, end.column, max(limit, 0).column])
    }

    package func takeReports(_ wanted: Int, of budget: Int, day: Int64) async throws -> Int {
        try await change(.single) { connection in
            let spent = try connection.lockReports(on: day)
            let taken = max(0, min(wanted, budget - spent))
            try connection.noteReports(spent + taken)
            return taken
        }
    }

    package func correctReports(by records: Int, day: Int64) async throws {
        try await change(.single) { connection in
            try connection.noteReports(max(0, connection.lockReports(on: day) + records))
        }
    }
}

extension SQLConnection {
    /// Awaits the final receipt of a message that has just been accepted, unless it has come.
    ///
    /// The record is written again when its outcome has been published; by then it is awaited, or was. A final receipt that
    /// another process notes at the same moment is seen by one of the two, since both lock the message's receipts first.
    package func awaitReceipt(of record: MessageRecord) throws {
        guard let settlement = record.settlement, settlement.outcome == .accepted, !record.isPublished,
            let uuid = settlement.messageUUID
        else { return }
        try lockReceipts(of: uuid)
        try change(AwaitedReceiptRow.insertUnlessOver, [uuid.column, record.id.text.column, settlement.at.column])
    }

    /// Ends the wait for the final receipt of a message.
    func endAwaiting(_ messageUUID: String) throws {
        try change("DELETE FROM awaited_receipt WHERE message_uuid = ?", [messageUUID.column])
    }

    /// How many reports have been taken on a day; nothing else takes any until the transaction's end.
    fileprivate func lockReports(on day: Int64) throws -> Int {
        let sql = """
            INSERT INTO report_budget (number, day, spent) VALUES (1, ?, 0) ON CONFLICT (number) DO UPDATE SET
            day = excluded.day, spent = CASE report_budget.day WHEN excluded.day THEN report_budget.spent ELSE 0 END
            RETURNING spent
            """
        guard let spent: Int = try value(sql, [day.column]) else { throw StoreError.corrupt("The budget of reports") }
        return spent
    }

    fileprivate func noteReports(_ spent: Int) throws {
        try change("UPDATE report_budget SET spent = ? WHERE number = 1", [spent.column])
    }
}
