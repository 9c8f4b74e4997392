/// The body of the `send.bulk` command that a campaign's recipient becomes.
package struct CampaignMessage: Hashable, Sendable, Encodable {
    private let to: String
    private let text: String
    private let from: String?
    private let metadata: [String: String]?
    private let sendAt: Timestamp?
    private let expiresAt: Timestamp?
    private let smartEncoding: Bool?
    private let maxSegments: Int?
    private let window: SendWindow?
    private let campaignID: String

    /// A message to one number with its text.
    package init(campaign: CommandID, terms: CampaignTerms, to: String, text: String) {
        self.to = to
        self.text = text
        from = terms.from
        metadata = terms.metadata
        sendAt = terms.sendAt
        expiresAt = terms.expiresAt
        smartEncoding = terms.smartEncoding ? true : nil
        maxSegments = terms.maxSegments
        window = terms.window
        campaignID = campaign.text
    }

    private enum CodingKeys: String, CodingKey {
        case to, text, from, metadata, window
        case sendAt = "send_at"
        case expiresAt = "expires_at"
        case smartEncoding = "smart_encoding"
        case maxSegments = "max_segments"
        case campaignID = "campaign_id"
    }
}
