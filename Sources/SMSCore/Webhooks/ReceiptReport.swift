package import Contracts

/// A delivery receipt: what the provider says became of a message.
///
/// Numbers stand as received: digits, short codes or names.
package struct ReceiptReport: Hashable, Sendable {
    /// The provider's id of the message.
    package var messageUUID: String
    /// Whom the message went to.
    package var to: String
    /// Whom it came from: our number or name; empty where the receipt does not say.
    package var from: String
    /// What became of it: `submitted`, an end (``ReceiptOrdering/finalStatuses``), or another word of the provider, lower case.
    package var status: String
    /// The status as received.
    package var providerStatus: String
    /// When it became so; nil where no time can be read.
    package var timestamp: Timestamp?
    /// The reference given with the message (``OutgoingSMS/reference``).
    package var reference: String?
    /// Why it was not delivered; it may stand beside any status, and the status decides.
    package var error: ReceiptError?
    /// `unknown` where the provider reports a failure and yet may have delivered.
    package var certainty: Certainty?
    /// Whether the provider says that the recipient has opted out of our sender.
    package var saysOptedOut: Bool
    /// What it cost.
    package var usage: Usage?
    /// How many SMS it took.
    package var segments: Int?
    /// The recipient's network (MCC and MNC).
    package var networkCode: String?

    /// A receipt with what every one has.
    package init(messageUUID: String, to: String, from: String, status: String, providerStatus: String) {
        self.messageUUID = messageUUID
        self.to = to
        self.from = from
        self.status = status
        self.providerStatus = providerStatus
        saysOptedOut = false
    }
}
