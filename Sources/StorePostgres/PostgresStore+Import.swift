package import StoreSupport

/// Writing what another store held.
extension PostgresStore {
    /// How many rows a table has.
    ///
    /// - Throws: `StoreError`.
    package func count(of table: StoredTable) async throws -> Int {
        try await read { try $0.execute("SELECT COUNT(*) FROM \(table.name)").first() ?? 0 }
    }

    /// Writes rows of another store; those that are there stay as they are, so that it can be done again.
    ///
    /// - Throws: `StoreError`; no row of this call was written then.
    package func write(_ rows: [[ColumnValue]], to table: StoredTable, _ columns: [String]) async throws {
        // Whose spool the events were is not known any more: the first replica takes them over.
        let others = table.name == "spool" ? ["owner"] : []
        let names = (columns + others).joined(separator: ", ")
        let marks = (columns + others).map { _ in "?" }.joined(separator: ", ")
        // The key of digests is the other store's, or forgotten numbers would not be known again.
        let conflict = table.name == "secret" ? "(number) DO UPDATE SET key = excluded.key" : "DO NOTHING"
        let sql = """
            INSERT INTO \(table.name) (\(names)) OVERRIDING SYSTEM VALUE VALUES (\(marks)) ON CONFLICT \(conflict)
            """
        try await writer.write { session in
            for row in rows { _ = try session.execute(sql, row + others.map { _ in "migrated".column }) }
        }
    }

    /// Ends an import: numbers go on after those that were written, and the spool is counted.
    ///
    /// - Throws: `StoreError`.
    package func endImport() async throws {
        try await writer.write { session in
            for table in StoredTable.all where table.isNumbered {
                let column = table.key[0]
                let sql = """
                    SELECT setval(pg_get_serial_sequence('\(table.name)', '\(column)'), MAX(\(column)))
                    FROM \(table.name) HAVING MAX(\(column)) IS NOT NULL
                    """
                _ = try session.execute(sql)
            }
            _ = try session.execute("DELETE FROM spool_share")
            _ = try session.execute(
                """
                INSERT INTO spool_share (owner, share, waiting, bytes)
                SELECT owner, share, COUNT(*), SUM(bytes) FROM spool GROUP BY owner, share
                """
            )
        }
    }
}
