import Contracts
package import SMSCore

/// Who has been given which answer to a keyword.
extension ReplyStore where Self: SQLStore {
    package func claimReply(_ claim: ReplyClaim, pause: Duration) async throws -> Bool {
        let key = [claim.number.column, claim.sender.column, claim.wish.rawValue.column]
        let arguments =
            key + [
                claim.messageUUID.column, claim.command.text.column, claim.bodyDigest.column, claim.at.column,
                pause.wholeMilliseconds.column,
            ]
        return try await change(.other) { connection in
            // A claim in the future was made under a wrong clock and keeps nothing back.
            let sql = """
                INSERT INTO reply (number, sender, wish, message_uuid, command_id, body_digest, at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (number, sender, wish) DO UPDATE SET message_uuid = ?4, command_id = ?5, body_digest = ?6,
                    at = ?7
                WHERE reply.message_uuid <> ?4 AND (reply.at <= ?7 - ?8 OR reply.at > ?7)
                """
            try connection.change(sql, arguments)
            let standing = "SELECT message_uuid FROM reply WHERE number = ? AND sender = ? AND wish = ?"
            return try connection.value(standing, key) == claim.messageUUID
        }
    }
}

extension SQLConnection {
    /// What of the suppression list forbids to send a command; `entry` finds what forbids a sender to write to its recipient.
    package func optOutBar(on record: MessageRecord, by entry: (_ sender: String) throws -> OptOut?) throws -> Bar? {
        guard let optOut = try entry(record.facts.from ?? OptOut.everySender) else { return nil }
        guard try isReply(record, to: optOut) else { return .optedOut(optOut) }
        // The answer to a STOP passes the entry that this STOP has made, and no other.
        guard let forAll = try entry(OptOut.everySender) else { return nil }
        return try isReply(record, to: forAll) ? nil : .optedOut(forAll)
    }

    /// Whether a command is the claimed answer to the STOP that has made an entry of the suppression list.
    private func isReply(_ record: MessageRecord, to optOut: OptOut) throws -> Bool {
        guard record.mayBeReply, let messageUUID = optOut.messageUUID else { return false }
        let sql = """
            SELECT 1 FROM reply WHERE command_id = ? AND body_digest = ? AND message_uuid = ? AND wish = 'stop'
            """
        return try value(sql, [record.id.text.column, record.bodyDigest.column, messageUUID.column]) == 1
    }
}
