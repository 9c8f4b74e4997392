package import Contracts

/// Which answers to handsets' keywords have been given, so that each gets one in a while.
package protocol ReplyStore: Sendable {
    /// Claims the answer to a message, in one transaction.
    ///
    /// The answer to a STOP that was claimed may pass the entry of the suppression list which its message has made: see
    /// `MessageStore.begin` and `MessageStore.bar`. Nothing outside the service can make a claim.
    ///
    /// - Parameters:
    ///   - claim: which answer.
    ///   - pause: how long there is no other answer to the handset, by the same number, of the same kind.
    /// - Returns: whether it may be sent; true again for a repeat of the message that was claimed last.
    /// - Throws: the store's error.
    func claimReply(_ claim: ReplyClaim, pause: Duration) async throws -> Bool
}

/// The claim to answer a message.
package struct ReplyClaim: Hashable, Sendable {
    /// The handset, E.164 with `+`.
    package let number: String
    /// Our sender as events show it.
    package let sender: String
    package let wish: OptOutKeywords.Wish
    /// The provider's id of the handset's message.
    package let messageUUID: String
    /// The command that answers.
    package let command: CommandID
    /// SHA-256 of its body; only this command passes the suppression list.
    package let bodyDigest: String
    package let at: Timestamp

    /// A claim made at a moment.
    package init(_ reply: KeywordReply, body: [UInt8], at: Timestamp) {
        number = reply.handset.e164
        sender = reply.sender.display
        wish = reply.wish
        messageUUID = reply.messageUUID
        command = reply.id
        bodyDigest = Digest.hex(body)
        self.at = at
    }
}

extension MessageRecord {
    /// Whether a store has to look for a claim of this command: it has the form of an answer's id.
    package var mayBeReply: Bool { id.text.hasPrefix("r:") }
}
