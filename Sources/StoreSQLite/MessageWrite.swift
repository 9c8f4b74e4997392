import GRDB
import SMSCore
import StoreSupport

/// A write of a record, made ready outside the transaction.
struct MessageWrite: Sendable {
    private let saved: MessageRecord
    private let values: [ColumnValue]
    private let sql: String
    private let arguments: [ColumnValue]
    private let rows: WrittenRows

    /// The write that takes a record one version further.
    init(of record: MessageRecord, facts: FactsText, rows: WrittenRows) throws {
        var saved = record
        saved.version += 1
        self.saved = saved
        self.rows = rows
        let values = try MessageRow.values(of: saved, facts: facts)
        self.values = values
        (sql, arguments) =
            saved.version == 1
            ? (MessageRow.insert, values) : rows.update(of: record.id, from: record.version, to: values)
    }

    /// Writes unless the stored row has another version.
    ///
    /// - Returns: the record as it is stored now; nil when nothing was written.
    func make(in database: Database) throws -> MessageRecord? {
        guard try database.change(sql, arguments) == 1 else { return nil }
        rows.note(saved, values)
        try database.awaitReceipt(of: saved)
        return saved
    }
}

extension SQLiteStore {
    /// Makes a write in a transaction, with what belongs to it.
    func write<Value: Sendable>(
        _ record: MessageRecord,
        _ change: @escaping @Sendable (MessageWrite, Database) throws -> Value
    ) async throws -> Value {
        let write = try MessageWrite(of: record, facts: facts, rows: rows)
        do {
            return try await writer.write { try change(write, $0) }
        } catch {
            rows.forget(record.id)
            throw error
        }
    }
}
