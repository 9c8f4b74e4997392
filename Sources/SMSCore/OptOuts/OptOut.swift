package import Contracts

/// An entry of the suppression list: who is not written to, by whom, and why.
package struct OptOut: Hashable, Sendable {
    /// The sender of an entry that holds for all of them.
    package static let everySender = "*"
    /// What the digest of a forgotten number begins with, and no number does.
    package static let forgottenPrefix = "forgotten:"

    /// How an entry came about.
    package enum Source: String, Hashable, Sendable, CaseIterable, Codable {
        /// The handset wrote a keyword.
        case keyword
        case api
        /// A list that was read in.
        case `import`
        /// The provider refused a message because of it.
        case provider
    }

    /// The handset, E.164 with `+`; of one that was forgotten its digest.
    package let number: String
    /// Our sender as events show it, or `*`.
    package let sender: String
    package let source: Source
    /// The words that were written.
    package let keyword: String?
    /// The provider's id of the message that says so.
    package let messageUUID: String?
    package let at: Timestamp

    /// An entry with its evidence.
    package init(
        number: String,
        sender: String = OptOut.everySender,
        source: Source,
        keyword: String? = nil,
        messageUUID: String? = nil,
        at: Timestamp
    ) {
        self.number = number
        self.sender = sender
        self.source = source
        self.keyword = keyword
        self.messageUUID = messageUUID
        self.at = at
    }

    /// Why a message is not sent, for people.
    package var reason: String {
        let whom = sender == Self.everySender ? "all senders" : sender
        let how = keyword.map { "\(source.rawValue) \"\($0)\"" } ?? source.rawValue
        return "opted out of \(whom) since \(at.rfc3339) (\(how))"
    }
}
