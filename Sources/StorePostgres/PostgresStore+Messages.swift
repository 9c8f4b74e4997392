package import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore: MessageStore {
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
        let write = try MessageWrite(of: record, facts: facts, owner: options.owner, .ends)
        let uuid = record.settlement?.messageUUID
        let place: GroupWriter.Place = uuid.map { .receipts(of: $0) } ?? .message(record.id)
        return try await writer.write(at: place, locking: write.locked) { try write.make(on: $0) }
    }

    package func begin(_ record: MessageRecord) async throws -> IntentResult {
        guard case .sending = record.state else {
            throw StoreError(.misuse, "An intent to send must be a record in state sending.")
        }
        let write = try MessageWrite(of: record, facts: facts, owner: options.owner, .begins(options.leaseLength))
        let hidden = record.facts.to.map(digest.of)
        return try await writer.write(.asks, at: .message(record.id), locking: write.locked) { session in
            if let bar = try session.bar(on: record, hidden: hidden) { return .barred(bar) }
            return try write.make(on: session).map(IntentResult.begun) ?? .lost
        }
    }

    package func pending(
        ofCampaign campaignID: String,
        after id: CommandID?,
        limit: Int
    ) async throws -> [MessageRecord] {
        try await records(
            "\(MessageRow.select) WHERE campaign_id = ? AND state = 'pending' AND id > ? ORDER BY id LIMIT ?",
            [campaignID.column, (id?.text ?? "").column, max(limit, 0).column]
        )
    }

    package func acceptances(of sender: String, after: Timestamp, until: Timestamp) async throws -> Acceptances {
        try await read { session in
            let sql = """
                SELECT COUNT(*), COUNT(*) FILTER (
                    WHERE EXISTS (SELECT 1 FROM receipt WHERE receipt.message_uuid = message.message_uuid)
                )
                FROM message WHERE outcome = 'accepted' AND sender = ? AND state_since > ? AND state_since <= ?
                """
            let counts = try session.execute(sql, [sender.column, after.column, until.column]).firstRow {
                Acceptances(count: try $0.next(), withReceipt: try $0.next())
            }
            return counts ?? Acceptances(count: 0, withReceipt: 0)
        }
    }

    package func openCounts() async throws -> OpenCounts {
        try await read { session in
            var counts = OpenCounts(pending: 0, sending: 0, uncertain: 0, waiting: 0)
            _ = try session.execute(OpenCountsRow.select).map { try OpenCountsRow.add(&$0, to: &counts) }
            counts.unpublished = try session.execute(OpenCountsRow.unpublished).first() ?? 0
            return counts
        }
    }

    package func probe() async throws {
        let now = Timestamp.now.milliseconds
        let seen: Int64? = try await writer.write { session in
            let number: Int64? = try session.execute("INSERT INTO probe (at) VALUES (?) RETURNING number", [now.column])
                .first()
            return try session.execute("DELETE FROM probe WHERE number = ? RETURNING at", [number.column]).first()
        }
        guard seen == now else { throw StoreError.corrupt("What was just written") }
        _ = try await read { try $0.execute("SELECT 1").count }
    }

    /// All the records that a query selects.
    func records(_ sql: String, _ arguments: [ColumnValue]) async throws -> [MessageRecord] {
        let facts = facts
        return try await read { session in
            try session.execute(sql, arguments).map { try MessageRow.record(from: &$0, facts: facts) }
        }
    }

    private func firstRecord(where condition: String, _ value: String) async throws -> MessageRecord? {
        let facts = facts
        return try await read { session in
            try session.execute("\(MessageRow.select) WHERE \(condition) LIMIT 1", [value.column])
                .firstRow { try MessageRow.record(from: &$0, facts: facts) }
        }
    }
}

/// A write of a record, made ready outside the transaction.
struct MessageWrite: Sendable {
    /// What the write means for the lease of the record's attempt; it is kept in columns of its own.
    enum Lease {
        /// An attempt begins: it is this process's, for so long by the database's clock.
        case begins(Duration)
        /// What this process writes of its own attempt ends the lease; that of another one stays.
        case ends
    }

    private static let others = [
        (column: "lease_owner", value: "?"),
        (column: "lease_until", value: "clock_timestamp() + ? * interval '1 millisecond'"),
    ]
    private static let ending = [(column: "lease_owner", value: "NULLIF(lease_owner, ?)")]
    private static let insertBeginning = MessageRow.insert(setting: others)
    private static let updateBeginning = MessageRow.update(setting: others)
    private static let updateEnding = MessageRow.update(setting: ending)

    private let saved: MessageRecord
    private let sql: String
    private let values: [ColumnValue]

    /// The write that takes a record one version further.
    init(of record: MessageRecord, facts: FactsText, owner: BootID, _ lease: Lease) throws {
        var saved = record
        saved.version += 1
        let own = try MessageRow.values(of: saved, facts: facts)
        let isFirst = saved.version == 1
        switch lease {
        case .begins(let length):
            let others = [owner.text.column, length.wholeMilliseconds.column]
            sql = isFirst ? Self.insertBeginning : Self.updateBeginning
            values = isFirst ? own + others : MessageRow.inOrderOfUpdate(own, others: others)
        case .ends:
            sql = isFirst ? MessageRow.insert : Self.updateEnding
            values = isFirst ? own : MessageRow.inOrderOfUpdate(own, others: [owner.text.column])
        }
        self.saved = saved
    }

    /// The record whose row there is to lock; nil where the write makes it.
    var locked: CommandID? { saved.version == 1 ? nil : saved.id }

    /// Writes unless the stored row has another version.
    ///
    /// - Returns: the record as it is stored now; nil when nothing was written.
    func make(on session: Session) throws -> MessageRecord? {
        guard try session.execute(sql, values).changed == 1 else { return nil }
        try session.awaitReceipt(of: saved)
        return saved
    }
}
