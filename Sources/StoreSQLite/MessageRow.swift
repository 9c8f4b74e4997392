import Contracts
import GRDB
import SMSCore

/// A record as a row of the table `message`.
enum MessageRow {
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
    static let select = "SELECT \(selected) FROM message"

    /// The columns that `record` reads.
    static let selected = columns.dropLast(3).joined(separator: ", ")

    /// Writes a row where there is none yet: arguments are those of `values`.
    static let insert = """
        INSERT INTO message (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT (id) DO NOTHING
        """

    /// Overwrites a row whose version is one less than the new one: arguments are those of `inOrderOfUpdate`.
    static let update = """
        UPDATE message SET \(columns.dropFirst(2).map { "\($0) = ?" }.joined(separator: ", "))
        WHERE id = ? AND version = ? - 1 AND reference IS ?
        """

    /// The arguments of `update`, by the columns of `values`.
    ///
    /// They have no names, because GRDB looks for each name in a table.
    static func inOrderOfUpdate(_ values: [DatabaseValue]) -> [DatabaseValue] {
        values.dropFirst(2) + [values[0], values[2], values[1]]
    }

    /// The columns of a record that has the version which is being written.
    static func values(of record: MessageRecord, facts: FactsText) throws -> [DatabaseValue] {
        let state = StateColumns(record.state)
        let reference = record.id.reference
        return [
            record.id.text.databaseValue,
            reference == record.id.text ? .null : reference.databaseValue,
            record.version.databaseValue,
            record.bodyDigest.databaseValue,
            record.lane.rawValue.databaseValue,
            state.name.rawValue.databaseValue,
            state.since.map(\.milliseconds).column,
            state.attemptNumber.column,
            state.attemptOwner.column,
            state.outcome.map(\.rawValue).column,
            state.messageUUID.column,
            try state.error.jsonColumn,
            try facts.encode(record.facts, of: record.id).databaseValue,
            record.attempts.databaseValue,
            record.firstFailureAt.map(\.milliseconds).column,
            record.wait.databaseValue,
            record.notBefore.map(\.milliseconds).column,
            record.reservedSlot.map(\.milliseconds).column,
            record.troubledAt.map(\.milliseconds).column,
            record.replay.databaseValue,
            record.provedUUID.column,
            record.isPublished.databaseValue,
            record.isUncertainPublished.databaseValue,
            record.hasEarlierDoubt.databaseValue,
            record.createdAt.column,
            record.updatedAt.column,
            record.keepUntil.map(\.milliseconds).column,
            record.history.text.databaseValue,
            record.facts.from.column,
            record.facts.campaignID.column,
            record.facts.to.column,
        ]
    }

    /// The record in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt`, or the library's decoding error, when there is none in it.
    static func record(from row: Row, facts: FactsText) throws -> MessageRecord {
        try record(from: RowReader(row), facts: facts)
    }

    /// The record in a row whose next columns are its own.
    ///
    /// - Throws: as above.
    static func record(from reader: RowReader, facts: FactsText) throws -> MessageRecord {
        var reader = reader
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
