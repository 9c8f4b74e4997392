import Contracts
package import SMSCore

/// A campaign as a row of the table `campaign`.
package enum CampaignRow {
    /// The states in the order of their columns.
    private static let states: [RecipientState] = [
        .waiting, .handing, .handed, .uncertain, .accepted, .rejected, .failed, .suppressed, .expired, .invalid,
        .cancelled,
    ]

    private static let columns =
        [
            "number", "id", "generation", "replay", "terms", "terms_digest", "parts", "state", "is_paused", "problems",
            "is_start_told", "told_at", "version", "correlation", "traceparent", "created_at", "updated_at",
            "keep_until", "duplicates", "untold",
        ] + states.map(\.rawValue)

    /// SQL for how many recipients a row counts.
    package static let size = states.map(\.rawValue).joined(separator: " + ")

    /// `SELECT` with what `record` reads, to be followed by a condition.
    package static let select = "SELECT \(columns.joined(separator: ", ")) FROM campaign"

    /// The campaigns that are not over.
    package static let open = "\(select) WHERE keep_until IS NULL ORDER BY number"

    /// Writes a campaign without recipients: arguments are those of `values`.
    package static let insert = """
        INSERT INTO campaign (\(columns[1...17].joined(separator: ", ")))
        VALUES (\(columns[1...17].map { _ in "?" }.joined(separator: ", ")))
        """

    package static func values(of record: CampaignRecord) throws -> [ColumnValue] {
        [
            record.id.text.column,
            record.generation.column,
            record.replay.column,
            try Optional(record.terms).jsonColumn,
            record.termsDigest.column,
            record.parts.column,
            record.state.rawValue.column,
            record.isPaused.column,
            try Optional(record.problems).jsonColumn,
            record.isStartPublished.column,
            record.publishedAt.column,
            record.version.column,
            record.correlationID.column,
            record.traceparent.column,
            record.createdAt.column,
            record.updatedAt.column,
            record.keepUntil.column,
        ]
    }

    /// The campaign in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func record(from reader: inout some ColumnReader) throws -> CampaignRecord {
        let number: Int64 = try reader.next()
        let id = try reader.nextCommandID()
        let generation: Int = try reader.next()
        let replay: Int = try reader.next()
        guard let terms = try reader.nextJSONIfPresent(CampaignTerms.self, what: "A campaign's terms") else {
            throw StoreError.corrupt("A campaign's terms")
        }
        let digest: String = try reader.next()
        var record = CampaignRecord(id: id, terms: terms, parts: try reader.next(), now: Timestamp(milliseconds: 0))
        record.number = number
        record.generation = generation
        record.replay = replay
        record.termsDigest = digest
        guard let state = CampaignState(rawValue: try reader.next()) else {
            throw StoreError.corrupt("A campaign's state")
        }
        record.state = state
        record.isPaused = try reader.next()
        record.problems =
            try reader.nextJSONIfPresent(ProblemList.self, what: "A campaign's problems") ?? ProblemList()
        record.isStartPublished = try reader.next()
        record.publishedAt = try reader.nextMomentIfPresent()
        record.version = try reader.next()
        record.correlationID = try reader.nextIfPresent()
        record.traceparent = try reader.nextIfPresent()
        record.createdAt = try reader.nextMoment()
        record.updatedAt = try reader.nextMoment()
        record.keepUntil = try reader.nextMomentIfPresent()
        record.counts.duplicates = try reader.next()
        record.counts.unpublished = try reader.next()
        for state in states { record.counts[state] = try reader.next() }
        return record
    }
}

/// A command of a campaign that awaits a reply, as a row of the table `campaign_reply`.
package enum CampaignReplyRow {
    /// What `reply` reads.
    package static let columns = "reply_to, correlation, is_reused"

    /// The reply in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func reply(from reader: inout some ColumnReader) throws -> CampaignReply {
        let replyTo: String = try reader.next()
        let correlation: String = try reader.next()
        return CampaignReply(
            replyTo: replyTo,
            correlationID: correlation.isEmpty ? nil : correlation,
            isReused: try reader.next()
        )
    }
}

/// A recipient as a row of the table `campaign_recipient`.
package enum CampaignRecipientRow {
    /// `SELECT` with what `recipient` reads, to be followed by a condition.
    package static let select = "SELECT \(columns) FROM \(table)"

    private static let columns = "position, key, field_values, state, message_uuid, error"
    private static let table = "campaign_recipient"

    /// Those that have a partial index.
    package enum Group: String, CaseIterable, Sendable {
        case waiting, handing
        /// The word of the index, which older versions made.
        case unpublished = "untold"

        /// What the rows of the index have in common.
        package var condition: String { self == .unpublished ? "is_told = 0" : "state = '\(rawValue)'" }
    }

    /// The first recipients of a group: arguments are the campaign and the limit.
    package static func select(_ group: Group, in dialect: SQLDialect) -> String {
        """
        SELECT \(columns) FROM \(table(of: group, in: dialect)) WHERE campaign = ? AND \(group.condition)
        ORDER BY position LIMIT ?
        """
    }

    /// Those whose command is under way: arguments are the campaign, the last moment, the position to begin after, the limit.
    package static func underWay(in dialect: SQLDialect) -> String {
        """
        SELECT \(columns) FROM \(dialect.table(table, by: "campaign_recipient_under_way"))
        WHERE campaign = ? AND under_way_since <= ? AND position > ? AND state IN ('handed', 'uncertain')
        ORDER BY position LIMIT ?
        """
    }

    /// The table, searched by a group's index, which SQLite without statistics takes for no better than the primary key.
    static func table(of group: Group, in dialect: SQLDialect) -> String {
        dialect.table(table, by: "campaign_recipient_\(group.rawValue)")
    }

    /// The recipient in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func recipient(from reader: inout some ColumnReader) throws -> CampaignRecipient {
        let position: Int64 = try reader.next()
        let key: String = try reader.next()
        let values = try reader.nextJSONIfPresent([String: String].self, what: "A recipient's values")
        guard let state = RecipientState(rawValue: try reader.next()) else {
            throw StoreError.corrupt("A recipient's state")
        }
        return CampaignRecipient(
            position: position,
            key: key,
            values: values,
            state: state,
            messageUUID: try reader.nextIfPresent(),
            error: try reader.nextJSONIfPresent(EventError.self, what: "A recipient's error")
        )
    }
}
