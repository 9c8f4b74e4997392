package import Contracts

/// Reads a provider's webhooks: proves where each comes from, and says what it says in our words.
///
/// It must remember nothing but what it needs to prove: whether a webhook is news is for others to decide.
package protocol WebhookReader: Sendable {
    /// Reads one webhook; nothing is thrown, for every fault has a reading.
    ///
    /// - Parameters:
    ///   - webhook: the request as received.
    ///   - now: the time of day, for a signature's age.
    /// - Returns: what it says, or why it is turned away or not understood.
    func read(_ webhook: UnverifiedWebhook, now: Timestamp) -> WebhookReading
}

/// What came of reading a webhook.
package enum WebhookReading: Hashable, Sendable {
    /// It did not prove where it comes from.
    case refused(RefusedWebhook)
    /// It was proved, and lacks what nothing can be done without.
    case notUnderstood(UnreadableWebhook)
    /// What became of a message that we sent.
    case receipt(ReceiptReport)
    /// A message from a handset.
    case message(InboundMessage)
    /// A webhook of another channel (MMS, WhatsApp …) that shares the address; `payload` is its JSON as received.
    case otherChannel(name: String, payload: [UInt8])
}

/// A proved webhook that cannot be understood, as far as it may be kept.
package struct UnreadableWebhook: Hashable, Sendable {
    /// Everything that was missing or wrong; no values, so no number and no text.
    package var problems: [String]
    /// The `Content-Type` of a body.
    package var contentType: String?
    /// What was proved of it, without our own secrets: the body, or the query where it had none.
    package var payload: [UInt8]
    /// Whether anything was asked of it: a signature, the token, or an address; if not, anybody may have sent it.
    package var isChecked: Bool

    /// A webhook with what is wrong with it.
    package init(problems: [String], contentType: String?, payload: [UInt8], isChecked: Bool = true) {
        self.problems = problems
        self.contentType = contentType
        self.payload = payload
        self.isChecked = isChecked
    }
}
