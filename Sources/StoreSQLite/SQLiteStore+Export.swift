import GRDB
package import StoreSupport

/// Reading everything, to take it to another store.
extension SQLiteStore {
    /// The columns of a table, in order.
    ///
    /// - Throws: ``StoreError``.
    package func columns(of table: StoredTable) async throws -> [String] {
        try await read { database in try database.columns(in: table.sqliteName).map(\.name) }
    }

    /// How many rows a table has.
    ///
    /// - Throws: ``StoreError``.
    package func count(of table: StoredTable) async throws -> Int {
        try await read { try $0.value("SELECT COUNT(*) FROM \(table.sqliteName)", []) ?? 0 }
    }

    /// Rows by their key, after one: at most `limit`.
    ///
    /// - Returns: the columns that were asked for, of each row.
    /// - Throws: ``StoreError``.
    package func rows(
        of table: StoredTable,
        _ columns: [String],
        after key: [ColumnValue]?,
        limit: Int
    ) async throws -> [[ColumnValue]] {
        try await read { database in
            let order = table.key.joined(separator: ", ")
            let marks = table.key.map { _ in "?" }.joined(separator: ", ")
            let condition = key == nil ? "" : "WHERE (\(order)) > (\(marks))"
            let sql = """
                SELECT \(columns.joined(separator: ", ")) FROM \(table.sqliteName) \(condition) ORDER BY \(order) LIMIT ?
                """
            return try database.all(sql, (key ?? []) + [limit.column]) { row in
                try columns.map { _ in try row.nextColumn() }
            }
        }
    }
}
