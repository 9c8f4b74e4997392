package import Contracts
import GRDB
package import SMSCore

/// Erasing what the store knows of a person.
extension SQLiteStore {
    private static let page = 500

    /// Erases a number from everything that is settled.
    ///
    /// Ids and outcomes stay, so that no command is carried out twice because of it; so do its entries of the
    /// suppression list, under a digest. What is under way is left alone: once it is settled it can be erased.
    ///
    /// - Returns: how much was erased, and how much is still under way.
    /// - Throws: ``StoreError``.
    package func forget(_ number: PhoneNumber) async throws -> Forgotten {
        var forgotten = Forgotten()
        // What is overwritten is zeroed in the file, too (https://www.sqlite.org/pragma.html#pragma_secure_delete).
        try await execute("PRAGMA secure_delete = ON")
        try await forgetRecords(of: number.e164, &forgotten)
        try await forgetRecipients(number, &forgotten)
        forgotten.open += try await spooledEvents(about: number)
        forgotten.open += try await unpublishedOptOutChanges(of: number.e164).count
        forgotten.optOuts = try await forgetOptOuts(of: number.e164)
        await emptyLog()
        return forgotten
    }

    private func forgetRecords(of number: String, _ forgotten: inout Forgotten) async throws {
        var last = ""
        while true {
            let page = try await records(after: last)
            for record in page where Self.isSame(record.facts.to, number) {
                if record.isPublished, record.settlement != nil, try await erase(record) {
                    forgotten.records += 1
                } else {
                    forgotten.open += 1
                }
            }
            guard let end = page.last, page.count == Self.page else { return }
            last = end.id.text
        }
    }

    /// Whether a record names a number; an older version may have written it with its trunk zero.
    private static func isSame(_ written: String?, _ number: String) -> Bool {
        guard let written, written != number else { return written == number }
        return written.suffix(4) == number.suffix(4) && PhoneNumber(written)?.e164 == number
    }

    private func records(after id: String) async throws -> [MessageRecord] {
        let facts = facts
        return try await read { database in
            let sql = "\(MessageRow.select) WHERE id > ? ORDER BY id LIMIT \(Self.page)"
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [id])
            var records: [MessageRecord] = []
            while let row = try rows.next() { records.append(try MessageRow.record(from: row, facts: facts)) }
            return records
        }
    }

    /// - Returns: false when the record was changed meanwhile.
    private func erase(_ record: MessageRecord) async throws -> Bool {
        let write = try MessageWrite(of: record.withoutPerson, facts: facts)
        let uuids = [record.settlement?.messageUUID, record.provedUUID].compactMap(\.self)
        return try await writer.write { database in
            guard try write.make(in: database) != nil else { return false }
            let receipts = try database.cachedStatement(sql: "UPDATE receipt SET error = NULL WHERE message_uuid = ?")
            for uuid in uuids { try receipts.execute(arguments: [uuid]) }
            return true
        }
    }

    private func forgetRecipients(_ number: PhoneNumber, _ forgotten: inout Forgotten) async throws {
        let (digits, digest) = (String(number.e164.dropFirst()), digest.of(number.e164))
        let counts = try await writer.write { database in
            let sql = """
                UPDATE campaign_recipient SET key = ?, field_values = NULL, error = NULL
                WHERE key = ? AND is_told = 1
                AND campaign IN (SELECT number FROM campaign WHERE keep_until IS NOT NULL)
                """
            try database.cachedStatement(sql: sql).execute(arguments: ["!" + digest, digits])
            let erased = database.changesCount
            let open = "SELECT COUNT(*) FROM campaign_recipient WHERE key = ?"
            return (erased, try Int.fetchOne(database, sql: open, arguments: [digits]) ?? 0)
        }
        forgotten.recipients = counts.0
        forgotten.open += counts.1
    }

    /// Events that wait for the broker are still to be delivered; their numbers leave with them.
    private func spooledEvents(about number: PhoneNumber) async throws -> Int {
        let digits = String(number.e164.dropFirst())
        return try await read { database in
            let sql = "SELECT COUNT(*) FROM spool WHERE instr(CAST(body AS TEXT), ?) > 0"
            return try Int.fetchOne(database, sql: sql, arguments: [digits]) ?? 0
        }
    }

    private func forgetOptOuts(of number: String) async throws -> Int {
        let digest = digest.of(number)
        return try await writer.write { database in
            let sql = "UPDATE OR REPLACE opt_out SET number = ?, message_uuid = NULL WHERE number = ?"
            try database.cachedStatement(sql: sql).execute(arguments: [digest, number])
            let left = "UPDATE OR REPLACE opt_in SET number = ? WHERE number = ?"
            try database.cachedStatement(sql: left).execute(arguments: [digest, number])
            try database.cachedStatement(sql: "DELETE FROM reply WHERE number = ?").execute(arguments: [number])
            let held = "SELECT COUNT(*) FROM opt_out WHERE number = ?"
            return try Int.fetchOne(database, sql: held, arguments: [digest]) ?? 0
        }
    }
}

extension MessageRecord {
    /// The record with nothing of the person it was sent to, or of what the caller said about it.
    fileprivate var withoutPerson: MessageRecord {
        var record = self
        var facts = MessageFacts()
        facts.from = self.facts.from
        facts.campaignID = self.facts.campaignID
        facts.segments = self.facts.segments
        facts.encoding = self.facts.encoding
        facts.sendAt = self.facts.sendAt
        facts.expiresAt = self.facts.expiresAt
        record.facts = facts
        record.history = history.withoutDetails
        if let settlement {
            record.state = .settled(
                Settlement(
                    outcome: settlement.outcome,
                    messageUUID: settlement.messageUUID,
                    // The provider's own words and our sentence may name the number.
                    error: settlement.error.map { EventError($0.code, detail: $0.code.title) },
                    at: settlement.at
                )
            )
        }
        return record
    }
}
