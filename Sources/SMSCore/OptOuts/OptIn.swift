package import Contracts

/// The wish to be written to again: it takes an entry off the suppression list.
package struct OptIn: Hashable, Sendable {
    /// The handset, E.164 with `+`.
    package let number: String
    /// Our sender as events show it, or `*` for the entry that holds for all.
    package let sender: String
    /// Who asks for it.
    package let source: OptOut.Source
    /// The words that were written.
    package let keyword: String?
    /// The provider's id of the message that says so.
    package let messageUUID: String?
    /// When it was asked for.
    package let at: Timestamp

    /// A wish with its evidence.
    package init(
        number: String,
        sender: String,
        source: OptOut.Source,
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

    /// Whether it has to be later than the entry that it takes away; who keeps the list has seen that.
    package var hasToBeLater: Bool { source == .keyword }
}
