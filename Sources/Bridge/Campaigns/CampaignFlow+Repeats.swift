import Contracts
import CoreMetrics
import Logging
import SMSCore

/// What is done with a repeat of a campaign's message, and with a message that is not a campaign.
extension CampaignFlow {
    /// A repeat of a campaign under way waits for its end; the end of one that is over is published again at once.
    func join(_ part: CampaignPart, _ campaign: CampaignRecord, isReused: Bool) async throws {
        guard campaign.state.isOver else { return try await note(part, campaign, isReused: isReused) }
        if campaign.state == .invalid {
            try await publisher.publishInvalid(campaign)
        } else {
            try await publisher.publish(.completed, of: campaign)
        }
        if let reply = part.reply(isReused: isReused) { await publisher.reply(reply, with: campaign) }
    }

    func note(_ part: CampaignPart, _ campaign: CampaignRecord, isReused: Bool) async throws {
        guard let reply = part.reply(isReused: isReused) else { return }
        try await retrier.untilDone("note reply", campaign.metadata) {
            try await store.addReply(reply, to: campaign.number)
        }
    }

    func reportReuse(_ campaign: CampaignRecord) {
        BridgeMetrics.reusedIDs().increment()
        logger.warning("a campaign's id came again with another body", metadata: campaign.metadata)
    }

    /// Dead-letters a message that no event can be published about.
    func deadLetter(_ delivery: CommandDelivery, _ code: ErrorCode, _ detail: String) async throws {
        logger.warning(
            "a campaign's message goes to the dead letters",
            metadata: [BridgeLogKey.problems.rawValue: "\(detail)"]
        )
        try await parts.outlet.deadLetter(delivery.message, DeadLetterReason(code, detail, firstSeen: now()))
        _ = await delivery.ack()
    }
}
