/// A table that both stores have, as it is taken from one to the other.
package struct StoredTable: Hashable, Sendable {
    package let name: String
    /// Its primary key, which orders its rows.
    package let key: [String]
    /// Whether the key is a number that the database gives.
    package let isNumbered: Bool
    /// What the table is called in a database of SQLite, whose names are older.
    package let sqliteName: String

    private init(_ name: String, _ key: [String], numbered: Bool = false, sqliteName: String? = nil) {
        self.name = name
        self.key = key
        self.isNumbered = numbered
        self.sqliteName = sqliteName ?? name
    }

    /// When the listener was down.
    static let gaps = StoredTable("listener_gap", ["number"], numbered: true, sqliteName: "deafness")

    /// All tables whose rows are taken along, in an order in which they can be written.
    package static let all = [
        StoredTable("secret", ["number"]),
        StoredTable("opt_out", ["number", "sender"]),
        StoredTable("opt_in", ["number", "sender"]),
        StoredTable("opt_out_change", ["place"], numbered: true),
        StoredTable("reply", ["number", "sender", "wish"]),
        StoredTable("cancellation", ["kind", "value"]),
        StoredTable("campaign", ["number"], numbered: true),
        StoredTable("campaign_part", ["campaign", "part"]),
        StoredTable("campaign_recipient", ["campaign", "position"]),
        StoredTable("campaign_reply", ["campaign", "reply_to", "correlation"]),
        StoredTable("message", ["id"]),
        StoredTable("handling", ["key"]),
        StoredTable("anonymous_id", ["number"], numbered: true),
        StoredTable("receipt", ["number"], numbered: true),
        StoredTable("awaited_receipt", ["message_uuid"]),
        StoredTable("report_budget", ["number"]),
        StoredTable("inbound_key", ["key"]),
        StoredTable("listener_beat", ["number"]),
        gaps,
        StoredTable("sweep_clock", ["number"]),
        StoredTable("spool", ["number"], numbered: true),
    ]
}
