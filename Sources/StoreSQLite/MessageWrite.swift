import GRDB
import SMSCore

/// A write of a record, made ready outside the transaction.
struct MessageWrite: Sendable {
    private let saved: MessageRecord
    private let arguments: StatementArguments

    /// The write that takes a record one version further.
    init(of record: MessageRecord, facts: FactsText) throws {
        var saved = record
        saved.version += 1
        self.saved = saved
        let values = try MessageRow.values(of: saved, facts: facts)
        // As optionals of any type: from values of one type GRDB makes its arguments by key paths, at ten times the cost.
        let inOrder: [(any DatabaseValueConvertible)?] =
            saved.version == 1 ? values : MessageRow.inOrderOfUpdate(values)
        self.arguments = StatementArguments(inOrder)
    }

    /// Writes unless the stored row has another version.
    ///
    /// - Returns: the record as it is stored now; nil when nothing was written.
    func make(in database: Database) throws -> MessageRecord? {
        let statement = try database.cachedStatement(sql: saved.version == 1 ? MessageRow.insert : MessageRow.update)
        // Their number is right by construction; checking it each time costs as much as binding them.
        statement.setUncheckedArguments(arguments)
        try statement.execute()
        guard database.changesCount == 1 else { return nil }
        try database.awaitReceipt(of: saved)
        return saved
    }
}
