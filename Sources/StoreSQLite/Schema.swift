import FoundationEssentials
import GRDB
import StoreSupport

/// The tables, as a list of numbered steps; a step that has been released is never changed.
enum Schema {
    /// Brings a database to the present schema.
    ///
    /// - Throws: ``StoreError`` with `schema` when a newer version of this program has been there.
    static func migrate(_ pool: DatabasePool) throws {
        let migrator = migrator
        if try pool.read(migrator.hasBeenSuperseded) { throw superseded }
        try migrator.migrate(pool)
    }

    /// Whether a database has the present schema.
    ///
    /// - Throws: ``StoreError`` with `schema` when a newer version of this program has been there.
    static func isCurrent(_ pool: DatabasePool) throws -> Bool {
        let migrator = migrator
        return try pool.read { database in
            if try migrator.hasBeenSuperseded(database) { throw superseded }
            return try migrator.hasCompletedMigrations(database)
        }
    }

    /// The key of the digests of forgotten numbers.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none.
    static func secret(_ database: Database) throws -> Data {
        guard let key = try Data.fetchOne(database, sql: "SELECT key FROM secret") else {
            throw StoreError.corrupt("The key of forgotten numbers")
        }
        return key
    }

    private static var superseded: StoreError {
        let advice = "run that one, or restore the backup that was made before the upgrade"
        return StoreError(.schema, "The database was written by a newer version of sms-bridge: \(advice).")
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 ledger, receipts, spool") { try $0.execute(sql: first) }
        migrator.registerMigration("2 forgotten numbers, untold outcomes") { try $0.execute(sql: second) }
        migrator.registerMigration("3 doubts of earlier requests") { try $0.execute(sql: earlierDoubts) }
        migrator.registerMigration("4 inbound: opt-outs by time, spool by share, sweep clock, handed recipients") {
            try $0.execute(sql: inbound)
        }
        migrator.registerMigration("5 acks of commands without an id") { try $0.execute(sql: anonymousAcks) }
        migrator.registerMigration("6 opt-outs of numbers as they are read now", migrate: readNumbersAnew)
        migrator.registerMigration("7 answers to keywords") { try $0.execute(sql: replies) }
        migrator.registerMigration("8 awaited receipts, their sources and prices, budget of reports") {
            try $0.execute(sql: awaitedReceipts)
        }
        migrator.registerMigration("9 histories and search of messages") { try $0.execute(sql: search) }
        return migrator
    }

    /// What was decided about each message, and by which number and from when it is found; of records that are there
    /// already neither is known.
    private static let search = """
        ALTER TABLE message ADD COLUMN history TEXT;        -- see MessageHistory
        ALTER TABLE message ADD COLUMN recipient TEXT;      -- `to` of the facts, to be searched by
        CREATE INDEX message_by_creation ON message (created_at);
        CREATE INDEX message_by_recipient ON message (recipient, created_at) WHERE recipient IS NOT NULL;
        """

    /// Which ids of ours have been acked; the ack may still be lost with its channel.
    private static let anonymousAcks = """
        ALTER TABLE anonymous_id ADD COLUMN acked_at INTEGER;
        CREATE INDEX anonymous_id_by_ack ON anonymous_id (acked_at) WHERE acked_at IS NOT NULL;
        """

    /// What a request before a replay, or before another attempt, leaves in doubt.
    private static let earlierDoubts = """
        ALTER TABLE message ADD COLUMN has_earlier_doubt INTEGER NOT NULL DEFAULT 0;
        """

