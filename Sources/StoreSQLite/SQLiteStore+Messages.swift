package import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: MessageStore {
    package func record(of id: CommandID) async throws -> MessageRecord? {
        try await firstRecord(where: "id = ?", id.text)
    }

    package func record(ofReference reference: String) async throws -> MessageRecord? {
        // An id of up to 40 characters is its own reference; the column holds only the digests of longer ones.
        if reference.utf8.count == 40, reference.hasPrefix("d:"),
            let record = try await firstRecord(where: "reference = ?", reference)
        {
            return record
        }
        return reference.utf8.count <= 40 ? try await firstRecord(where: "id = ?", reference) : nil
    }

    package func record(ofMessageUUID uuid: String) async throws -> MessageRecord? {
        if let record = try await firstRecord(where: "message_uuid = ?", uuid) { return record }
        return try await firstRecord(where: "proved_uuid = ?", uuid)
    }

    package func save(_ record: MessageRecord) async throws -> MessageRecord? {
        let isNew = record.version == 0
        let version = record.version + 1
        let values = try MessageRow.values(of: record, version: version, facts: facts)
        let isWritten = try await writer.write { database in
            let statement = try database.cachedStatement(sql: isNew ? MessageRow.insert : MessageRow.update)
            // Their number is right by construction; checking it each time costs as much as binding them.
            statement.setUncheckedArguments(StatementArguments(values))
            try statement.execute()
            return database.changesCount == 1
        }
        guard isWritten else { return nil }
        var saved = record
        saved.version = version
        return saved
    }

    package func begin(_ record: MessageRecord) async throws -> IntentResult {
        guard case .sending = record.state else {
            throw StoreError(.misuse, "An intent to send must be a record in state sending.")
        }
        return try await save(record).map(IntentResult.begun) ?? .lost
    }

    package func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int {
        try await writer.write { database in
            let records = try database.delete(from: "message", key: "rowid", where: "keep_until <= ?", now)
            let notes = try database.delete(from: "anonymous_id", key: "number", where: "noted_at < ?", notesBefore)
            return records + notes
        }
    }

    package func openCounts() async throws -> OpenCounts {
        try await read { database in
            var counts = OpenCounts(pending: 0, sending: 0, uncertain: 0)
            let sql = "SELECT state, COUNT(*) FROM message WHERE state <> 'settled' GROUP BY state"
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql))
            while let row = try rows.next() {
                var reader = RowReader(row)
                let name = StateColumns.Name(rawValue: try reader.next())
                let count: Int = try reader.next()
                switch name {
                case .pending: counts.pending = count
                case .sending: counts.sending = count
                case .uncertain: counts.uncertain = count
                case .settled, nil: break
                }
            }
            return counts
        }
    }

    package func probe() async throws {
        let now = Timestamp.now.milliseconds
        let seen = try await writer.write { database in
            try database.cachedStatement(sql: "INSERT INTO probe (at) VALUES (?)").execute(arguments: [now])
            let seen = try Int64.fetchOne(database, sql: "SELECT at FROM probe WHERE number = last_insert_rowid()")
            try database.cachedStatement(sql: "DELETE FROM probe").execute()
            return seen
        }
        guard seen == now else { throw StoreError.corrupt("What was just written") }
        _ = try await read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM probe") }
    }

    private func firstRecord(where condition: String, _ value: String) async throws -> MessageRecord? {
        let facts = facts
        return try await read { database in
            let statement = try database.cachedStatement(sql: "\(MessageRow.select) WHERE \(condition) LIMIT 1")
            let rows = try Row.fetchCursor(statement, arguments: [value])
            return try rows.next().map { try MessageRow.record(from: $0, facts: facts) }
        }
    }
}

extension Database {
    /// How many rows one sweep takes, so that other writes do not wait long behind it.
    static let sweepBatch = 2000

    /// Deletes the rows of a table that a condition on a moment holds for, at most `sweepBatch`.
    ///
    /// - Returns: how many went.
    func delete(from table: String, key: String, where condition: String, _ moment: Timestamp) throws -> Int {
        let sql = "DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) WHERE \(condition) LIMIT ?)"
        try cachedStatement(sql: sql).execute(arguments: [moment.milliseconds, Self.sweepBatch])
        return changesCount
    }
}
