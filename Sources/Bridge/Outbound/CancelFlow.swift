import Contracts
import SMSCore

/// The path of a cancellation: noted first, so that it also meets commands that are not known yet; then what waits is
/// cancelled at once.
///
/// A command on its way to the provider looks for the note in the transaction that writes its intent, so a command is
/// never both cancelled and sent.
package struct CancelFlow: Sendable {
    private let outbound: OutboundFlow

    /// The cancellations of an outbound flow's commands.
    package init(of outbound: OutboundFlow) {
        self.outbound = outbound
    }

    /// Carries out a cancellation, to its ack.
    ///
    /// - Throws: `CancellationError` alone.
    package func handle(_ delivery: CommandDelivery) async throws {
        switch CancelCommand.read(delivery.message.body) {
        case .invalid(let problems):
            outbound.report.unidentified(delivery, problems.sentence)
            let reason = DeadLetterReason(.invalid, problems.sentence, firstSeen: .now)
            try await outbound.parts.outlet.deadLetter(delivery.message, reason)
        case .valid(.command(let id)):
            try await cancel(id)
        case .valid(.campaign(let campaign)):
            if try await campaigns?.isOver(campaign) == true { break }
            try await note(.campaign(campaign))
            try await campaigns?.cancel(campaign)
            try await cancel(ofCampaign: campaign)
        }
        _ = await delivery.ack()
    }

    // MARK: - The steps

    private func note(_ target: CancelTarget) async throws {
        try await retrier.untilDone("note cancellation") { try await store.cancel(target, at: .now) }
    }

    /// What is settled stays as it is, and a replay of it is not cancelled by a cancellation of the past.
    private func cancel(_ id: CommandID) async throws {
        let record = try await retrier.untilDone("look up") { try await store.record(of: id) }
        if let settlement = record?.settlement {
            // A process that crashed in between has written it down, and published nothing.
            if settlement.outcome == .cancelled, let record, !record.isPublished, record.wait > 0 {
                try await publish(record)
            }
            return
        }
        try await note(.command(id))
        let present = try await retrier.untilDone("look up") { try await store.record(of: id) }
        if let present { try await cancel(present) }
    }

    private func cancel(ofCampaign campaign: String) async throws {
        var last: CommandID?
        while true {
            let after = last
            let records = try await retrier.untilDone("list campaign") {
                try await store.pending(ofCampaign: campaign, after: after, limit: Self.page)
            }
            for record in records { try await cancel(record) }
            guard let id = records.last?.id, records.count == Self.page else { return }
            last = id
        }
    }

    /// Settles a command that has not been handed to the provider; on any other it does nothing.
    ///
    /// The outcome of one that waits in the broker is published now, for its copy may come back in months. Any other is
    /// in its lane, where its handler finds it settled and publishes the outcome. One that ends with a dead letter, for
    /// an earlier request of it may have arrived, is left to its copy, which alone has the dead letter's body.
    private func cancel(_ record: MessageRecord) async throws {
        var current: MessageRecord? = record
        while let record = current, case .pending = record.state {
            let cancelled = record.barred(by: .cancelled, retention: retention, now: .now)
            guard
                let settled = try await retrier.untilDone(
                    "cancel",
                    record.metadata,
                    { try await store.save(cancelled) }
                )
            else {
                current = try await retrier.untilDone("look up", record.metadata) {
                    try await store.record(of: record.id)
                }
                continue
            }
            if settled.wait > 0, settled.deadLetterAdvice == nil { try await publish(settled) }
            return
        }
    }

    private func publish(_ record: MessageRecord) async throws {
        try await outbound.outcomes.publishEvent(of: record)
        let published = record.published(at: .now)
        // Its copy may have come back meanwhile, and then published and counted the outcome.
        let written = try await retrier.untilDone("mark published", record.metadata) {
            try await store.save(published)
        }
        if written != nil { outbound.report.outcome(of: record) }
    }

    // MARK: - What the steps share

    /// How many of a campaign's records are read at a time.
    private static let page = 500

    private var store: any MessageStore { outbound.store }
    private var retrier: Retrier { outbound.retrier }
    private var campaigns: CampaignLedger? { outbound.parts.campaigns }
    /// Of the records that it settles.
    private var retention: Duration { outbound.policy.decision.retention }
}
