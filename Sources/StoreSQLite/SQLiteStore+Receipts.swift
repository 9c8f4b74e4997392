package import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: ReceiptStore {
    package func receipts(of messageUUID: String) async throws -> [SeenReceipt] {
        try await lookUp { database in
            let sql = """
                SELECT message_uuid, command_id, status, timestamp, error, seen_at, source, currency, price FROM receipt
                WHERE message_uuid = ? ORDER BY seen_at, number
                """
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [messageUUID])
            var receipts: [SeenReceipt] = []
            while let row = try rows.next() { receipts.append(try Self.receipt(from: row)) }
            return receipts
        }
    }

    package func remember(_ receipt: SeenReceipt) async throws {
        let values: [DatabaseValue] = [
            receipt.messageUUID.databaseValue,
            receipt.status.databaseValue,
            receipt.timestamp.databaseValue,
            (receipt.error?.code ?? "").databaseValue,
            try receipt.error.jsonColumn,
            receipt.commandID.map(\.text).column,
            receipt.seenAt.column,
            receipt.source == .webhook ? .null : receipt.source.rawValue.databaseValue,
            (receipt.usage?.currency).column,
            (receipt.usage?.price).column,
        ]
        let isFinal = StatusEvent.finalStatuses.contains(receipt.status)
        try await writer.write { database in
            let sql = """
                INSERT INTO receipt (
                    message_uuid, status, timestamp, error_code, error, command_id, seen_at, source, currency, price
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
            try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
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

    private static func receipt(from row: Row) throws -> SeenReceipt {
        var reader = RowReader(row)
        let messageUUID: String = try reader.next()
        let commandID: String? = try reader.nextIfPresent()
        let status: String = try reader.next()
        let timestamp: String = try reader.next()
        let error = try reader.nextJSONIfPresent(ReceiptError.self, what: "The error of a receipt")
        let seenAt = try reader.nextMoment()
        let source: String? = try reader.nextIfPresent()
        let currency: String? = try reader.nextIfPresent()
        let price: String? = try reader.nextIfPresent()
        return SeenReceipt(
            messageUUID: messageUUID,
            commandID: commandID.flatMap(CommandID.init),
            status: status,
            timestamp: timestamp,
            error: error,
            seenAt: seenAt,
            source: source.flatMap(ReceiptSource.init) ?? .webhook,
            usage: currency == nil && price == nil ? nil : Usage(currency: currency, price: price)
        )
    }
}
