extension Schema {
    /// The last answer to each handset's keyword, by our number and what was asked for.
    static let replies = """
        CREATE TABLE reply (
            number       TEXT NOT NULL,         -- the handset
            sender       TEXT NOT NULL,         -- which of our numbers answers
            wish         TEXT NOT NULL,         -- stop, start, help
            message_uuid TEXT NOT NULL,         -- of the handset's message
            command_id   TEXT NOT NULL,
            body_digest  TEXT NOT NULL,
            at           INTEGER NOT NULL,
            PRIMARY KEY (number, sender, wish)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reply_by_command ON reply (command_id);
        CREATE INDEX reply_by_age ON reply (at);
        """
}
