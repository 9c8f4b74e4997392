import Contracts
import CoreMetrics
import Logging
import SMSCore
import Synchronization

/// The end of recipients whose commands are lost: purged from a queue, or dead-lettered by the broker or unread.
///
/// Such a command still gets an outcome, so that its campaign ends: `expired` an hour after `expires_at`, or without
/// that `failed` (`too_old`), once it has been under way as long as records are kept. The outcome is written into the
/// command's record, if that has not changed meanwhile; a copy that still comes finds it settled, and is not sent.
extension CampaignWorker {
    /// How often a campaign is searched.
    private static let searchInterval: Duration = .seconds(60)
    /// How long after `expires_at` a command may take to expire by itself.
    private static let expiryMargin: Duration = .seconds(3_600)

    /// A command that is under way since before this moment counts as lost, and ends with this outcome.
    private struct Loss {
        let since: Timestamp
        let outcome: Outcome
        let error: EventError
        let now: Timestamp
    }

    /// Ends the lost commands of a campaign; returns whether there were any.
    func endLost(of campaign: CampaignRecord) async throws -> Bool {
        guard campaign.counts[.handed] + campaign.counts[.uncertain] > 0, let loss = currentLoss(of: campaign),
            isSearchDue(campaign)
        else { return false }
        var ended = 0
        var last: Int64 = -1
        while true {
            let after = last
            let page = try await retrier.untilDone("list recipients", campaign.metadata) {
                try await store.recipientsUnderWay(
                    of: campaign.number,
                    since: loss.since,
                    after: after,
                    limit: Self.slice
                )
            }
            for recipient in page where try await end(recipient, of: campaign, loss) { ended += 1 }
            guard let position = page.last?.position, page.count == Self.slice else { break }
            last = position
        }
        guard ended > 0 else { return false }
        var metadata = campaign.metadata
        metadata[BridgeLogKey.outcome.rawValue] = "\(loss.outcome.rawValue)"
        metadata[BridgeLogKey.count.rawValue] = .stringConvertible(ended)
        flow.logger.warning("commands of a campaign are lost, and end without an answer", metadata: metadata)
        return true
    }

    private func currentLoss(of campaign: CampaignRecord) -> Loss? {
        guard let now = soundNow() else { return nil }
        if let expiresAt = campaign.terms.expiresAt {
            guard now >= expiresAt + Self.expiryMargin else { return nil }
            let error = EventError(.expired, detail: "expires_at was \(expiresAt.rfc3339)")
            return Loss(since: now, outcome: .expired, error: error, now: now)
        }
        let since = now - flow.policy.retention
        if let sendAt = campaign.terms.sendAt, sendAt > since { return nil }
        let detail = "it has been under way for longer than records are kept, and nothing was heard of it"
        return Loss(since: since, outcome: .failed, error: EventError(.tooOld, detail: detail), now: now)
    }

    private func isSearchDue(_ campaign: CampaignRecord) -> Bool {
        let now = watch.elapsed()
        return memory.withLock { memory in
            if let searchedAt = memory.searchedAt[campaign.number], now - searchedAt < Self.searchInterval {
                return false
            }
            memory.searchedAt[campaign.number] = now
            return true
        }
    }

    /// Settles, publishes and counts one recipient's command; returns false when it is not lost.
    private func end(
        _ recipient: CampaignRecipient,
        of campaign: CampaignRecord,
        _ loss: Loss
    ) async throws -> Bool {
        guard recipient.number != nil else { return false }
        let id = CommandID.ofCampaign(campaign.id, recipient: recipient.key)
        while true {
            let known = try await retrier.untilDone("look up", campaign.metadata) {
                try await flow.messages.record(of: id)
            }
            var record = known ?? flow.publisher.command(to: recipient, of: campaign)
            if record.settlement == nil {
                guard known.map({ isLost($0, loss) }) ?? true else { return false }
                let lost = record.settled(verdict(on: record, loss), retention: flow.policy.retention)
                let written = try await retrier.untilDone("settle", campaign.metadata) {
                    try await flow.messages.save(lost)
                }
                // A copy of the command is being handled after all.
                guard let written else { continue }
                record = written
            }
            guard let settlement = record.settlement else { return false }
            // The writer that settled it just now also publishes it, with its reply.
            if known?.settlement != nil, !record.isPublished, settlement.at > loss.now - Self.expiryMargin {
                return false
            }
            if !record.isPublished { try await flow.publisher.publish(record) }
            let isCounted = try await retrier.untilDone("count outcome", campaign.metadata) {
                try await store.settleRecipient(
                    recipient.key,
                    ofCampaign: campaign.id,
                    as: settlement.outcome,
                    messageUUID: settlement.messageUUID,
                    error: settlement.error,
                    at: flow.now()
                )
            }
            guard !record.isPublished else { return isCounted }
            let marked = record.published(at: flow.now())
            if try await retrier.untilDone(
                "mark published",
                campaign.metadata,
                { try await flow.messages.save(marked) }
            )
                != nil
            {
                if known == nil { BridgeMetrics.received(.bulk).increment() }
                BridgeMetrics.commands(.bulk, settlement.outcome).increment()
            }
            return true
        }
    }

    /// A known command is lost when nothing was done for it for as long as records are kept; there is no wait for one
    /// that has expired and is not at the provider.
    private func isLost(_ record: MessageRecord, _ loss: Loss) -> Bool {
        if loss.outcome == .expired, record.state == .pending { return true }
        return max(record.updatedAt, record.notBefore ?? record.updatedAt) <= loss.now - flow.policy.retention
    }

    /// If it was being sent, now or in an earlier attempt, it is not known whether it arrived.
    private func verdict(on record: MessageRecord, _ loss: Loss) -> Settlement {
        guard record.mayHaveReachedHandset else {
            return Settlement(outcome: loss.outcome, messageUUID: nil, error: loss.error, at: flow.now())
        }
        let error = EventError(.uncertain, detail: "it was being sent, and nothing was heard of it since")
        return Settlement(outcome: .failed, messageUUID: nil, error: error, at: flow.now())
    }
}
