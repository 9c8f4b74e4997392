import Contracts
import CoreMetrics
import Logging
import SMSCore

/// What becomes of a campaign's message that comes again, and of one that is none.
extension CampaignFlow {
    /// A repeat of a campaign under way waits for its end; of one that is over it is told at once.
    func join(_ part: CampaignPart, _ campaign: CampaignRecord, isReused: Bool) async throws {
        guard campaign.state.isOver else { return try await note(part, campaign, isReused: isReused) }
        if campaign.state == .invalid {
            try await teller.tellInvalid(campaign)
        } else {
            try await teller.tell(.completed, of: campaign)
        }
        if let reply = part.reply(isReused: isReused) { await teller.reply(reply, with: campaign) }
    }

    func note(_ part: CampaignPart, _ campaign: CampaignRecord, isReused: Bool) async throws {
        guard let reply = part.reply(isReused: isReused) else { return }
        try await insist.on("note reply", campaign.metadata) { try await store.addReply(reply, to: campaign.number) }
    }

    func reportReuse(_ campaign: CampaignRecord) {
        BridgeMetrics.reusedIDs().increment()
        logger.warning("a campaign's id came again with another body", metadata: campaign.metadata)
    }

    func bury(_ delivery: CommandDelivery, _ code: ErrorCode, _ detail: String) async throws {
        logger.warning(
            "a campaign's message goes to the dead letters",
            metadata: [BridgeLogKey.problems.rawValue: "\(detail)"]
        )
        let now = now()
        try await teller.bury(delivery.message, code: code, detail: detail, firstSeen: now, now: now)
        _ = await delivery.ack()
    }
}
