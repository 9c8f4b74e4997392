import Contracts
package import SMSCore

/// The wait for the final receipt of a message, as a row of the table `awaited_receipt`.
package enum AwaitedReceiptRow {
    /// What `receipt` reads.
    package static let columns = "message_uuid, command_id, accepted_at, asks"

    /// Adds a wait unless a final receipt is there; arguments: the message's UUID, the command's id, when the provider
    /// accepted it.
    package static let insertUnlessOver = """
        INSERT INTO awaited_receipt (message_uuid, command_id, accepted_at) SELECT ?1, ?2, ?3
        WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE message_uuid = ?1 AND status IN (\(finalStatuses)))
        ON CONFLICT DO NOTHING
        """

    /// How many are overdue.
    package static let overdueCount = "SELECT COUNT(*) FROM awaited_receipt WHERE overdue_at IS NOT NULL"

    private static let finalStatuses = StatusEvent.finalStatuses.sorted().map { "'\($0)'" }.joined(separator: ", ")

    /// The message in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func receipt(from reader: inout some ColumnReader) throws -> AwaitedReceipt {
        AwaitedReceipt(
            messageUUID: try reader.next(),
            commandID: try reader.nextCommandID(),
            acceptedAt: try reader.nextMoment(),
            asks: try reader.next()
        )
    }
}

/// A receipt as a row of the table `receipt`.
package enum ReceiptRow {
    /// `SELECT` with what `receipt` reads, to be followed by a condition.
    package static let select =
        "SELECT message_uuid, command_id, status, timestamp, error, seen_at, source, currency, price FROM receipt"

    /// Writes a receipt unless it is there: arguments are those of `values`.
    package static let insert = """
        INSERT INTO receipt (
            message_uuid, status, timestamp, error_code, error, command_id, seen_at, source, currency, price
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """

    /// The columns of a receipt.
    package static func values(of receipt: SeenReceipt) throws -> [ColumnValue] {
        [
            receipt.messageUUID.column,
            receipt.status.column,
            receipt.timestamp.column,
            (receipt.error?.code ?? "").column,
            try receipt.error.jsonColumn,
            receipt.commandID.map(\.text).column,
            receipt.seenAt.column,
            receipt.source == .webhook ? .null : receipt.source.rawValue.column,
            (receipt.usage?.currency).column,
            (receipt.usage?.price).column,
        ]
    }

    /// The receipt in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func receipt(from reader: inout some ColumnReader) throws -> SeenReceipt {
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
