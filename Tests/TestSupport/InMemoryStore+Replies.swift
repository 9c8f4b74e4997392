import Contracts
package import SMSCore

extension InMemoryStore: ReplyStore {
    package func claimReply(_ claim: ReplyClaim, pause: Duration) async throws -> Bool {
        if let failure { throw failure }
        let key = "\(claim.number) \(claim.sender) \(claim.wish)"
        if let last = replies[key] {
            if last.messageUUID == claim.messageUUID { return true }
            if last.at > claim.at - pause, last.at <= claim.at { return false }
        }
        replies[key] = claim
        return true
    }

    /// Whether a command is the claimed answer to the STOP that has made an entry.
    func isReply(_ record: MessageRecord, to optOut: OptOut) -> Bool {
        record.mayBeReply
            && replies.values.contains { claim in
                claim.command == record.id && claim.bodyDigest == record.bodyDigest && claim.wish == .stop
                    && claim.messageUUID == optOut.messageUUID
            }
    }
}
