package import Contracts

/// What has been seen of webhooks, so that a repeat is known and order can be judged.
package protocol ReceiptStore: Sendable {
    /// The receipts of a provider's message, oldest first.
    func receipts(of messageUUID: String) async throws -> [SeenReceipt]

    /// Notes a receipt whose event the broker (or the spool) has taken; a repeat of the same key changes nothing.
    func remember(_ receipt: SeenReceipt) async throws

    /// Whether an inbound message with this key has been published.
    func hasSeenInbound(_ key: String) async throws -> Bool

    /// Notes an inbound message.
    func rememberInbound(_ key: String, at: Timestamp) async throws

    /// Deletes receipts, inbound keys, moments of opt-ins and claims of answers noted before a moment, some thousand at a time; returns how
    /// many went.
    func sweepReceipts(before: Timestamp) async throws -> Int
}

/// A delivery receipt that has been published.
package struct SeenReceipt: Hashable, Sendable {
    package let messageUUID: String
    /// The command it belongs to; nil for a message that was not sent by us.
    package let commandID: CommandID?
    /// The status in the Messages API's vocabulary.
    package let status: String
    /// The provider's own time of it, as written.
    package let timestamp: String
    package let error: ReceiptError?
    package let seenAt: Timestamp
    /// How it came.
    package let source: ReceiptSource
    /// What the message cost, by this receipt.
    package let usage: Usage?

    /// A receipt as it was published.
    package init(
        messageUUID: String,
        commandID: CommandID?,
        status: String,
        timestamp: String,
        error: ReceiptError?,
        seenAt: Timestamp,
        source: ReceiptSource = .webhook,
        usage: Usage? = nil
    ) {
        self.messageUUID = messageUUID
        self.commandID = commandID
        self.status = status
        self.timestamp = timestamp
        self.error = error
        self.seenAt = seenAt
        self.source = source
        self.usage = usage
    }

    /// The natural key of a receipt: message, status, time and error code (the provider gives no event id).
    package var key: String { "\(messageUUID)/\(status)/\(timestamp)/\(error?.code ?? "")" }
}
