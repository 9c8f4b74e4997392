import Contracts
package import Logging
package import SMSCore

/// The path of a cancellation: noted first, so that it also meets commands that are not known yet; then what waits is
/// called back at once.
///
/// A command on its way to the provider looks for the note in the transaction that writes its intent, so there is no
/// moment in which both could win.
package struct CancelFlow: Sendable {
    private static let page = 500

    private let store: any MessageStore
    private let teller: OutboundTeller
    private let campaigns: CampaignLedger?
    private let insist: Insistence
    private let retention: Duration
    private let logger: Logger

    /// A flow; retention is that of the records that it settles.
    package init(
        store: any MessageStore,
        teller: OutboundTeller,
        campaigns: CampaignLedger? = nil,
        insistence: Insistence,
        retention: Duration,
        logger: Logger
    ) {
        self.store = store
        self.teller = teller
        self.campaigns = campaigns
        self.insist = insistence
        self.retention = retention
        self.logger = logger
    }

    /// Carries a cancellation out, to its ack.
    ///
    /// - Throws: `CancellationError` alone.
    package func handle(_ delivery: CommandDelivery) async throws {
        switch CancelCommand.read(delivery.message.body) {
        case .invalid(let problems):
            try await bury(delivery, problems)
        case .valid(.command(let id)):
            try await callBack(id)
        case .valid(.campaign(let campaign)):
            if try await campaigns?.isOver(campaign) == true { break }
            try await note(.campaign(campaign))
            try await campaigns?.cancel(campaign)
            try await callBack(campaign)
        }
        _ = await delivery.ack()
    }

    private func note(_ target: CancelTarget) async throws {
        try await insist.on("note cancellation") { try await store.cancel(target, at: .now) }
    }

    /// What is settled stays as it is, and a replay of it is not called back by a cancellation of the past.
    private func callBack(_ id: CommandID) async throws {
        let record = try await insist.on("look up") { try await store.record(of: id) }
        if let settlement = record?.settlement {
            // A process that died in between has written it down, and told nobody.
            if settlement.outcome == .cancelled, let record, !record.isPublished, record.wait > 0 {
                try await tell(record)
            }
            return
        }
        try await note(.command(id))
        let present = try await insist.on("look up") { try await store.record(of: id) }
        if let present { try await callBack(present) }
    }

    private func callBack(_ campaign: String) async throws {
        var last: CommandID?
        while true {
            let after = last
            let records = try await insist.on("list campaign") {
                try await store.pending(ofCampaign: campaign, after: after, limit: Self.page)
            }
            for record in records { try await callBack(record) }
            guard let id = records.last?.id, records.count == Self.page else { return }
            last = id
        }
    }

    /// Settles a command that has not been handed to the provider; on any other it does nothing.
    ///
    /// One that waits in the broker is told now, for its carrier may come back in months. Any other is in its lane, where
    /// whoever handles it finds it settled and tells. One that ends with a dead letter, for an earlier request of it may have
    /// arrived, is left to its carrier, which alone has the letter's body.
    private func callBack(_ record: MessageRecord) async throws {
        var current: MessageRecord? = record
        while let record = current, case .pending = record.state {
            let cancelled = record.barred(by: .cancelled, retention: retention, now: .now)
            guard let settled = try await insist.on("cancel", record.metadata, { try await store.save(cancelled) })
            else {
                current = try await insist.on("look up", record.metadata) { try await store.record(of: record.id) }
                continue
            }
            if settled.wait > 0, settled.deadLetterAdvice == nil { try await tell(settled) }
            return
        }
    }

    private func tell(_ record: MessageRecord) async throws {
        try await teller.announce(record)
        var told = record
        told.isPublished = true
        // Its carrier may have come back meanwhile, and then told and counted it.
        let isFirst = try await insist.on("mark told", record.metadata) { try await store.save(told) } != nil
        if isFirst { OutboundReport(logger: logger).outcome(of: record) }
    }

    private func bury(_ delivery: CommandDelivery, _ problems: [Problem]) async throws {
        let now = Timestamp.now
        OutboundReport(logger: logger).unidentified(delivery, problems.sentence)
        try await teller.bury(
            delivery.message,
            code: ErrorCode.invalid.rawValue,
            detail: problems.sentence,
            attempts: 0,
            firstSeen: now,
            lastSeen: now,
            advice: .fix
        )
    }
}
