package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore: ReceiptStore {
    package func receipts(of messageUUID: String) async throws -> [SeenReceipt] {
        try await lookUp { database in
            let sql = "\(ReceiptRow.select) WHERE message_uuid = ? ORDER BY seen_at, number"
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [messageUUID])
            return try rows.read { try ReceiptRow.receipt(from: &$0) }
        }
    }

    package func remember(_ receipt: SeenReceipt) async throws {
        let values = try ReceiptRow.values(of: receipt)
        let isFinal = StatusEvent.finalStatuses.contains(receipt.status)
        try await writer.write { database in
            try database.cachedStatement(sql: ReceiptRow.insert).execute(arguments: StatementArguments(values))
            if isFinal { try database.endAwaiting(receipt.messageUUID) }
        }
    }

    package func hasSeenInbound(_ key: String) async throws -> Bool {
        try await lookUp { database in
            let statement = try database.cachedStatement(sql: "SELECT 1 FROM inbound_key WHERE key = ?")
            return try Int.fetchOne(statement, arguments: [key]) != nil
        }
    }

    package func rememberInbound(_ key: String, at moment: Timestamp) async throws {
        try await writer.write { database in
            let sql = "INSERT INTO inbound_key (key, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
            try database.cachedStatement(sql: sql).execute(arguments: [key, moment.milliseconds])
        }
    }

    package func sweepReceipts(before moment: Timestamp) async throws -> Int {
        try await writer.write { database in
            let receipts = try database.delete(from: "receipt", key: "number", where: "seen_at < ?", moment)
            let inbound = try database.delete(from: "inbound_key", key: "key", where: "seen_at < ?", moment)
            // What is older than these could only be undone by what does not come any more.
            let optIns = try database.delete(from: "opt_in", key: "number, sender", where: "noted_at < ?", moment)
            let replies = try database.delete(from: "reply", key: "number, sender, wish", where: "at < ?", moment)
            // Their records are gone as well.
            let awaited = try database.delete(
                from: "awaited_receipt",
                key: "message_uuid",
                where: "accepted_at < ? AND overdue_at IS NULL",
                moment
            )
            let overdue = try database.delete(
                from: "awaited_receipt",
                key: "message_uuid",
                where: "overdue_at < ?",
                moment
            )
            return receipts + inbound + optIns + replies + awaited + overdue
        }
    }
}
