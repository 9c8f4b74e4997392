import Contracts
package import SMSCore

/// Answers a handset's STOP, START and HELP: as a command of its own, through the ledger like any other.
///
/// The command's id follows from the handset's message, so that a repeat of the webhook, or a crash at any step, sends
/// nothing twice. It goes in front of everything in the lane, through the queue of what has waited.
package struct KeywordReplies: Sendable {
    private let store: any OptOutStore & ReplyStore
    private let texts: ReplyTexts
    private let pause: Duration
    private let outlet: Outlet

    /// Answers.
    ///
    /// - Parameters:
    ///   - store: the suppression list, and which answers have been given.
    ///   - texts: what is answered; without a text nothing is.
    ///   - pause: how long there is no other answer to a handset, by one number, of one kind: `REPLY_PAUSE`.
    ///   - outlet: publishes the command.
    package init(store: any OptOutStore & ReplyStore, texts: ReplyTexts, pause: Duration, outlet: Outlet) {
        self.store = store
        self.texts = texts
        self.pause = pause
        self.outlet = outlet
    }

    /// Answers a message, where that is due.
    ///
    /// - Parameters:
    ///   - message: what the handset wrote; the list is changed by it already.
    ///   - wish: what it asks for.
    ///   - now: the present.
    ///   - passed: called once the answer is claimed.
    /// - Returns: false when the command could not be kept, for the spool is full.
    /// - Throws: what the store throws.
    func answer(
        _ message: InboundMessage,
        _ wish: OptOutKeywords.Wish,
        now: Timestamp,
        _ passed: (InboundStep) throws -> Void
    ) async throws -> Bool {
        guard let reply = KeywordReply(to: message, wish: wish, texts: texts, now: now) else { return true }
        let optOut = try await store.optOut(of: reply.handset.e164, sender: reply.sender.display)
        // Only the STOP that has set the list is confirmed; and who is on it gets nothing else.
        guard wish == .stop ? optOut?.messageUUID == reply.messageUUID : optOut == nil else { return true }
        let body = try reply.body()
        guard try await store.claimReply(ReplyClaim(reply, body: body, at: now), pause: pause) else { return true }
        try passed(.replyClaimed)
        var command = BrokerMessage.command(
            body,
            .message(.send),
            names: outlet.names,
            id: reply.id.text,
            at: now
        )
        // As what comes back from a wait, it is taken before the lane and before others at the gate.
        command.exchange = outlet.names.due
        command.properties.headers["sms-wait"] = .integer(1)
        return try await outlet.offer(command, key: reply.id.text) != .full
    }
}
