extension Schema {
    /// What was decided about each message, and by which number and from when it is found.
    ///
    /// Of records that are there already neither is known. It is step 9 of StoreSQLite's.
    static let search = """
        ALTER TABLE message ADD COLUMN history TEXT COLLATE "C",    -- see MessageHistory
            ADD COLUMN recipient TEXT COLLATE "C";                  -- `to` of the facts, to be searched by
        CREATE INDEX message_by_creation ON message (created_at, id);
        CREATE INDEX message_by_recipient ON message (recipient, created_at, id) WHERE recipient IS NOT NULL;
        """
}
