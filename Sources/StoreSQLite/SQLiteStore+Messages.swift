package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore: MessageStore {
    package func record(of id: CommandID) async throws -> MessageRecord? {
        try await firstRecord(where: "id = ?", id.text)
    }

    package func record(ofReference reference: String) async throws -> MessageRecord? {
        // An id of up to 40 characters is its own reference; the column holds only the digests of longer ones.
        if reference.utf8.count == 40, reference.hasPrefix("d:"),
            let record = try await firstRecord(where: "reference = ?", reference)
        {
            return record
        }
        return reference.utf8.count <= 40 ? try await firstRecord(where: "id = ?", reference) : nil
    }

    package func record(ofMessageUUID uuid: String) async throws -> MessageRecord? {
        if let record = try await firstRecord(where: "message_uuid = ?", uuid) { return record }
        return try await firstRecord(where: "proved_uuid = ?", uuid)
    }

    package func save(_ record: MessageRecord) async throws -> MessageRecord? {
        try await write(record) { write, database in try write.make(in: database) }
    }

    package func begin(_ record: MessageRecord) async throws -> IntentResult {
        guard case .sending = record.state else {
            throw StoreError(.misuse, "An intent to send must be a record in state sending.")
        }
        let digest = digest
        return try await write(record) { write, database in
            if let bar = try database.bar(on: record, digest) { return .barred(bar) }
            return try write.make(in: database).map(IntentResult.begun) ?? .lost
        }
    }

    package func pending(
        ofCampaign campaignID: String,
        after id: CommandID?,
        limit: Int
    ) async throws -> [MessageRecord] {
        try await records(Self.pendingOfCampaign, [campaignID, id?.text ?? "", max(limit, 0)])
    }

    package func acceptances(of sender: String, after: Timestamp, until: Timestamp) async throws -> Acceptances {
        try await read { database in
            let statement = try database.cachedStatement(sql: Self.acceptances)
            let rows = try Row.fetchCursor(statement, arguments: [sender, after.milliseconds, until.milliseconds])
            guard let row = try rows.next() else { return Acceptances(count: 0, withReceipt: 0) }
            var reader = RowReader(row)
            return Acceptances(count: try reader.next(), withReceipt: try reader.next())
        }
    }

    package func openCounts() async throws -> OpenCounts {
        try await read { database in
            var counts = OpenCounts(pending: 0, sending: 0, uncertain: 0, waiting: 0)
            let rows = try Row.fetchCursor(database.cachedStatement(sql: OpenCountsRow.select))
            while let row = try rows.next() { try row.read { try OpenCountsRow.add(&$0, to: &counts) } }
            counts.unpublished = try Int.fetchOne(database.cachedStatement(sql: OpenCountsRow.unpublished)) ?? 0
            return counts
        }
    }

    package func probe() async throws {
        let now = Timestamp.now.milliseconds
        let seen = try await writer.write { database in
            try database.cachedStatement(sql: "INSERT INTO probe (at) VALUES (?)").execute(arguments: [now])
            let seen = try Int64.fetchOne(database, sql: "SELECT at FROM probe WHERE number = last_insert_rowid()")
            try database.cachedStatement(sql: "DELETE FROM probe").execute()
            return seen
        }
        guard seen == now else { throw StoreError.corrupt("What was just written") }
        _ = try await read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM probe") }
    }

    /// All the records that a query selects.
    func records(_ sql: String, _ arguments: StatementArguments) async throws -> [MessageRecord] {
        let facts = facts
        return try await read { database in
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
            return try rows.read { try MessageRow.record(from: &$0, facts: facts) }
        }
    }

    private func firstRecord(where condition: String, _ value: String) async throws -> MessageRecord? {
        let facts = facts
        return try await lookUp { database in
            let statement = try database.cachedStatement(sql: "\(MessageRow.select) WHERE \(condition) LIMIT 1")
            let rows = try Row.fetchCursor(statement, arguments: [value])
            return try rows.next()?.read { try MessageRow.record(from: &$0, facts: facts) }
        }
    }
}

/// The queries that must not read more rows than they answer for.
extension SQLiteStore {
    /// Arguments: the campaign, the id to begin after, the limit.
    static let pendingOfCampaign =
        "\(MessageRow.select) WHERE campaign_id = ? AND state = 'pending' AND id > ? ORDER BY id LIMIT ?"

    /// Arguments: the sender, the moment to begin after, the last moment.
    static let acceptances = """
        SELECT COUNT(*), COUNT(*) FILTER (
            WHERE EXISTS (SELECT 1 FROM receipt WHERE receipt.message_uuid = message.message_uuid)
        )
        FROM message WHERE outcome = 'accepted' AND sender = ? AND state_since > ? AND state_since <= ?
        """
}
