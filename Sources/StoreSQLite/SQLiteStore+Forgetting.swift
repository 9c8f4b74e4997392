package import Contracts
import GRDB
package import SMSCore
import StoreSupport

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
            let page = try await records("\(MessageRow.select) WHERE id > ? ORDER BY id LIMIT \(Self.page)", [last])
            for record in page where record.names(number) {
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

    /// - Returns: false when the record was changed meanwhile.
    private func erase(_ record: MessageRecord) async throws -> Bool {
        let uuids = [record.settlement?.messageUUID, record.provedUUID].compactMap(\.self)
        return try await write(record.withoutPerson) { write, database in
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