    /// What decides between opt-outs and opt-ins, and what of both is still to be published; what each share of the
    /// spool holds; how far the sweep's clock has come; since when recipients' commands are under way.
    private static let inbound = """
        -- Of the latest wish to be on the list; the evidence is the first one's.
        ALTER TABLE opt_out ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
        UPDATE opt_out SET changed_at = at;
        CREATE TABLE opt_in (                   -- numbers that have left the list, until nothing older can come
            number   TEXT NOT NULL,
            sender   TEXT NOT NULL,
            at       INTEGER NOT NULL,
            noted_at INTEGER NOT NULL,
            PRIMARY KEY (number, sender)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX opt_in_by_age ON opt_in (noted_at);
        CREATE TABLE opt_out_change (           -- of the list, to be told
            place        INTEGER PRIMARY KEY AUTOINCREMENT,
            kind         TEXT NOT NULL,         -- opt-out, opt-in
            number       TEXT NOT NULL,
            sender       TEXT NOT NULL,
            source       TEXT NOT NULL,
            keyword      TEXT,
            message_uuid TEXT,
            at           INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX opt_out_change_by_number ON opt_out_change (number);

        ALTER TABLE spool ADD COLUMN share TEXT NOT NULL DEFAULT 'webhooks';    -- see SpoolShare
        ALTER TABLE spool ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;          -- of body and properties
        UPDATE spool SET bytes = length(body) + length(CAST(properties AS BLOB)),
            share = CASE WHEN exchange LIKE '%.outbound' THEN 'outbound' ELSE 'webhooks' END;
        DROP TRIGGER spool_grows;
        DROP TRIGGER spool_shrinks;
        DROP TABLE spool_size;
        CREATE TABLE spool_share (              -- how much waits of each share
            share   TEXT NOT NULL PRIMARY KEY,
            waiting INTEGER NOT NULL,
            bytes   INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO spool_share (share, waiting, bytes)
            SELECT name.value, COUNT(spool.number), COALESCE(SUM(spool.bytes), 0)
            FROM json_each('["webhooks", "outbound"]') AS name LEFT JOIN spool ON spool.share = name.value
            GROUP BY name.value;
        CREATE TRIGGER spool_grows AFTER INSERT ON spool BEGIN
            UPDATE spool_share SET waiting = waiting + 1, bytes = bytes + new.bytes WHERE share = new.share;
        END;
        CREATE TRIGGER spool_shrinks AFTER DELETE ON spool BEGIN
            UPDATE spool_share SET waiting = waiting - 1, bytes = bytes - old.bytes WHERE share = old.share;
        END;

        CREATE TABLE sweep_clock (              -- one row, once the sweeper has run
            number INTEGER PRIMARY KEY CHECK (number = 1),
            at     INTEGER NOT NULL
        ) STRICT;
        INSERT INTO sweep_clock (number, at) SELECT number, at FROM listener_beat;

        -- Since when a recipient's command is under way; NULL before, and once it has an outcome.
        ALTER TABLE campaign_recipient ADD COLUMN under_way_since INTEGER;
        UPDATE campaign_recipient SET under_way_since = CAST(strftime('%s', 'now') AS INTEGER) * 1000
            WHERE state IN ('handing', 'handed', 'uncertain');
        CREATE INDEX campaign_recipient_under_way ON campaign_recipient (campaign, position)
            WHERE under_way_since IS NOT NULL;
        """

    /// What the digests of forgotten numbers are keyed with, and an index for metrics.
    private static let second = """
        CREATE INDEX message_untold ON message (id) WHERE state = 'settled' AND is_told = 0;
        CREATE TABLE secret (number INTEGER PRIMARY KEY CHECK (number = 1), key BLOB NOT NULL) STRICT;
        INSERT INTO secret (number, key) VALUES (1, randomblob(32));
        """

