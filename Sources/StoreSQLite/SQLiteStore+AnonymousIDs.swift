package import Contracts
import GRDB
import SMSCore
import StoreSupport

extension SQLiteStore {
    package func claimAnonymousID(
        digest: String,
        isRedelivered: Bool,
        holder: String,
        fresh: CommandID,
        now: Timestamp
    ) async throws -> CommandID {
        try await writer.write { database in
            if isRedelivered, let id = try Self.takeOver(digest: digest, holder: holder, in: database) { return id }
            let note = "INSERT INTO anonymous_id (id, digest, holder, noted_at) VALUES (?, ?, ?, ?)"
            try database.cachedStatement(sql: note)
                .execute(arguments: [fresh.text, digest, holder, now.milliseconds])
            return fresh
        }
    }

    package func noteAnonymousAck(of id: CommandID, proved: [CommandID], at moment: Timestamp) async throws {
        try await writer.write { database in
            try database.cachedStatement(sql: "UPDATE anonymous_id SET acked_at = ? WHERE id = ?")
                .execute(arguments: [moment.milliseconds, id.text])
            for id in proved {
                try database.cachedStatement(sql: "DELETE FROM anonymous_id WHERE id = ? AND acked_at IS NOT NULL")
                    .execute(arguments: [id.text])
            }
        }
    }

    /// Claims a noted id that no delivery of this holder has: one not acked first, one not settled first among them, then
    /// the oldest.
    ///
    /// - Returns: nil when there is none.
    private static func takeOver(digest: String, holder: String, in database: Database) throws -> CommandID? {
        let search = """
            SELECT note.id FROM anonymous_id AS note LEFT JOIN message ON message.id = note.id
            WHERE note.digest = ? AND note.holder <> ?
            ORDER BY note.acked_at IS NOT NULL, message.state IS 'settled', note.noted_at, note.number LIMIT 1
            """
        let statement = try database.cachedStatement(sql: search)
        guard let text = try String.fetchOne(statement, arguments: [digest, holder]) else { return nil }
        guard let id = CommandID(text) else { throw StoreError.corrupt("A command id") }
        try database.cachedStatement(sql: "UPDATE anonymous_id SET holder = ?, acked_at = NULL WHERE id = ?")
            .execute(arguments: [holder, text])
        return id
    }
}
