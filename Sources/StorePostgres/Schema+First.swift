extension Schema {
    /// Times are milliseconds since 1970, flags 0 or 1, `facts`, `error` and `properties` JSON, as in StoreSQLite.
    ///
    /// Texts compare by their bytes, whatever the database's language is.
    static let first = """
        CREATE TABLE message (
            id                TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            reference         TEXT COLLATE "C",             -- what the provider echoes, where that is not the id itself
            version           BIGINT NOT NULL,
            body_digest       TEXT COLLATE "C" NOT NULL,
            lane              TEXT COLLATE "C" NOT NULL,
            state             TEXT COLLATE "C" NOT NULL,    -- pending, sending, uncertain, settled
            state_since       BIGINT,          -- of sending, uncertain and settled
            attempt_number    BIGINT,          -- of sending
            attempt_owner     TEXT COLLATE "C",             -- of sending
            outcome           TEXT COLLATE "C",             -- of settled
            message_uuid      TEXT COLLATE "C",             -- of settled
            error             TEXT COLLATE "C",             -- of settled
            facts             TEXT COLLATE "C" NOT NULL,
            attempts          BIGINT NOT NULL,
            first_failure_at  BIGINT,
            wait              BIGINT NOT NULL,
            not_before        BIGINT,
            reserved_slot     BIGINT,
            troubled_at       BIGINT,
            replay            BIGINT NOT NULL,
            proved_uuid       TEXT COLLATE "C",
            is_told           BIGINT NOT NULL,
            is_uncertain_told BIGINT NOT NULL,
            has_earlier_doubt BIGINT NOT NULL DEFAULT 0,
            created_at        BIGINT NOT NULL,
            updated_at        BIGINT NOT NULL,
            keep_until        BIGINT,
            sender            TEXT COLLATE "C",             -- `from` of the facts, to be searched by
            campaign_id       TEXT COLLATE "C"              -- the facts' own, to be searched by
        );
        CREATE INDEX message_by_reference ON message (reference) WHERE reference IS NOT NULL;
        CREATE INDEX message_by_uuid ON message (message_uuid) WHERE message_uuid IS NOT NULL;
        CREATE INDEX message_by_proof ON message (proved_uuid) WHERE proved_uuid IS NOT NULL;
        CREATE INDEX message_open ON message (state, wait) WHERE state <> 'settled';
        CREATE INDEX message_by_end ON message (keep_until) WHERE keep_until IS NOT NULL;
        CREATE INDEX message_by_acceptance ON message (sender, state_since) WHERE outcome = 'accepted';
        CREATE INDEX message_pending_by_campaign ON message (campaign_id, id)
            WHERE campaign_id IS NOT NULL AND state = 'pending';

        CREATE TABLE cancellation (
            kind     TEXT COLLATE "C" NOT NULL,             -- command, campaign
            value    TEXT COLLATE "C" NOT NULL,
            noted_at BIGINT NOT NULL,
            PRIMARY KEY (kind, value)
        );
        CREATE INDEX cancellation_by_age ON cancellation (noted_at);

        CREATE TABLE opt_out (                  -- the suppression list
            number       TEXT COLLATE "C" NOT NULL,
            sender       TEXT COLLATE "C" NOT NULL,         -- '*': all of them
            source       TEXT COLLATE "C" NOT NULL,
            keyword      TEXT COLLATE "C",
            message_uuid TEXT COLLATE "C",
            at           BIGINT NOT NULL,
            changed_at   BIGINT NOT NULL,       -- of the latest wish to be on the list
            PRIMARY KEY (number, sender)
        );
        CREATE TABLE opt_in (                   -- numbers that have left the list, until nothing older can come
            number   TEXT COLLATE "C" NOT NULL,
            sender   TEXT COLLATE "C" NOT NULL,
            at       BIGINT NOT NULL,
            noted_at BIGINT NOT NULL,
            PRIMARY KEY (number, sender)
        );
        CREATE INDEX opt_in_by_age ON opt_in (noted_at);
        CREATE TABLE opt_out_change (           -- of the list, to be published
            place        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind         TEXT COLLATE "C" NOT NULL,         -- opt-out, opt-in
            number       TEXT COLLATE "C" NOT NULL,
            sender       TEXT COLLATE "C" NOT NULL,
            source       TEXT COLLATE "C" NOT NULL,
            keyword      TEXT COLLATE "C",
            message_uuid TEXT COLLATE "C",
            at           BIGINT NOT NULL
        );
        CREATE INDEX opt_out_change_by_number ON opt_out_change (number);

        CREATE TABLE reply (                    -- the last answer to each handset's keyword
            number       TEXT COLLATE "C" NOT NULL,         -- the handset
            sender       TEXT COLLATE "C" NOT NULL,         -- which of our numbers answers
            wish         TEXT COLLATE "C" NOT NULL,         -- stop, start, help
            message_uuid TEXT COLLATE "C" NOT NULL,         -- of the handset's message
            command_id   TEXT COLLATE "C" NOT NULL,
            body_digest  TEXT COLLATE "C" NOT NULL,
            at           BIGINT NOT NULL,
            PRIMARY KEY (number, sender, wish)
        );
        CREATE INDEX reply_by_command ON reply (command_id);
        CREATE INDEX reply_by_age ON reply (at);

        CREATE TABLE handling (                 -- deliveries under way, and those that a crash has left
            key   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            begun BIGINT NOT NULL,
            at    BIGINT NOT NULL              -- of the last time
        );

        CREATE TABLE anonymous_id (
            number   BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id       TEXT COLLATE "C" NOT NULL UNIQUE,
            digest   TEXT COLLATE "C" NOT NULL,
            holder   TEXT COLLATE "C" NOT NULL,
            noted_at BIGINT NOT NULL,
            acked_at BIGINT
        );
        CREATE INDEX anonymous_id_by_ack ON anonymous_id (acked_at) WHERE acked_at IS NOT NULL;
        CREATE INDEX anonymous_id_by_digest ON anonymous_id (digest);
        CREATE INDEX anonymous_id_by_age ON anonymous_id (noted_at);

        CREATE TABLE receipt (
            number       BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            message_uuid TEXT COLLATE "C" NOT NULL,
            status       TEXT COLLATE "C" NOT NULL,
            timestamp    TEXT COLLATE "C" NOT NULL,
            error_code   TEXT COLLATE "C" NOT NULL,         -- empty where there is no error
            error        TEXT COLLATE "C",
            command_id   TEXT COLLATE "C",
            seen_at      BIGINT NOT NULL,
            source       TEXT COLLATE "C",                  -- NULL for webhook
            currency     TEXT COLLATE "C",
            price        TEXT COLLATE "C",
            UNIQUE (message_uuid, status, timestamp, error_code)
        );
        CREATE INDEX receipt_by_age ON receipt (seen_at);

        CREATE TABLE awaited_receipt (          -- the accepted messages without a final receipt
            message_uuid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            command_id   TEXT COLLATE "C" NOT NULL,
            accepted_at  BIGINT NOT NULL,
            busy_until   BIGINT NOT NULL DEFAULT 0,         -- claimed till then
            overdue_at   BIGINT,                -- NULL until it has been published as overdue
            ask_at       BIGINT,                -- when the provider may be asked; NULL for never
            asks         BIGINT NOT NULL DEFAULT 0
        );
        CREATE INDEX awaited_receipt_by_acceptance ON awaited_receipt (accepted_at) WHERE overdue_at IS NULL;
        CREATE INDEX awaited_receipt_overdue ON awaited_receipt (overdue_at) WHERE overdue_at IS NOT NULL;
        CREATE INDEX awaited_receipt_to_ask ON awaited_receipt (ask_at) WHERE ask_at IS NOT NULL;
        CREATE TABLE report_budget (            -- one row, once the provider has been asked
            number BIGINT NOT NULL PRIMARY KEY CHECK (number = 1),
            day    BIGINT NOT NULL,
            spent  BIGINT NOT NULL
        );

        CREATE TABLE inbound_key (
            key     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            seen_at BIGINT NOT NULL
        );
        CREATE INDEX inbound_key_by_age ON inbound_key (seen_at);

        CREATE TABLE listener_beat (            -- one row, once the listener has been up
            number BIGINT NOT NULL PRIMARY KEY CHECK (number = 1),
            at     BIGINT NOT NULL
        );
        CREATE TABLE listener_gap (
            number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind   TEXT COLLATE "C" NOT NULL,               -- silence, failure
            since  BIGINT NOT NULL,
            until  BIGINT NOT NULL
        );
        CREATE INDEX listener_gap_by_end ON listener_gap (until);

        CREATE TABLE spool (
            number      BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            key         TEXT COLLATE "C" NOT NULL,
            exchange    TEXT COLLATE "C" NOT NULL,
            routing_key TEXT COLLATE "C" NOT NULL,
            properties  TEXT COLLATE "C" NOT NULL,
            body        BYTEA NOT NULL,
            at          BIGINT NOT NULL,
            share       TEXT COLLATE "C" NOT NULL,          -- see SpoolShare
            bytes       BIGINT NOT NULL,        -- of body and properties
            owner       TEXT COLLATE "C" NOT NULL           -- the boot id of the process that publishes it
        );
        CREATE INDEX spool_by_owner ON spool (owner, number);
        CREATE INDEX spool_by_key ON spool (owner, key);
        CREATE TABLE spool_share (              -- how much waits of each share of each owner
            owner   TEXT COLLATE "C" NOT NULL,
            share   TEXT COLLATE "C" NOT NULL,              -- see SpoolShare
            waiting BIGINT NOT NULL,
            bytes   BIGINT NOT NULL,
            PRIMARY KEY (owner, share)
        );

        CREATE TABLE campaign (
            number        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id            TEXT COLLATE "C" UNIQUE,          -- NULL for an invalid one that another has taken the place of
            generation    BIGINT NOT NULL,
            replay        BIGINT NOT NULL,
            terms         TEXT COLLATE "C" NOT NULL,
            terms_digest  TEXT COLLATE "C" NOT NULL,
            parts         BIGINT NOT NULL,
            state         TEXT COLLATE "C" NOT NULL,        -- see CampaignState
            is_paused     BIGINT NOT NULL,
            problems      TEXT COLLATE "C" NOT NULL,
            is_start_told BIGINT NOT NULL,
            told_at       BIGINT,
            version       BIGINT NOT NULL,
            correlation   TEXT COLLATE "C",
            traceparent   TEXT COLLATE "C",
            created_at    BIGINT NOT NULL,
            updated_at    BIGINT NOT NULL,
            keep_until    BIGINT,
            duplicates    BIGINT NOT NULL DEFAULT 0,
            untold        BIGINT NOT NULL DEFAULT 0,
            -- How many recipients are in which state.
            waiting       BIGINT NOT NULL DEFAULT 0,
            handing       BIGINT NOT NULL DEFAULT 0,
            handed        BIGINT NOT NULL DEFAULT 0,
            uncertain     BIGINT NOT NULL DEFAULT 0,
            accepted      BIGINT NOT NULL DEFAULT 0,
            rejected      BIGINT NOT NULL DEFAULT 0,
            failed        BIGINT NOT NULL DEFAULT 0,
            suppressed    BIGINT NOT NULL DEFAULT 0,
            expired       BIGINT NOT NULL DEFAULT 0,
            invalid       BIGINT NOT NULL DEFAULT 0,
            cancelled     BIGINT NOT NULL DEFAULT 0
        );
        CREATE INDEX campaign_open ON campaign (number) WHERE keep_until IS NULL;
        CREATE INDEX campaign_by_end ON campaign (keep_until) WHERE keep_until IS NOT NULL;

        CREATE TABLE campaign_part (
            campaign  BIGINT NOT NULL,
            part      BIGINT NOT NULL,
            digest    TEXT COLLATE "C" NOT NULL,
            position  BIGINT NOT NULL,         -- how many of its recipients have been added
            is_closed BIGINT NOT NULL,
            PRIMARY KEY (campaign, part)
        );

        CREATE TABLE campaign_recipient (
            campaign     BIGINT NOT NULL,
            position     BIGINT NOT NULL,
            key          TEXT COLLATE "C" NOT NULL,         -- the number's digits, or `!` and what was written instead
            field_values TEXT COLLATE "C",                  -- JSON, until the command is in the lane
            state        TEXT COLLATE "C" NOT NULL,         -- see RecipientState
            is_told      BIGINT NOT NULL,      -- 0 for an outcome of our own with no event yet
            message_uuid TEXT COLLATE "C",
            error        TEXT COLLATE "C",
            under_way_since BIGINT,             -- NULL before the lane, and once there is an outcome
            PRIMARY KEY (campaign, position),
            UNIQUE (campaign, key)
        );
        CREATE INDEX campaign_recipient_under_way ON campaign_recipient (campaign, position)
            WHERE under_way_since IS NOT NULL;
        CREATE INDEX campaign_recipient_waiting ON campaign_recipient (campaign, position) WHERE state = 'waiting';
        CREATE INDEX campaign_recipient_handing ON campaign_recipient (campaign, position) WHERE state = 'handing';
        CREATE INDEX campaign_recipient_untold ON campaign_recipient (campaign, position) WHERE is_told = 0;

        CREATE TABLE campaign_reply (
            campaign    BIGINT NOT NULL,
            reply_to    TEXT COLLATE "C" NOT NULL,
            correlation TEXT COLLATE "C" NOT NULL,          -- empty for none
            is_reused   BIGINT NOT NULL,
            PRIMARY KEY (campaign, reply_to, correlation)
        );

        CREATE TABLE probe (number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at BIGINT NOT NULL);

        CREATE INDEX message_unpublished ON message (id) WHERE state = 'settled' AND is_told = 0;
        CREATE TABLE secret (number BIGINT NOT NULL PRIMARY KEY CHECK (number = 1), key BYTEA NOT NULL);
        INSERT INTO secret (number, key)
            VALUES (1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
        CREATE TABLE sweep_clock (              -- one row, once the sweeper has run
            number BIGINT NOT NULL PRIMARY KEY CHECK (number = 1),
            at     BIGINT NOT NULL
        );
        """
}
