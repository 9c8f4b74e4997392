package import Contracts
package import SMSCore

/// Receipts and inbound messages that have been seen.
extension ReceiptStore where Self: SQLStore {
    package func receipts(of messageUUID: String) async throws -> [SeenReceipt] {
        try await lookUp { connection in
            let sql = "\(ReceiptRow.select) WHERE message_uuid = ? ORDER BY seen_at, number"
            return try connection.all(sql, [messageUUID.column]) { try ReceiptRow.receipt(from: &$0) }
        }
    }

    package func remember(_ receipt: SeenReceipt) async throws {
        let values = try ReceiptRow.values(of: receipt)
        let isFinal = StatusEvent.finalStatuses.contains(receipt.status)
        try await change(.receipts(of: receipt.messageUUID)) { connection in
            if isFinal { try connection.lockReceipts(of: receipt.messageUUID) }
            try connection.change(ReceiptRow.insert, values)
            if isFinal { try connection.endAwaiting(receipt.messageUUID) }
        }
    }

    package func hasSeenInbound(_ key: String) async throws -> Bool {
        try await lookUp { try $0.value("SELECT 1 FROM inbound_key WHERE key = ?", [key.column]) == 1 }
    }

    package func rememberInbound(_ key: String, at moment: Timestamp) async throws {
        try await change(.row(key)) { connection in
            let sql = "INSERT INTO inbound_key (key, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
            try connection.change(sql, [key.column, moment.column])
        }
    }

    package func sweepReceipts(before moment: Timestamp) async throws -> Int {
        try await change(.other) { connection in
            guard try connection.maySweep() else { return 0 }
            return [
                try connection.delete(from: "receipt", key: "number", where: "seen_at < ?", moment),
                try connection.delete(from: "inbound_key", key: "key", where: "seen_at < ?", moment),
                // What is older than these could only be undone by what does not come any more.
                try connection.delete(from: "opt_in", key: "number, sender", where: "noted_at < ?", moment),
                try connection.delete(from: "reply", key: "number, sender, wish", where: "at < ?", moment),
                // Their records are gone as well.
                try connection.delete(
                    from: "awaited_receipt",
                    key: "message_uuid",
                    where: "accepted_at < ? AND overdue_at IS NULL",
                    moment
                ),
                try connection.delete(from: "awaited_receipt", key: "message_uuid", where: "overdue_at < ?", moment),
            ].reduce(0, +)
        }
    }
}
