import Contracts
import CoreMetrics
import Logging
import SMSCore
import Synchronization

/// How a campaign's worker publishes the state of campaigns, and ends them.
extension CampaignWorker {
    /// How many recipients one step settles by itself.
    private static let settlingSlice = 2_000
    /// The shortest time between two events about a campaign.
    private static let progressInterval: Duration = .seconds(5)
    /// How often a cancellation is noted again while commands of its campaign are under way; a note is kept for a day.
    private static let noteInterval: Duration = .seconds(3600)

    func publish(
        _ kind: CampaignEvent.Kind,
        of campaign: CampaignRecord,
        resumesAt: Timestamp? = nil
    ) async throws {
        try await flow.publisher.publish(kind, of: campaign, resumesAt: resumesAt)
        if kind == .started { try flow.passed(.startPublished) }
        try await retrier.untilDone("note published", campaign.metadata) {
            try await store.noteCampaignPublished(campaign.number, at: flow.now())
        }
        if kind == .started { try flow.passed(.startNoted) }
        guard kind == .progress else { return }
        memory.withLock { $0.published[campaign.number] = Progress(version: campaign.version, resumesAt: resumesAt) }
    }

    /// Due five seconds after the last event, once for each version of the campaign and each time at which it goes on.
    func isProgressDue(_ campaign: CampaignRecord, resumesAt: Timestamp?) -> Bool {
        guard let publishedAt = campaign.publishedAt else { return false }
        // A publish in the future was made under a clock that was corrected since.
        let since = flow.now() - publishedAt
        guard since >= Self.progressInterval || since < .zero else { return false }
        let progress = Progress(version: campaign.version, resumesAt: resumesAt)
        return memory.withLock { $0.published[campaign.number] } != progress
    }

    func publishOwnOutcomes(of campaign: CampaignRecord) async throws -> Bool {
        let unpublished = try await retrier.untilDone("list recipients", campaign.metadata) {
            try await store.unpublishedRecipients(of: campaign.number, limit: Self.slice)
        }
        try await flow.publisher.publish(unpublished, of: campaign)
        try flow.passed(.ownOutcomesPublished)
        try await retrier.untilDone("note published", campaign.metadata) {
            try await store.noteRecipientsPublished(unpublished.map(\.position), of: campaign.number)
        }
        for outcome in unpublished.compactMap(\.state.outcome) {
            BridgeMetrics.received(.bulk).increment()
            BridgeMetrics.commands(.bulk, outcome).increment()
        }
        try flow.passed(.ownOutcomesNoted)
        return true
    }

    func settleWaiting(of campaign: CampaignRecord, as outcome: Outcome) async throws {
        // A reader of the counts sees all at once; the events follow.
        while try await retrier.untilDone(
            "settle waiting",
            campaign.metadata,
            {
                try await store.settleWaiting(
                    of: campaign.number,
                    as: outcome,
                    limit: Self.settlingSlice,
                    at: flow.now()
                )
            }
        ) == Self.settlingSlice {}
        try flow.passed(.waitingSettled)
    }

    func complete(_ campaign: CampaignRecord) async throws {
        var ended = campaign
        ended.state = campaign.state == .cancelling ? .cancelled : .completed
        try await flow.publisher.publish(.completed, of: ended)
        try flow.passed(.endPublished)
        try await flow.end(ended, as: ended.state)
        memory.withLock { memory in
            memory.published[campaign.number] = nil
            memory.notedAt[campaign.number] = nil
            memory.collectingSince[campaign.number] = nil
            memory.searchedAt[campaign.number] = nil
        }
        var metadata = campaign.metadata
        metadata[BridgeLogKey.outcome.rawValue] = "\(ended.state.rawValue)"
        metadata[BridgeLogKey.count.rawValue] = .stringConvertible(campaign.counts.recipients)
        flow.logger.info("a campaign is over", metadata: metadata)
    }

    /// A command that is under way for longer than a cancellation is kept must not be sent either.
    func renewNote(of campaign: CampaignRecord) async throws {
        let now = flow.now()
        let isDue = memory.withLock { memory in
            if let notedAt = memory.notedAt[campaign.number], notedAt <= now, now - notedAt < Self.noteInterval {
                return false
            }
            memory.notedAt[campaign.number] = now
            return true
        }
        guard isDue else { return }
        try await retrier.untilDone("note cancellation", campaign.metadata) {
            try await flow.messages.cancel(.campaign(campaign.id.text), at: now)
        }
    }
}
