import Contracts
import GRDB
package import SMSCore
import StoreSupport

/// What forbids to send; `SQLStore+OptOuts.swift` has how the suppression list is changed.
extension SQLiteStore {
    package func bar(on record: MessageRecord) async throws -> Bar? {
        let digest = digest
        return try await lookUp { try $0.bar(on: record, digest) }
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        let digest = digest
        return try await lookUp { try $0.optOut(of: number, sender: sender, digest) }
    }
}

extension Database {
    /// What forbids to send a command, as this connection sees it; in a transaction it stays true until its end.
    ///
    /// Every intent asks: two look-ups in an index that is mostly empty, and one in the suppression list.
    func bar(on record: MessageRecord, _ digest: NumberDigest) throws -> Bar? {
        if try isCancelled(record.id, campaignID: record.facts.campaignID) { return .cancelled }
        guard let number = record.facts.to else { return nil }
        return try optOutBar(on: record) { sender in try optOut(of: number, sender: sender, digest) }
    }

    private func isCancelled(_ id: CommandID, campaignID: String?) throws -> Bool {
        let sql = """
            SELECT EXISTS (SELECT 1 FROM cancellation WHERE kind = 'command' AND value = ?)
            OR EXISTS (SELECT 1 FROM cancellation WHERE kind = 'campaign' AND value = ?)
            """
        // A campaign that is NULL equals none.
        return try value(sql, [id.text.column, campaignID.column]) == true
    }

    /// The entry that forbids a sender to write to a number; in a transaction it stays true until its end.
    func optOut(of number: String, sender: String, _ digest: NumberDigest) throws -> OptOut? {
        if let entry = try entry(of: number, sender: sender) { return entry }
        // A digest costs more than to see that there is none to compare it with.
        guard try hasForgottenNumbers() else { return nil }
        return try entry(of: digest.of(number), sender: sender)?.naming(number)
    }

    /// A sender's own entry before that for all.
    ///
    /// The table's key begins with the number, and nearly every number has no entry: one seek, where a condition on the
    /// sender would make several and sort what they find.
    private func entry(of number: String, sender: String) throws -> OptOut? {
        let entries = try all("\(OptOutRow.select) WHERE number = ?", [number.column]) {
            try OptOutRow.optOut(from: &$0)
        }
        return entries.first { $0.sender == sender } ?? entries.first { $0.sender == OptOut.everySender }
    }

    private func hasForgottenNumbers() throws -> Bool {
        // From the prefix to the character after its colon: one look into the table's key.
        let sql = "SELECT EXISTS (SELECT 1 FROM opt_out WHERE number >= 'forgotten:' AND number < 'forgotten;')"
        return try value(sql, []) == true
    }
}
