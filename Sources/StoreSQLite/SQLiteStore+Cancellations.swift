package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore {
    package func bar(on record: MessageRecord) async throws -> Bar? {
        let digest = digest
        return try await lookUp { try $0.bar(on: record, digest) }
    }

    package func cancel(_ target: CancelTarget, at moment: Timestamp) async throws {
        let (kind, value) = target.columns
        try await writer.write { database in
            let sql = """
                INSERT INTO cancellation (kind, value, noted_at) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET noted_at = excluded.noted_at
                """
            try database.cachedStatement(sql: sql).execute(arguments: [kind, value, moment.milliseconds])
        }
    }
}

extension Database {
    /// What forbids to send a command, as this connection sees it; in a transaction it stays true until its end.
    ///
    /// Every intent asks: two look-ups in an index that is mostly empty, and one in the suppression list.
    func bar(on record: MessageRecord, _ digest: NumberDigest) throws -> Bar? {
        if try isCancelled(record.id, campaignID: record.facts.campaignID) { return .cancelled }
        guard let number = record.facts.to else { return nil }
        guard let optOut = try optOut(of: number, sender: record.facts.from ?? OptOut.everySender, digest) else {
            return nil
        }
        guard try isReply(record, to: optOut) else { return .optedOut(optOut) }
        // The answer to a STOP passes the entry that this STOP has made, and no other.
        let forAll = try self.optOut(of: number, sender: OptOut.everySender, digest)
        return try forAll.flatMap { try isReply(record, to: $0) ? nil : .optedOut($0) }
    }

    private func isCancelled(_ id: CommandID, campaignID: String?) throws -> Bool {
        let sql = """
            SELECT EXISTS (SELECT 1 FROM cancellation WHERE kind = 'command' AND value = ?)
            OR EXISTS (SELECT 1 FROM cancellation WHERE kind = 'campaign' AND value = ?)
            """
        let statement = try cachedStatement(sql: sql)
        // Two of them, as the statement has; a campaign that is NULL equals none.
        statement.setUncheckedArguments([id.text, campaignID])
        return try Bool.fetchOne(statement) == true
    }
}
