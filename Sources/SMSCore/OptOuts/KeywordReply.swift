package import Contracts

/// The one answer to a handset's STOP, START or HELP, as a command of its own.
///
/// The same message of the handset gives the same command, so that a repeat of its webhook sends nothing twice.
package struct KeywordReply: Hashable, Sendable {
    /// How long after the handset's message an answer may be sent: 5 minutes (47 CFR 64.1200(a)(12)).
    package static let life: Duration = .seconds(300)

    package let wish: OptOutKeywords.Wish
    package let handset: PhoneNumber
    /// Which of our numbers was written to, and answers.
    package let sender: Sender
    /// The provider's id of the handset's message.
    package let messageUUID: String
    package let text: String
    /// It is never sent after this.
    package let expiresAt: Timestamp

    /// The answer to a message; nil where nothing is answered: there is no text, the message is from a short code or a
    /// name, or it is older than 5 minutes.
    ///
    /// - Parameters:
    ///   - message: what the handset wrote.
    ///   - wish: what it asks for.
    ///   - texts: what is answered.
    ///   - now: the present; a message counts as written now where it has no time, or one in the future.
    package init?(to message: InboundMessage, wish: OptOutKeywords.Wish, texts: ReplyTexts, now: Timestamp) {
        guard case .number(let handset)? = Sender(message.from), let sender = Sender(message.to),
            let text = texts.text(for: wish, from: sender)
        else { return nil }
        self.wish = wish
        self.handset = handset
        self.sender = sender
        self.text = text
        messageUUID = message.messageUUID
        expiresAt = min(message.timestamp ?? now, now) + Self.life
        guard expiresAt > now else { return nil }
    }

    /// The command's id.
    package var id: CommandID {
        .ofReply(kind: wish.rawValue, handset: handset.e164, sender: sender.display, messageUUID: messageUUID)
    }

    /// The command's body.
    ///
    /// - Throws: only what JSON encoding throws.
    package func body() throws -> [UInt8] {
        try JSONBytes.encode([
            "to": handset.e164, "from": sender.display, "text": text, "expires_at": expiresAt.rfc3339,
        ])
    }
}
