package import Contracts
package import SMSCore
internal import StoreSupport

/// Erasing what the store knows of a person.
extension PostgresStore {
    private static let page = 500

    /// Erases a number from everything that is settled.
    ///
    /// Ids and outcomes stay, so that no command is carried out twice because of it; so do its entries of the
    /// suppression list, under a digest. What is under way is left alone: once it is settled it can be erased. The server
    /// overwrites the old rows when it vacuums its tables.
    ///
    /// - Returns: how much was erased, and how much is still under way.
    /// - Throws: `StoreError`.
    package func forget(_ number: PhoneNumber) async throws -> Forgotten {
        var forgotten = Forgotten()
        try await forgetRecords(of: number.e164, &forgotten)
        try await forgetRecipients(number, &forgotten)
        forgotten.open += try await spooledEvents(about: number)
        forgotten.open += try await unpublishedOptOutChanges(of: number.e164).count
        forgotten.optOuts = try await forgetOptOuts(of: number.e164)
        return forgotten
    }

    private func forgetRecords(of number: String, _ forgotten: inout Forgotten) async throws {
        var last = ""
        while true {
            let page = try await records(
                "\(MessageRow.select) WHERE id > ? ORDER BY id LIMIT \(Self.page)",
                [last.column]
            )
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
        let write = try MessageWrite(of: record.withoutPerson, facts: facts, owner: options.owner, .ends)
        let uuids = [record.settlement?.messageUUID, record.provedUUID].compactMap(\.self)
        let place: GroupWriter.Place = uuids.max().map { .receipts(of: $0) } ?? .message(record.id)
        return try await writer.write(at: place, locking: write.locked) { session in
            guard try write.make(on: session) != nil else { return false }
            for uuid in uuids {
                _ = try session.execute("UPDATE receipt SET error = NULL WHERE message_uuid = ?", [uuid.column])
            }
            return true
        }
    }

    private func forgetRecipients(_ number: PhoneNumber, _ forgotten: inout Forgotten) async throws {
        let (digits, digest) = (String(number.e164.dropFirst()), digest.of(number.e164))
        let counts = try await writer.write { session in
            let sql = """
                UPDATE campaign_recipient SET key = ?, field_values = NULL, error = NULL
                WHERE key = ? AND is_told = 1
                AND campaign IN (SELECT number FROM campaign WHERE keep_until IS NOT NULL)
                """
            let erased = try session.execute(sql, [("!" + digest).column, digits.column]).changed
            let open = "SELECT COUNT(*) FROM campaign_recipient WHERE key = ?"
            return (erased, try session.execute(open, [digits.column]).first(as: Int.self) ?? 0)
        }
        forgotten.recipients = counts.0
        forgotten.open += counts.1
    }

    /// Events that wait for the broker are still to be delivered; their numbers leave with them.
    private func spooledEvents(about number: PhoneNumber) async throws -> Int {
        let digits = Array(number.e164.utf8.dropFirst())
        return try await read { session in
            try session.execute("SELECT COUNT(*) FROM spool WHERE position(? IN body) > 0", [digits.column]).first()
                ?? 0
        }
    }

    private func forgetOptOuts(of number: String) async throws -> Int {
        let names = [digest.of(number).column, number.column]
        return try await writer.write(.changes) { session in
            // An entry that the digest has already gives way, as it does where the tables are SQLite's.
            for (table, change) in [("opt_out", "number = ?1, message_uuid = NULL"), ("opt_in", "number = ?1")] {
                let known = """
                    DELETE FROM \(table) WHERE number = ?1
                    AND sender IN (SELECT sender FROM \(table) AS same WHERE same.number = ?2)
                    """
                _ = try session.execute(known, names)
                _ = try session.execute("UPDATE \(table) SET \(change) WHERE number = ?2", names)
            }
            _ = try session.execute("DELETE FROM reply WHERE number = ?", [names[1]])
            return try session.execute("SELECT COUNT(*) FROM opt_out WHERE number = ?", [names[0]]).first() ?? 0
        }
    }
}
