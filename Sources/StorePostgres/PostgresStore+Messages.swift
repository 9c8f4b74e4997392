internal import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore {
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

    package func replace(with record: MessageRecord, erasingReceiptsOf messageUUIDs: [String]) async throws -> Bool {
        let write = try MessageWrite(of: record, facts: facts, owner: options.owner, .ends)
        let place: GroupWriter.Place = messageUUIDs.max().map { .receipts(of: $0) } ?? .message(record.id)
        return try await writer.write(at: place, locking: write.locked) { session in
            guard try write.make(on: session) != nil else { return false }
            try session.eraseReceipts(of: messageUUIDs)
            return true
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
