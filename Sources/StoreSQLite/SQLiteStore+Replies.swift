import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: ReplyStore {
    package func claimReply(_ claim: ReplyClaim, pause: Duration) async throws -> Bool {
        try await writer.write { database in
            // A claim in the future was made under a wrong clock and keeps nothing back.
            let sql = """
                INSERT INTO reply (number, sender, wish, message_uuid, command_id, body_digest, at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (number, sender, wish) DO UPDATE SET message_uuid = ?4, command_id = ?5, body_digest = ?6,
                    at = ?7
                WHERE message_uuid <> ?4 AND (at <= ?7 - ?8 OR at > ?7)
                """
            try database.cachedStatement(sql: sql).execute(arguments: [
                claim.number, claim.sender, claim.wish.rawValue, claim.messageUUID, claim.command.text,
                claim.bodyDigest, claim.at.milliseconds, pause.wholeMilliseconds,
            ])
            let standing = "SELECT message_uuid FROM reply WHERE number = ? AND sender = ? AND wish = ?"
            let holder = try String.fetchOne(
                database.cachedStatement(sql: standing),
                arguments: [claim.number, claim.sender, claim.wish.rawValue]
            )
            return holder == claim.messageUUID
        }
    }
}

extension Database {
    /// Whether a command is the claimed answer to the STOP that has made an entry of the suppression list.
    func isReply(_ record: MessageRecord, to optOut: OptOut) throws -> Bool {
        guard record.mayBeReply, let messageUUID = optOut.messageUUID else { return false }
        let sql = """
            SELECT 1 FROM reply WHERE command_id = ? AND body_digest = ? AND message_uuid = ? AND wish = 'stop'
            """
        let statement = try cachedStatement(sql: sql)
        return try Int.fetchOne(statement, arguments: [record.id.text, record.bodyDigest, messageUUID]) != nil
    }
}
