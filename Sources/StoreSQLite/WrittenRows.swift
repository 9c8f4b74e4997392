import Contracts
import SMSCore
import StoreSupport
import Synchronization

/// The rows of messages under way as this process wrote them last, so that the next write names only what it changes.
///
/// SQLite makes the entries of an index anew for each column that an update names, changed or not: with all columns named,
/// each step of a message would rewrite the pages of every index. It never changes a result: the columns that are left out
/// are those of the version on which the write rests, and the write's condition is that the row still has that version.
final class WrittenRows: Sendable {
    private struct Row {
        let version: Int64
        let values: [ColumnValue]
    }

    // A row has about 1 KiB; those of settled and published messages are not kept.
    private let rows = Mutex(RecentValues<CommandID, Row>(generation: 512))
    // As many as there are kinds of steps: some dozens.
    private let texts = Mutex<[[Int]: String]>([:])

    /// The write that takes a row from a version to the next one.
    ///
    /// - Parameters:
    ///   - id: the row's.
    ///   - version: the one on which the write rests.
    ///   - values: the columns of the next one.
    /// - Returns: SQL and its arguments.
    func update(
        of id: CommandID,
        from version: Int64,
        to values: [ColumnValue]
    ) -> (sql: String, arguments: [ColumnValue]) {
        guard let row = rows.withLock({ $0[id] }), row.version == version else {
            return (MessageRow.update, MessageRow.inOrderOfUpdate(values))
        }
        let changed = MessageRow.changes(from: row.values, to: values)
        let sql = texts.withLock { texts in
            if let known = texts[changed] { return known }
            let text = MessageRow.update(only: changed)
            texts[changed] = text
            return text
        }
        return (sql, MessageRow.inOrderOfUpdate(values, only: changed))
    }

    /// Notes what was written, in the order of the writes, before the commit: `forget` it when that fails.
    func note(_ record: MessageRecord, _ values: [ColumnValue]) {
        rows.withLock {
            if record.isPublished, record.settlement != nil {
                $0.forget(record.id)
            } else {
                $0.keep(Row(version: record.version, values: values), for: record.id)
            }
        }
    }

    /// Forgets a row that may not be stored as it was noted.
    func forget(_ id: CommandID) {
        rows.withLock { $0.forget(id) }
    }
}
