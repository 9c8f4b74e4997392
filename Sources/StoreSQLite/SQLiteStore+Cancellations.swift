package import Contracts
import GRDB
package import SMSCore

extension SQLiteStore {
    package func bar(on id: CommandID, campaignID: String?) async throws -> Bar? {
        try await read { try $0.bar(on: id, campaignID: campaignID) }
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
    /// Every intent asks: one statement, two look-ups in an index that is mostly empty.
    func bar(on id: CommandID, campaignID: String?) throws -> Bar? {
        let sql = """
            SELECT EXISTS (SELECT 1 FROM cancellation WHERE kind = 'command' AND value = ?)
            OR EXISTS (SELECT 1 FROM cancellation WHERE kind = 'campaign' AND value = ?)
            """
        let statement = try cachedStatement(sql: sql)
        // Two of them, as the statement has; a campaign that is NULL equals none.
        statement.setUncheckedArguments([id.text, campaignID])
        return try Bool.fetchOne(statement) == true ? .cancelled : nil
    }
}

extension CancelTarget {
    /// How the table holds what a cancellation is about.
    fileprivate var columns: (kind: String, value: String) {
        switch self {
        case .command(let id): ("command", id.text)
        case .campaign(let id): ("campaign", id)
        }
    }
}
