import Contracts
import FoundationEssentials
import GRDB
import SMSCore

/// A campaign as a row of the table `campaign`.
enum CampaignRow {
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

    /// `SELECT` with what `record` reads, to be followed by a condition.
    static let select = "SELECT \(columns.joined(separator: ", ")) FROM campaign"

    /// Writes a campaign without recipients: arguments are those of `values`.
    static let insert = """
        INSERT INTO campaign (\(columns[1...17].joined(separator: ", ")))
        VALUES (\(columns[1...17].map { _ in "?" }.joined(separator: ", ")))
        """

    static func values(of record: CampaignRecord) throws -> [DatabaseValue] {
        [
            record.id.text.databaseValue,
            record.generation.databaseValue,
            record.replay.databaseValue,
            try Optional(record.terms).jsonColumn,
            record.termsDigest.databaseValue,
            record.parts.databaseValue,
            record.state.rawValue.databaseValue,
            record.isPaused.databaseValue,
            try Optional(record.problems).jsonColumn,
            record.isStartPublished.databaseValue,
            record.publishedAt.map(\.milliseconds).column,
            record.version.databaseValue,
            record.correlationID.column,
            record.traceparent.column,
            record.createdAt.column,
            record.updatedAt.column,
            record.keepUntil.map(\.milliseconds).column,
        ]
    }

    /// The campaign in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt`, or the library's decoding error, when there is none in it.
    static func record(from row: Row) throws -> CampaignRecord {
        var reader = RowReader(row)
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

/// A recipient as a row of the table `campaign_recipient`.
enum CampaignRecipientRow {
    /// `SELECT` with what `recipient` reads, to be followed by a condition.
    static let select =
        "SELECT position, key, field_values, state, message_uuid, error FROM campaign_recipient"

    /// Those that have a partial index.
    enum Group: String, CaseIterable {
        case waiting, handing
        /// The word of the index, which older versions made.
        case unpublished = "untold"
    }

    /// The recipients of a group: arguments are the campaign and the limit.
    ///
    /// Without statistics SQLite takes the index for no better than the primary key.
    static func select(_ group: Group) -> String {
        let condition = group == .unpublished ? "is_told = 0" : "state = '\(group.rawValue)'"
        return """
            \(select) INDEXED BY campaign_recipient_\(group.rawValue)
            WHERE campaign = ? AND \(condition) ORDER BY position LIMIT ?
            """
    }

    /// The recipient in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt`, or the library's decoding error, when there is none in it.
    static func recipient(from row: Row) throws -> CampaignRecipient {
        var reader = RowReader(row)
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

extension Database {
    /// Moves so many recipients of a campaign from one count to another.
    func count(_ number: Int, of campaign: Int64, from old: RecipientState, to new: RecipientState, at now: Timestamp)
        throws
    {
        guard number > 0, old != new else { return }
        let sql = """
            UPDATE campaign SET \(old.rawValue) = \(old.rawValue) - ?1, \(new.rawValue) = \(new.rawValue) + ?1,
            version = version + 1, updated_at = ?2 WHERE number = ?3
            """
        try cachedStatement(sql: sql).execute(arguments: [number, now.milliseconds, campaign])
    }

    /// The first recipients of a campaign in a partial index, in order.
    func recipients(_ group: CampaignRecipientRow.Group, of campaign: Int64, limit: Int) throws -> [CampaignRecipient] {
        try recipients(CampaignRecipientRow.select(group), [campaign, max(limit, 0)])
    }

    /// The recipients that a query finds.
    func recipients(_ sql: String, _ arguments: StatementArguments) throws -> [CampaignRecipient] {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        var recipients: [CampaignRecipient] = []
        while let row = try rows.next() { recipients.append(try CampaignRecipientRow.recipient(from: row)) }
        return recipients
    }
}
