import Contracts
import Logging
import SMSCore

/// Publishes the state of campaigns: their own events, replies, and outcomes of recipients that never became commands.
struct CampaignPublisher: Sendable {
    private let outlet: Outlet
    /// It counts nothing, because the ledger has these outcomes already.
    private let outcomes: OutcomePublisher
    private let events: OutboundEvents
    private let defaultSender: Sender?

    /// A publisher for campaigns; `defaultSender` is `VONAGE_NUMBER`.
    init(outlet: Outlet, defaultSender: Sender?) {
        self.outlet = outlet
        self.defaultSender = defaultSender
        outcomes = OutcomePublisher(outlet: outlet)
        events = OutboundEvents(names: outlet.names)
    }

    /// Publishes the state of a campaign, and when it goes on where it waits for windows, confirmed.
    ///
    /// - Throws: `CancellationError` alone, in practice.
    func publish(
        _ kind: CampaignEvent.Kind,
        of campaign: CampaignRecord,
        resumesAt: Timestamp? = nil
    ) async throws {
        let message = try events.message(kind, of: campaign, resumesAt: resumesAt, now: .now)
        try await outlet.publish(message, key: campaign.id.text, step: "publish campaign event", campaign.metadata)
    }

    /// Publishes that a campaign is invalid; with the same event id each time.
    ///
    /// - Throws: `CancellationError` alone.
    func publishInvalid(_ campaign: CampaignRecord) async throws {
        try await outcomes.publishEvent(of: campaign.refused(as: campaign.refusal))
    }

    /// Publishes outcomes of recipients that never became commands.
    ///
    /// - Throws: `CancellationError` alone.
    func publish(_ recipients: [CampaignRecipient], of campaign: CampaignRecord) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for recipient in recipients {
                guard let record = recipient.record(in: campaign, defaultSender: defaultSender) else { continue }
                group.addTask { try await outcomes.publishEvent(of: record) }
            }
            try await group.waitForAll()
        }
    }

    /// Publishes the outcome of a recipient's command, where no copy of the command is available.
    ///
    /// - Throws: `CancellationError` alone.
    func publish(_ record: MessageRecord) async throws {
        try await outcomes.publishEvent(of: record)
    }

    /// The record of a recipient's command of which nothing else is known.
    func command(to recipient: CampaignRecipient, of campaign: CampaignRecord) -> MessageRecord {
        recipient.command(in: campaign, defaultSender: defaultSender)
    }

    /// Replies with a campaign's end; best effort, because the event is published anyway.
    func reply(_ reply: CampaignReply, with campaign: CampaignRecord) async {
        var address = ReplyAddress(
            queue: reply.replyTo,
            correlationID: reply.correlationID ?? campaign.id.text,
            traceparent: nil
        )
        if campaign.state == .invalid || !campaign.problems.isEmpty {
            let settlement = campaign.refusal
            let record = campaign.refused(as: settlement)
            let event = events.outcome(settlement, of: record, isReused: reply.isReused)
            return await outlet.reply(event, to: address, record.metadata)
        }
        address.traceparent = campaign.traceparent
        let event = events.campaign(.completed, of: campaign, isReused: reply.isReused)
        await outlet.reply(event, to: address, campaign.metadata)
    }
}

extension CampaignRecord {
    /// Which campaign a log line is about.
    var metadata: Logger.Metadata { [BridgeLogKey.campaign.rawValue: "\(id)"] }

    /// The outcome of an invalid campaign.
    fileprivate var refusal: Settlement {
        Settlement(outcome: .invalid, messageUUID: nil, error: error, at: updatedAt)
    }

    /// An invalid campaign as a command that ended so.
    fileprivate func refused(as settlement: Settlement) -> MessageRecord {
        var facts = MessageFacts()
        facts.from = terms.from
        facts.metadata = terms.metadata
        facts.correlationID = correlationID
        facts.traceparent = traceparent
        var record = MessageRecord(id: id, bodyDigest: termsDigest, lane: .bulk, facts: facts, now: createdAt)
        record.replay = generation
        record.state = .settled(settlement)
        return record
    }
}

extension CampaignRecipient {
    /// A recipient that the campaign itself gave an outcome, as a command that ended so; nil when it has none.
    fileprivate func record(in campaign: CampaignRecord, defaultSender: Sender?) -> MessageRecord? {
        guard let outcome = state.outcome else { return nil }
        var record = command(in: campaign, defaultSender: defaultSender)
        let error = error ?? outcome.ownError(expiresAt: campaign.terms.expiresAt)
        record.state = .settled(
            Settlement(outcome: outcome, messageUUID: nil, error: error, at: campaign.updatedAt)
        )
        return record
    }

    /// A recipient's command without an outcome.
    fileprivate func command(in campaign: CampaignRecord, defaultSender: Sender?) -> MessageRecord {
        var facts = MessageFacts()
        facts.to = number?.e164
        facts.from = campaign.terms.from ?? defaultSender?.display
        facts.metadata = campaign.terms.metadata
        facts.campaignID = campaign.id.text
        facts.traceparent = campaign.traceparent
        return MessageRecord(
            id: .ofCampaign(campaign.id, recipient: key),
            bodyDigest: Digest.hex(Array(key.utf8)),
            lane: .bulk,
            facts: facts,
            now: campaign.createdAt
        )
    }
}

extension Outcome {
    /// Why a recipient has an outcome that the campaign gave it.
    fileprivate func ownError(expiresAt: Timestamp?) -> EventError {
        switch self {
        case .expired: EventError(.expired, detail: "expires_at was \(expiresAt?.rfc3339 ?? "")")
        default: EventError(.cancelled, detail: "its campaign was cancelled before it was sent")
        }
    }
}
