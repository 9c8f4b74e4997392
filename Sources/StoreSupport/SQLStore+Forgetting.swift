package import Contracts
package import SMSCore

/// Erasing what the store knows of a person.
extension SQLStore where Self: OptOutStore {
    /// Erases a number from everything that is settled.
    ///
    /// Ids and outcomes stay, so that no command is carried out twice because of it; so do its entries of the
    /// suppression list, under a digest. What is under way is left alone: once it is settled it can be erased.
    ///
    /// - Returns: how much was erased, and how much is still under way.
    /// - Throws: ``StoreError``.
    package func erase(_ number: PhoneNumber) async throws -> Forgotten {
        var forgotten = Forgotten()
        try await eraseRecords(of: number.e164, &forgotten)
        try await eraseRecipients(number, &forgotten)
        forgotten.open += try await spooledEvents(about: number)
        forgotten.open += try await unpublishedOptOutChanges(of: number.e164).count
        forgotten.optOuts = try await eraseOptOuts(of: number.e164)
        return forgotten
    }

    private func eraseRecords(of number: String, _ forgotten: inout Forgotten) async throws {
        let size = 500
        var last = ""
        while true {
            let sql = "\(MessageRow.select) WHERE id > ? ORDER BY id LIMIT \(size)"
            let page = try await records(sql, [last.column])
            for record in page where record.names(number) {
                let uuids = [record.settlement?.messageUUID, record.provedUUID].compactMap(\.self)
                if record.isPublished, record.settlement != nil,
                    try await replace(with: record.withoutPerson, erasingReceiptsOf: uuids)
                {
                    forgotten.records += 1
                } else {
                    forgotten.open += 1
                }
            }
            guard let end = page.last, page.count == size else { return }
            last = end.id.text
        }
    }

    private func eraseRecipients(_ number: PhoneNumber, _ forgotten: inout Forgotten) async throws {
        let digits = String(number.e164.dropFirst()).column
        let digest = ("!" + digest.of(number.e164)).column
        let (erased, open) = try await change(.other) { connection in
            let sql = """
                UPDATE campaign_recipient SET key = ?, field_values = NULL, error = NULL
                WHERE key = ? AND is_told = 1
                AND campaign IN (SELECT number FROM campaign WHERE keep_until IS NOT NULL)
                """
            let erased = try connection.change(sql, [digest, digits])
            let left: Int? = try connection.value("SELECT COUNT(*) FROM campaign_recipient WHERE key = ?", [digits])
            return (erased, left ?? 0)
        }
        forgotten.recipients = erased
        forgotten.open += open
    }

    /// Events that wait for the broker are still to be delivered; their numbers leave with them.
    private func spooledEvents(about number: PhoneNumber) async throws -> Int {
        let digits = Array(number.e164.utf8.dropFirst())
        return try await read { connection in
            let sql = "SELECT COUNT(*) FROM spool WHERE \(Connection.dialect.place(of: "?", in: "body")) > 0"
            return try connection.value(sql, [digits.column]) ?? 0
        }
    }

    private func eraseOptOuts(of number: String) async throws -> Int {
        let names = [digest.of(number).column, number.column]
        return try await change(.bars) { connection in
            // An entry that the digest has already gives way.
            for (table, new) in [("opt_out", "number = ?1, message_uuid = NULL"), ("opt_in", "number = ?1")] {
                let known = """
                    DELETE FROM \(table) WHERE number = ?1
                    AND sender IN (SELECT sender FROM \(table) AS same WHERE same.number = ?2)
                    """
                try connection.change(known, names)
                try connection.change("UPDATE \(table) SET \(new) WHERE number = ?2", names)
            }
            try connection.change("DELETE FROM reply WHERE number = ?", [names[1]])
            return try connection.value("SELECT COUNT(*) FROM opt_out WHERE number = ?", [names[0]]) ?? 0
        }
    }
}

extension SQLConnection {
    /// Erases what receipts say of messages beyond their status.
    package func eraseReceipts(of messageUUIDs: [String]) throws {
        for uuid in messageUUIDs {
            try change("UPDATE receipt SET error = NULL WHERE message_uuid = ?", [uuid.column])
        }
    }
}
