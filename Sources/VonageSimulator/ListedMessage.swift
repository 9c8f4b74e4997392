import FoundationEssentials

/// A message as `GET /simulator/messages` and the page show it: itself, how it travels, and what became of it.
struct ListedMessage: Encodable {
    private let message: SimulatedMessage
    private let parts: SMSParts
    private let fault: String?
    private let receipts: [ListedAttempt]?

    private enum Key: String, CodingKey { case fault, receipts }

    /// Lists a message.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - fault: the fault that was applied to it, as far as it is still known.
    ///   - receipts: the attempts to deliver its receipts that are still known; `nil` leaves the member out.
    init(_ message: SimulatedMessage, fault: String?, receipts: [SimulatedWebhook]?) {
        self.message = message
        self.fault = fault
        self.receipts = receipts?.map(ListedAttempt.init)
        parts = SMSParts(message.text, encodingType: message.encodingType)
    }

    func encode(to encoder: any Encoder) throws {
        try message.encode(to: encoder)
        try parts.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(fault, forKey: .fault)
        try container.encodeIfPresent(receipts, forKey: .receipts)
    }
}

/// A message from a handset as `GET /simulator/inbound` and the page show it.
struct ListedInbound: Encodable {
    private let messageUUID: String
    private let from: String
    private let to: String
    private let text: String
    private let receivedAt: String
    private let deliveries: [ListedAttempt]

    private enum CodingKeys: String, CodingKey {
        case from, to, text, deliveries
        case messageUUID = "message_uuid"
        case receivedAt = "received_at"
    }

    /// Lists a message.
    ///
    /// - Parameters:
    ///   - message: what the handset sent.
    ///   - deliveries: the attempts to deliver it that are still known.
    init(_ message: SimulatedInbound, deliveries: [SimulatedWebhook]) {
        messageUUID = message.messageUUID
        from = message.from
        to = message.to
        text = message.text
        receivedAt = SimulatorTime.text(SimulatorTime.date(milliseconds: message.receivedAt))
        self.deliveries = deliveries.map(ListedAttempt.init)
    }
}

/// One attempt to deliver a webhook, without the message that it is about.
struct ListedAttempt: Encodable {
    private let status: String?
    private let attempt: Int
    private let answer: Int?
    private let at: String?

    /// Lists an attempt.
    ///
    /// - Parameter webhook: the attempt.
    init(_ webhook: SimulatedWebhook) {
        status = webhook.status
        attempt = webhook.attempt
        answer = webhook.answer
        at = webhook.at
    }
}
