import Contracts
package import SMSCore

extension CancelTarget {
    /// How the table holds what a cancellation is about.
    package var columns: (kind: String, value: String) {
        switch self {
        case .command(let id): ("command", id.text)
        case .campaign(let id): ("campaign", id)
        }
    }
}

extension CampaignRecipient {
    /// The recipient once its command is being published.
    package var handing: CampaignRecipient {
        CampaignRecipient(
            position: position,
            key: key,
            values: values,
            state: .handing,
            messageUUID: messageUUID,
            error: error
        )
    }
}
