import GRDB
import SMSCore

/// A write of a record, made ready outside the transaction.
struct MessageWrite: Sendable {
    private let saved: MessageRecord
    private let values: [DatabaseValue]

    /// The write that takes a record one version further.
    init(of record: MessageRecord, facts: FactsText) throws {
        var saved = record
        saved.version += 1
        self.saved = saved
        self.values = try MessageRow.values(of: saved, facts: facts)
    }

    /// Writes unless the stored row has another version.
    ///
    /// - Returns: the record as it is stored now; nil when nothing was written.
    func make(in database: Database) throws -> MessageRecord? {
        let statement = try database.cachedStatement(sql: saved.version == 1 ? MessageRow.insert : MessageRow.update)
        // Their number is right by construction; checking it each time costs as much as binding them.
        statement.setUncheckedArguments(StatementArguments(values))
        try statement.execute()
        guard database.changesCount == 1 else { return nil }
        try database.awaitReceipt(of: saved)
        return saved
    }
}
