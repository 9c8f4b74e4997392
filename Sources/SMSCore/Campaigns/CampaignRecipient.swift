package import Contracts

/// A recipient as it is written into the ledger for the first time.
package struct CampaignEntry: Hashable, Sendable {
    /// What makes it unique in its campaign, see `CampaignRecipient.key`.
    package let key: String
    /// What the text's variables need; nil when there are none.
    package let values: [String: String]?
    /// Why it gets no message, where that is known from the start.
    package let error: EventError?

    /// An entry; with an error it is `invalid` from the start.
    package init(key: String, values: [String: String]?, error: EventError? = nil) {
        self.key = key
        self.values = values
        self.error = error
    }
}

/// A recipient of a campaign as the ledger has it.
package struct CampaignRecipient: Hashable, Sendable {
    /// Its place among the campaign's recipients, from 0.
    package let position: Int64
    /// The number's digits; what was written instead of a number, behind a `!`.
    package let key: String
    /// What the text's variables need; gone once the command is in the lane.
    package let values: [String: String]?
    package let state: RecipientState
    package let messageUUID: String?
    package let error: EventError?

    /// A recipient with all that is known of it.
    package init(
        position: Int64,
        key: String,
        values: [String: String]?,
        state: RecipientState,
        messageUUID: String?,
        error: EventError?
    ) {
        self.position = position
        self.key = key
        self.values = values
        self.state = state
        self.messageUUID = messageUUID
        self.error = error
    }

    /// The number; nil when what was written is none.
    package var number: PhoneNumber? { key.hasPrefix("!") ? nil : PhoneNumber(digits: key) }

    /// The number as answers show it, or what was written instead.
    package var shown: String { number?.e164 ?? String(key.dropFirst()) }
}
