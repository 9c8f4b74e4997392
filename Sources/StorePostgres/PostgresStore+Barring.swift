internal import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore {
    package func bar(on record: MessageRecord) async throws -> Bar? {
        let hidden = record.facts.to.map(digest.of)
        return try await read { try $0.bar(on: record, hidden: hidden) }
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        let hidden = digest.of(number)
        return try await read { try $0.optOut(of: number, hidden: hidden, sender: sender) }
    }
}

extension Session {
    /// What forbids to send a command, by what was committed before this statement; `begin` says why that is enough.
    ///
    /// One statement for every intent: a look-up in an index that is mostly empty, and one in the suppression list.
    func bar(on record: MessageRecord, hidden: String?) throws -> Bar? {
        let sql = """
            SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE EXISTS (
                SELECT 1 FROM cancellation WHERE kind = 'command' AND value = ?1
            ) OR EXISTS (SELECT 1 FROM cancellation WHERE kind = 'campaign' AND value = ?2)
            UNION ALL
            SELECT number, sender, source, keyword, message_uuid, at FROM opt_out WHERE number IN (?3, ?4)
            """
        let number = record.facts.to
        let answer = try execute(
            sql,
            [record.id.text.column, record.facts.campaignID.column, number.column, hidden.column]
        )
        guard answer.count > 0 else { return nil }
        var first = answer.row(0)
        if case .null = try first.nextColumn() { return .cancelled }
        guard let number else { return nil }
        let entries = try answer.map { try OptOutRow.optOut(from: &$0) }
        return try optOutBar(on: record) { Self.entry(among: entries, of: number, sender: $0) }
    }

    /// The entry that forbids a sender to write to a number.
    func optOut(of number: String, hidden: String, sender: String) throws -> OptOut? {
        let entries = try execute("\(OptOutRow.select) WHERE number IN (?, ?)", [number.column, hidden.column])
            .map { try OptOutRow.optOut(from: &$0) }
        return Self.entry(among: entries, of: number, sender: sender)
    }

    /// The number's own before that of its digest, the sender's own before that for all.
    private static func entry(among entries: [OptOut], of number: String, sender: String) -> OptOut? {
        for isOwn in [true, false] {
            let candidates = entries.filter { ($0.number == number) == isOwn }
            let entry =
                candidates.first { $0.sender == sender }
                ?? candidates.first { $0.sender == OptOut.everySender }
            if let entry { return isOwn ? entry : entry.naming(number) }
        }
        return nil
    }
}
