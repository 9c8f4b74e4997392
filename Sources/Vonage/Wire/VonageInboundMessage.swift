package import FoundationEssentials

/// A message from a handset.
///
/// Numbers stand as received: digits, short codes or names.
package struct VonageInboundMessage: Sendable, Equatable {
    /// A piece of a long message: the older API hands them on one by one, in any order.
    package struct Part: Sendable, Equatable {
        /// Common to all parts of one message.
        package let reference: String
        /// Which one, from 1.
        package let number: Int
        /// Of how many.
        package let total: Int
    }

    /// The provider's id; a UUID in the Messages API, hexadecimal in the older one.
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
    /// When the provider got it.
    package var timestamp: Date?
    /// What it cost.
    package var usage: VonageUsage?
    /// The sender's network (MCC and MNC).
    package var networkCode: String?
    /// Which piece of a long message this is; older API only.
    package var part: Part?
    /// The content of a binary message in hexadecimal; older API only.
    package var binary: String?
    /// Which format it came in.
    package var format: VonageFormat
    /// The account it belongs to; older API only.
    package var apiKey: String?
}