    /// Times are milliseconds since 1970, flags 0 or 1, `facts`, `error` and `properties` JSON.
    private static let first = """
        CREATE TABLE message (
            id                TEXT NOT NULL PRIMARY KEY,
            reference         TEXT,             -- what the provider echoes, where that is not the id itself
            version           INTEGER NOT NULL,
            body_digest       TEXT NOT NULL,
            lane              TEXT NOT NULL,
            state             TEXT NOT NULL,    -- pending, sending, uncertain, settled
            state_since       INTEGER,          -- of sending, uncertain and settled
            attempt_number    INTEGER,          -- of sending
            attempt_owner     TEXT,             -- of sending
            outcome           TEXT,             -- of settled
            message_uuid      TEXT,             -- of settled
            error             TEXT,             -- of settled
            facts             TEXT NOT NULL,
            attempts          INTEGER NOT NULL,
            first_failure_at  INTEGER,
            wait              INTEGER NOT NULL,
            not_before        INTEGER,
            reserved_slot     INTEGER,
            troubled_at       INTEGER,
            replay            INTEGER NOT NULL,
            proved_uuid       TEXT,
            is_told           INTEGER NOT NULL,
            is_uncertain_told INTEGER NOT NULL,
            created_at        INTEGER NOT NULL,
            updated_at        INTEGER NOT NULL,
            keep_until        INTEGER,
            sender            TEXT,             -- `from` of the facts, to be searched by
            campaign_id       TEXT              -- the facts' own, to be searched by
        ) STRICT;
        CREATE INDEX message_by_reference ON message (reference) WHERE reference IS NOT NULL;
        CREATE INDEX message_by_uuid ON message (message_uuid) WHERE message_uuid IS NOT NULL;
        CREATE INDEX message_by_proof ON message (proved_uuid) WHERE proved_uuid IS NOT NULL;
        CREATE INDEX message_open ON message (state, wait) WHERE state <> 'settled';
        CREATE INDEX message_by_end ON message (keep_until) WHERE keep_until IS NOT NULL;
        CREATE INDEX message_by_acceptance ON message (sender, state_since) WHERE outcome = 'accepted';
        CREATE INDEX message_pending_by_campaign ON message (campaign_id, id)
            WHERE campaign_id IS NOT NULL AND state = 'pending';

        CREATE TABLE cancellation (
            kind     TEXT NOT NULL,             -- command, campaign
            value    TEXT NOT NULL,
            noted_at INTEGER NOT NULL,
            PRIMARY KEY (kind, value)
        ) STRICT;
        CREATE INDEX cancellation_by_age ON cancellation (noted_at);

        CREATE TABLE opt_out (                  -- the suppression list
            number       TEXT NOT NULL,
            sender       TEXT NOT NULL,         -- '*': all of them
            source       TEXT NOT NULL,
            keyword      TEXT,
            message_uuid TEXT,
            at           INTEGER NOT NULL,
            PRIMARY KEY (number, sender)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE handling (                 -- deliveries under way, and those that a crash has left
            key   TEXT NOT NULL PRIMARY KEY,
            begun INTEGER NOT NULL,
            at    INTEGER NOT NULL              -- of the last time
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE anonymous_id (
            number   INTEGER PRIMARY KEY,
            id       TEXT NOT NULL UNIQUE,
            digest   TEXT NOT NULL,
            holder   TEXT NOT NULL,
            noted_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX anonymous_id_by_digest ON anonymous_id (digest);
        CREATE INDEX anonymous_id_by_age ON anonymous_id (noted_at);

        CREATE TABLE receipt (
            number       INTEGER PRIMARY KEY,
            message_uuid TEXT NOT NULL,
            status       TEXT NOT NULL,
            timestamp    TEXT NOT NULL,
            error_code   TEXT NOT NULL,         -- empty where there is no error
            error        TEXT,
            command_id   TEXT,
            seen_at      INTEGER NOT NULL,
            UNIQUE (message_uuid, status, timestamp, error_code)
        ) STRICT;
        CREATE INDEX receipt_by_age ON receipt (seen_at);

        CREATE TABLE inbound_key (
            key     TEXT NOT NULL PRIMARY KEY,
            seen_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX inbound_key_by_age ON inbound_key (seen_at);

        CREATE TABLE listener_beat (            -- one row, once the listener has been up
            number INTEGER PRIMARY KEY CHECK (number = 1),
            at     INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE deafness (
            number INTEGER PRIMARY KEY,
            kind   TEXT NOT NULL,               -- silence, failure
            since  INTEGER NOT NULL,
            until  INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX deafness_by_end ON deafness (until);

        CREATE TABLE spool (
            number      INTEGER PRIMARY KEY AUTOINCREMENT,
            key         TEXT NOT NULL,
            exchange    TEXT NOT NULL,
            routing_key TEXT NOT NULL,
            properties  TEXT NOT NULL,
            body        BLOB NOT NULL,
            at          INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE spool_size (waiting INTEGER NOT NULL) STRICT;
        INSERT INTO spool_size (waiting) VALUES (0);
        CREATE TRIGGER spool_grows AFTER INSERT ON spool BEGIN UPDATE spool_size SET waiting = waiting + 1; END;
        CREATE TRIGGER spool_shrinks AFTER DELETE ON spool BEGIN UPDATE spool_size SET waiting = waiting - 1; END;

        CREATE TABLE campaign (
            number        INTEGER PRIMARY KEY AUTOINCREMENT,
            id            TEXT UNIQUE,          -- NULL for an invalid one that another has taken the place of
            generation    INTEGER NOT NULL,
            replay        INTEGER NOT NULL,
            terms         TEXT NOT NULL,
            terms_digest  TEXT NOT NULL,
            parts         INTEGER NOT NULL,
            state         TEXT NOT NULL,        -- see CampaignState
            is_paused     INTEGER NOT NULL,
            problems      TEXT NOT NULL,
            is_start_told INTEGER NOT NULL,
            told_at       INTEGER,
            version       INTEGER NOT NULL,
            correlation   TEXT,
            traceparent   TEXT,
            created_at    INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL,
            keep_until    INTEGER,
            duplicates    INTEGER NOT NULL DEFAULT 0,
            untold        INTEGER NOT NULL DEFAULT 0,
            -- How many recipients are in which state.
            waiting       INTEGER NOT NULL DEFAULT 0,
            handing       INTEGER NOT NULL DEFAULT 0,
            handed        INTEGER NOT NULL DEFAULT 0,
            uncertain     INTEGER NOT NULL DEFAULT 0,
            accepted      INTEGER NOT NULL DEFAULT 0,
            rejected      INTEGER NOT NULL DEFAULT 0,
            failed        INTEGER NOT NULL DEFAULT 0,
            suppressed    INTEGER NOT NULL DEFAULT 0,
            expired       INTEGER NOT NULL DEFAULT 0,
            invalid       INTEGER NOT NULL DEFAULT 0,
            cancelled     INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX campaign_open ON campaign (number) WHERE keep_until IS NULL;
        CREATE INDEX campaign_by_end ON campaign (keep_until) WHERE keep_until IS NOT NULL;

        CREATE TABLE campaign_part (
            campaign  INTEGER NOT NULL,
            part      INTEGER NOT NULL,
            digest    TEXT NOT NULL,
            position  INTEGER NOT NULL,         -- how many of its recipients have been added
            is_closed INTEGER NOT NULL,
            PRIMARY KEY (campaign, part)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE campaign_recipient (
            campaign     INTEGER NOT NULL,
            position     INTEGER NOT NULL,
            key          TEXT NOT NULL,         -- the number's digits, or `!` and what was written instead
            field_values TEXT,                  -- JSON, until the command is in the lane
            state        TEXT NOT NULL,         -- see RecipientState
            is_told      INTEGER NOT NULL,      -- 0 for an outcome of our own with no event yet
            message_uuid TEXT,
            error        TEXT,
            PRIMARY KEY (campaign, position),
            UNIQUE (campaign, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX campaign_recipient_waiting ON campaign_recipient (campaign, position) WHERE state = 'waiting';
        CREATE INDEX campaign_recipient_handing ON campaign_recipient (campaign, position) WHERE state = 'handing';
        CREATE INDEX campaign_recipient_untold ON campaign_recipient (campaign, position) WHERE is_told = 0;

        CREATE TABLE campaign_reply (
            campaign    INTEGER NOT NULL,
            reply_to    TEXT NOT NULL,
            correlation TEXT NOT NULL,          -- empty for none
            is_reused   INTEGER NOT NULL,
            PRIMARY KEY (campaign, reply_to, correlation)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE probe (number INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
        """
}
