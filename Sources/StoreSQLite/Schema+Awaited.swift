extension Schema {
    /// The accepted messages without a final receipt.
    ///
    /// A table of their own stays small, and the large one needs no new index. Messages that were accepted before are not
    /// in it.
    static let awaitedReceipts = """
        CREATE TABLE awaited_receipt (
            message_uuid TEXT NOT NULL PRIMARY KEY,
            command_id   TEXT NOT NULL,
            accepted_at  INTEGER NOT NULL,
            busy_until   INTEGER NOT NULL DEFAULT 0,    -- claimed till then
            overdue_at   INTEGER,                       -- NULL until it has been published as overdue
            ask_at       INTEGER,                       -- when the provider may be asked; NULL for never
            asks         INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX awaited_receipt_by_acceptance ON awaited_receipt (accepted_at) WHERE overdue_at IS NULL;
        CREATE INDEX awaited_receipt_overdue ON awaited_receipt (overdue_at) WHERE overdue_at IS NOT NULL;
        CREATE INDEX awaited_receipt_to_ask ON awaited_receipt (ask_at) WHERE ask_at IS NOT NULL;

        ALTER TABLE receipt ADD COLUMN source TEXT;     -- NULL for webhook
        ALTER TABLE receipt ADD COLUMN currency TEXT;
        ALTER TABLE receipt ADD COLUMN price TEXT;

        CREATE TABLE report_budget (                    -- one row, once the provider has been asked
            number INTEGER PRIMARY KEY CHECK (number = 1),
            day    INTEGER NOT NULL,
            spent  INTEGER NOT NULL
        ) STRICT;
        """
}
