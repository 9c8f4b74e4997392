import Contracts
package import SMSCore

/// A record as a row of the table `message`.
package enum MessageRow {
    /// The columns in the order in which `values` writes and `record` reads them.
    ///
    /// The first two are never updated; the last three repeat a part of `facts`, for queries alone.
    private static let columns = [
        "id", "reference", "version",
        "body_digest", "lane", "state", "state_since", "attempt_number", "attempt_owner", "outcome", "message_uuid",
        "error", "facts", "attempts", "first_failure_at", "wait", "not_before", "reserved_slot", "troubled_at",
        "replay", "proved_uuid", "is_told", "is_uncertain_told", "has_earlier_doubt", "created_at",
        "updated_at", "keep_until", "history",
        "sender", "campaign_id", "recipient",
    ]

    /// `SELECT` with what `record` reads, to be followed by a condition.
    package static let select = "SELECT \(selected) FROM message"

    /// The columns that `record` reads.
    package static let selected = columns.dropLast(3).joined(separator: ", ")

    /// Arguments: the campaign, the id to begin after, the limit.
    package static let pendingOfCampaign =
        "\(select) WHERE campaign_id = ? AND state = 'pending' AND id > ? ORDER BY id LIMIT ?"

    /// Arguments: the first and the last moment, the limit.
    ///
    /// The second condition is that of the index, which is not used without it.
    package static let uncertain = """
        \(select) WHERE state = 'uncertain' AND state <> 'settled' AND state_since >= ? AND state_since <= ? LIMIT ?
        """

    /// How many messages of a sender were accepted, and how many of these have a receipt; arguments: the sender, the moment to
    /// begin after, the last moment.
    package static let acceptances = """
        SELECT COUNT(*), COUNT(*) FILTER (
            WHERE EXISTS (SELECT 1 FROM receipt WHERE receipt.message_uuid = message.message_uuid)
        )
        FROM message WHERE outcome = 'accepted' AND sender = ? AND state_since > ? AND state_since <= ?
        """

    /// Some of the messages that wait; argument: the limit.
    ///
    /// The index is one of what is not settled, and taken only where the condition says so.
    package static func open(_ kind: OpenKind, in dialect: SQLDialect) -> String {
        let condition = kind == .uncertain ? "state = 'uncertain'" : "state = 'pending' AND wait > 0"
        let table = dialect.table("message", by: "message_open")
        return "SELECT \(selected) FROM \(table) WHERE \(condition) AND state <> 'settled' LIMIT ?"
    }

    /// Writes a row where there is none yet: arguments are those of `values`.
    package static let insert = insert(setting: [])

    /// The same with columns that are not the record's own, each with an expression; their arguments follow.
    package static func insert(setting others: [(column: String, value: String)]) -> String {
        """
        INSERT INTO message (\((columns + others.map(\.column)).joined(separator: ", ")))
        VALUES (\((columns.map { _ in "?" } + others.map(\.value)).joined(separator: ", "))) ON CONFLICT (id) DO NOTHING
        """
    }

    /// Overwrites a row whose version is one less than the new one: arguments are those of `inOrderOfUpdate`.
    package static let update = update(setting: [])

    /// The same with columns that are not the record's own, each with an expression.
    package static func update(setting others: [(column: String, value: String)]) -> String {
        update(set: columns.dropFirst(2).map { "\($0) = ?" } + others.map { "\($0.column) = \($0.value)" })
    }

    /// Overwrites some columns of a row whose version is one less than the new one.
    ///
    /// - Parameter changed: the places of the columns in `values`, in rising order; not those of the id and the reference,
    ///   which never change.
    /// - Returns: the SQL; its arguments are those of `inOrderOfUpdate(_:only:)`.
    package static func update(only changed: [Int]) -> String {
        update(set: changed.map { "\(columns[$0]) = ?" })
    }

    /// The places in which the values of two versions of a row differ.
    package static func changes(from old: [ColumnValue], to new: [ColumnValue]) -> [Int] {
        (2..<columns.count).filter { old[$0] != new[$0] }
    }

    private static func update(set assignments: [String]) -> String {
        """
        UPDATE message SET \(assignments.joined(separator: ", "))
        WHERE id = ? AND version = ? - 1 AND COALESCE(reference, '') = COALESCE(?, '')
        """
    }

    /// The arguments of `update`, by the columns of `values` and the arguments of others.
    ///
    /// They have no names, because GRDB looks for each name in a table.
    package static func inOrderOfUpdate(_ values: [ColumnValue], others: [ColumnValue] = []) -> [ColumnValue] {
        values.dropFirst(2) + others + [values[0], values[2], values[1]]
    }

    /// The arguments of `update(only:)`.
    package static func inOrderOfUpdate(_ values: [ColumnValue], only changed: [Int]) -> [ColumnValue] {
        changed.map { values[$0] } + [values[0], values[2], values[1]]
    }

    /// The columns of a record that has the version which is being written.
    package static func values(of record: MessageRecord, facts: FactsText) throws -> [ColumnValue] {
        let state = StateColumns(record.state)
        let reference = record.id.reference
        return [
            record.id.text.column,
            reference == record.id.text ? .null : reference.column,
            record.version.column,
            record.bodyDigest.column,
            record.lane.rawValue.column,
            state.name.rawValue.column,
            state.since.column,
            state.attemptNumber.column,
            state.attemptOwner.column,
            state.outcome.map(\.rawValue).column,
            state.messageUUID.column,
            try state.error.jsonColumn,
            try facts.encode(record.facts, of: record.id).column,
            record.attempts.column,
            record.firstFailureAt.column,
            record.wait.column,
            record.notBefore.column,
            record.reservedSlot.column,
            record.troubledAt.column,
            record.replay.column,
            record.provedUUID.column,
            record.isPublished.column,
            record.isUncertainPublished.column,
            record.hasEarlierDoubt.column,
            record.createdAt.column,
            record.updatedAt.column,
            record.keepUntil.column,
            record.history.text.column,
            record.facts.from.column,
            record.facts.campaignID.column,
            record.facts.to.column,
        ]
    }

    /// The record in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func record(from reader: inout some ColumnReader, facts: FactsText) throws -> MessageRecord {
        let id = try reader.nextCommandID()
        _ = try reader.nextIfPresent(as: String.self)
        let version: Int64 = try reader.next()
        let bodyDigest: String = try reader.next()
        guard let lane = Lane(rawValue: try reader.next()) else { throw StoreError.corrupt("The lane of a record") }
        let state = try StateColumns(from: &reader).state
        var record = MessageRecord(
            id: id,
            bodyDigest: bodyDigest,
            lane: lane,
            facts: try facts.decode(try reader.next(), of: id),
            now: Timestamp(milliseconds: 0)
        )
        record.version = version
        record.state = state
        record.attempts = try reader.next()
        record.firstFailureAt = try reader.nextMomentIfPresent()
        record.wait = try reader.next()
        record.notBefore = try reader.nextMomentIfPresent()
        record.reservedSlot = try reader.nextMomentIfPresent()
        record.troubledAt = try reader.nextMomentIfPresent()
        record.replay = try reader.next()
        record.provedUUID = try reader.nextIfPresent()
        record.isPublished = try reader.next()
        record.isUncertainPublished = try reader.next()
        record.hasEarlierDoubt = try reader.next()
        record.createdAt = try reader.nextMoment()
        record.updatedAt = try reader.nextMoment()
        record.keepUntil = try reader.nextMomentIfPresent()
        record.history = MessageHistory(try reader.nextIfPresent() ?? "")
        return record
    }
}

/// The counts of open messages, as rows of a state and how many messages are in it.
package enum OpenCountsRow {
    /// Rows for `add`, one for each state but `settled`.
    package static let select = """
        SELECT state, COUNT(*), COUNT(*) FILTER (WHERE wait > 0) FROM message WHERE state <> 'settled' GROUP BY state
        """
    /// How many are settled and not published.
    package static let unpublished = "SELECT COUNT(*) FROM message WHERE state = 'settled' AND is_told = 0"

    /// Adds a row to the counts.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when it is none.
    package static func add(_ reader: inout some ColumnReader, to counts: inout OpenCounts) throws {
        let name = StateColumns.Name(rawValue: try reader.next())
        let count: Int = try reader.next()
        let waiting: Int = try reader.next()
        switch name {
        case .pending:
            counts.pending = count
            counts.waiting += waiting
        case .sending:
            counts.sending = count
        case .uncertain:
            counts.uncertain = count
            counts.waiting += waiting
        case .settled, nil:
            break
        }
    }
}
