package import Contracts

/// A message from a handset.
///
/// Numbers stand as received: digits, short codes or names.
package struct InboundMessage: Hashable, Sendable {
    /// The provider's id.
    package var messageUUID: String
    /// Who sent it.
    package var from: String
    /// Our number.
    package var to: String
    /// What it says; empty for a binary message.
    package var text: String
    /// The first word, upper case, as the provider made it.
    package var keyword: String?
    /// Of how many SMS it was put together.
    package var segments: Int?
    /// When the provider got it; nil where no time can be read.
    package var timestamp: Timestamp?
    /// What it cost.
    package var usage: Usage?
    /// The sender's network (MCC and MNC).
    package var networkCode: String?
    /// Which piece of a long message this is, where the provider hands pieces on one by one.
    package var part: InboundEvent.Part?
    /// The content of a binary message in hexadecimal.
    package var dataHex: String?

    /// A message with what every one has.
    package init(messageUUID: String, from: String, to: String, text: String) {
        self.messageUUID = messageUUID
        self.from = from
        self.to = to
        self.text = text
    }
}
