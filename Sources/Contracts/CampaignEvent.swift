/// How a campaign stands: the `data` of `sms.campaign.<started|progress|completed>` (docs/asyncapi.yaml).
///
/// The outcomes and `pending` add up to `recipients`.
package struct CampaignEvent: Hashable, Sendable, Codable {
    package var campaignID: String
    /// Unique numbers.
    package var recipients: Int
    package var accepted: Int
    package var rejected: Int
    package var failed: Int
    package var suppressed: Int
    package var expired: Int
    package var invalid: Int
    package var cancelled: Int
    /// Those for whom it is not known yet whether their message was sent.
    package var uncertain: Int
    package var pending: Int
    /// How often a number came again.
    package var duplicates: Int
    /// `collecting`, `running`, `paused`, `cancelling`, `completed`, `cancelled` or `invalid`.
    package var state: String
    /// When the first window opens, where all that is in the lane waits for its window; RFC 3339 in UTC.
    package var resumesAt: String?
    /// Set when the same id came with another campaign.
    package var idReused: Bool?
    /// Why a campaign is `invalid`; for those who ask about it.
    package var error: EventError?
    /// Fields that were ignored and look like misspelt ones.
    package var warnings: [Problem]?

    /// A campaign with no recipients.
    package init(campaignID: String, state: String) {
        self.campaignID = campaignID
        self.state = state
        recipients = 0
        accepted = 0
        rejected = 0
        failed = 0
        suppressed = 0
        expired = 0
        invalid = 0
        cancelled = 0
        uncertain = 0
        pending = 0
        duplicates = 0
    }

    /// Whether nothing is going to change any more.
    package var isOver: Bool { state == "completed" || state == "cancelled" || state == "invalid" }

    private enum CodingKeys: String, CodingKey {
        case recipients, accepted, rejected, failed, suppressed, expired, invalid, cancelled, uncertain, pending
        case duplicates, state, error, warnings
        case campaignID = "campaign_id"
        case idReused = "id_reused"
        case resumesAt = "resumes_at"
    }

    /// What an event says about a campaign.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case started
        case progress
        case completed

        /// The event's type.
        package var type: String { "sms.campaign.\(rawValue)" }
        /// The routing key at `sms.outbound`.
        package var routingKey: String { "campaign.\(rawValue)" }
    }
}
