package import Contracts
import GRDB
import SMSCore

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

    package func releaseAnonymousID(_ id: CommandID) async throws {
        try await writer.write { database in
            try database.cachedStatement(sql: "DELETE FROM anonymous_id WHERE id = ?").execute(arguments: [id.text])
        }
    }

    /// Claims a noted id that no delivery of this holder has: one not settled first, then the oldest.
    ///
    /// - Returns: nil when there is none.
    private static func takeOver(digest: String, holder: String, in database: Database) throws -> CommandID? {
        let search = """
            SELECT note.id FROM anonymous_id AS note LEFT JOIN message ON message.id = note.id
            WHERE note.digest = ? AND note.holder <> ?
            ORDER BY message.state IS 'settled', note.noted_at, note.number LIMIT 1
            """
        let statement = try database.cachedStatement(sql: search)
        guard let text = try String.fetchOne(statement, arguments: [digest, holder]) else { return nil }
        guard let id = CommandID(text) else { throw StoreError.corrupt("A command id") }
        try database.cachedStatement(sql: "UPDATE anonymous_id SET holder = ? WHERE id = ?")
            .execute(arguments: [holder, text])
        return id
    }
}
