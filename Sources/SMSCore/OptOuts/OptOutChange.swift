package import Contracts

/// A change of the suppression list that is to be published.
package struct OptOutChange: Hashable, Sendable {
    /// What was changed; the word that its event is called by.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case optOut = "opt-out"
        case optIn = "opt-in"
    }

    /// Its place among the changes.
    ///
    /// Smaller ones were made earlier. No place is used twice.
    package let place: Int64
    package let kind: Kind
    /// The handset, E.164 with `+`; of one that was forgotten its digest.
    package let number: String
    /// Our sender as events show it, or `*`.
    package let sender: String
    /// Who made the change.
    package let source: OptOut.Source
    /// The words that were written.
    package let keyword: String?
    /// The provider's id of the message that says so.
    package let messageUUID: String?
    package let at: Timestamp

    /// A change in its place.
    package init(
        place: Int64,
        kind: Kind,
        number: String,
        sender: String,
        source: OptOut.Source,
        keyword: String?,
        messageUUID: String?,
        at: Timestamp
    ) {
        self.place = place
        self.kind = kind
        self.number = number
        self.sender = sender
        self.source = source
        self.keyword = keyword
        self.messageUUID = messageUUID
        self.at = at
    }
}
