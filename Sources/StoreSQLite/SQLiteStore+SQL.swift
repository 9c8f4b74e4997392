package import Contracts
package import GRDB
import GRDBSQLite
import SMSCore
package import StoreSupport

extension SQLiteStore: SQLStore {
    /// One process serves the file, so its writes need no order among themselves but that of asking.
    package func change<Value: Sendable>(
        _ subject: SQLChange,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await writer.write(body)
    }
}

extension SQLiteStore: Store {}

/// Statements go past GRDB to SQLite: it makes an object of each argument, row and column, which costs more than most of our
/// statements do. What prepares, keeps and frees them is GRDB's.
extension Database: SQLConnection {
    package static let dialect = SQLDialect.sqlite

    @discardableResult
    package func change(_ sql: String, _ arguments: [ColumnValue]) throws -> Int {
        try each(sql, arguments) { _ in true }
        return changesCount
    }

    package func all<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try each(sql, arguments) { reader in
            values.append(try read(&reader))
            return true
        }
        return values
    }

    package func first<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout RowReader) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try each(sql, arguments) { reader in
            value = try read(&reader)
            return false
        }
        return value
    }

    /// Runs a statement; `read` gets one row after the other, and returns whether it wants the next one.
    ///
    /// - Throws: `DatabaseError`; what `read` throws.
    func each(_ sql: String, _ arguments: [ColumnValue], _ read: (inout RowReader) throws -> Bool) throws {
        let statement = unsafe try cachedStatement(sql: sql).sqliteStatement
        // It must not keep pointers to what is gone.
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        try unsafe ColumnValue.withBytes(of: arguments) { bytes in
            var rest = unsafe bytes
            for (index, argument) in arguments.enumerated() {
                try check(unsafe argument.bind(to: statement, at: Int32(index + 1), from: &rest), sql)
            }
            while true {
                let code = unsafe sqlite3_step(statement)
                if code == SQLITE_DONE { return }
                guard code == SQLITE_ROW else { return try check(code, sql) }
                var reader = unsafe RowReader(statement)
                guard try read(&reader) else { return }
            }
        }
    }

    private func check(_ code: Int32, _ sql: String) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
    }

    /// Only one process writes.
    package func maySweep() -> Bool { true }

    /// Only one process writes.
    package func lockReceipts(of messageUUID: String) {}

    package func takeOverAnonymousID(digest: String, holder: String) throws -> CommandID? {
        let search = """
            SELECT note.id FROM anonymous_id AS note LEFT JOIN message ON message.id = note.id
            WHERE note.digest = ? AND note.holder <> ?
            ORDER BY note.acked_at IS NOT NULL, message.state IS 'settled', note.noted_at, note.number LIMIT 1
            """
        guard let id = try first(search, [digest.column, holder.column], { try $0.nextCommandID() }) else { return nil }
        let claim = "UPDATE anonymous_id SET holder = ?, acked_at = NULL WHERE id = ?"
        try change(claim, [holder.column, id.text.column])
        return id
    }
}
