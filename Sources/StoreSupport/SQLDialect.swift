/// What the two databases write differently, where statements are otherwise the same.
package enum SQLDialect: Sendable {
    case sqlite
    case postgres

    /// What locks the row of a query until the transaction's end: other processes may want to change it.
    var forUpdate: String { self == .sqlite ? "" : " FOR UPDATE" }

    /// The same, but for rows that another transaction has locked: they are left out.
    var skipLocked: String { self == .sqlite ? "" : " FOR UPDATE SKIP LOCKED" }

    /// The function for the greater of two values.
    var greater: String { self == .sqlite ? "MAX" : "GREATEST" }

    /// The table of the listener's gaps.
    var gaps: String { self == .sqlite ? StoredTable.gaps.sqliteName : StoredTable.gaps.name }

    /// A column of JSON with an empty text as one member.
    func emptied(_ column: String, _ member: String) -> String {
        switch self {
        case .sqlite: "json_set(\(column), '$.\(member)', '')"
        case .postgres: "jsonb_set(\(column)::jsonb, '{\(member)}', '\"\"')::text"
        }
    }

    /// Where bytes begin in a column of bytes; 0 when they are not in it.
    func place(of bytes: String, in column: String) -> String {
        switch self {
        case .sqlite: "instr(\(column), \(bytes))"
        case .postgres: "position(\(bytes) IN \(column))"
        }
    }

    /// `table` with the index that it is to be searched by: SQLite's planner would not take each of them by itself.
    func table(_ table: String, by index: String) -> String {
        self == .sqlite ? "\(table) INDEXED BY \(index)" : table
    }
}
