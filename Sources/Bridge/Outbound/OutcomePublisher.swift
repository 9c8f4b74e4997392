import Contracts
import Logging
import SMSCore

/// Publishes the outcome of a command: dead letter where due, event, reply, each confirmed before the next.
struct OutcomePublisher: Sendable {
    private let outlet: Outlet
    private let events: OutboundEvents
    private let campaigns: CampaignLedger?
    private let passed: OutboundStep.Hook

    /// A publisher of outcomes.
    ///
    /// - Parameters:
    ///   - outlet: publishes to the broker.
    ///   - campaigns: counts the outcomes of campaigns' commands; nil counts none.
    ///   - onStep: called after each step.
    init(outlet: Outlet, campaigns: CampaignLedger? = nil, onStep: @escaping OutboundStep.Hook = { _ in }) {
        self.outlet = outlet
        self.campaigns = campaigns
        events = OutboundEvents(names: outlet.names)
        passed = onStep
    }

    /// What of a settled command's outcome is published.
    enum Extent: Hashable, Sendable {
        /// The first time: dead letter where due, event, reply.
        case everything
        /// For a repeat from outside: event and reply.
        case eventAndReply
        /// For a copy that waited for another to be carried out: its own reply.
        case reply
    }

    /// Publishes a settled command's outcome for a copy of the command.
    ///
    /// - Parameters:
    ///   - record: the command's record, settled.
    ///   - command: the copy; its body becomes the dead letter, and its `reply_to` gets the reply.
    ///   - extent: how much is published.
    ///   - isReused: whether this copy has another body than the command that was carried out.
    /// - Throws: `CancellationError` alone; what the broker does not take is tried until it does.
    func publish(_ record: MessageRecord, for command: OpenedCommand, _ extent: Extent, isReused: Bool) async throws {
        guard let settlement = record.settlement else { return }
        if extent == .everything, let reason = record.deadLetterReason {
            try await outlet.deadLetter(command.delivery.message, reason)
            try passed(.deadLetterPublished)
        }
        let event = events.outcome(settlement, of: record, isReused: isReused)
        if extent != .reply {
            try await publish(event, settlement.outcome, of: record)
            try passed(.eventPublished)
        }
        try await campaigns?.count(settlement, of: record, by: command.delivery.message)
        await outlet.reply(event, to: command.replyAddress, [BridgeLogKey.id.rawValue: "\(command.id)"])
        try passed(.replyPublished)
    }

    /// Publishes a settled command's outcome as its event alone, where no copy of the command is available.
    ///
    /// - Throws: `CancellationError` alone.
    func publishEvent(of record: MessageRecord) async throws {
        guard let settlement = record.settlement else { return }
        try await publish(events.outcome(settlement, of: record), settlement.outcome, of: record)
        try await campaigns?.count(settlement, of: record)
    }

    /// Publishes that it is not known whether a command was sent.
    ///
    /// - Parameters:
    ///   - record: in state `uncertain`.
    ///   - error: what is known.
    /// - Throws: `CancellationError` alone.
    func publishUncertain(_ record: MessageRecord, _ error: EventError) async throws {
        let doubt = Settlement(outcome: .uncertain, messageUUID: nil, error: error, at: record.updatedAt)
        try await publish(events.outcome(doubt, of: record), .uncertain, of: record)
        try await campaigns?.count(doubt, of: record)
    }

    private func publish(_ event: CloudEvent<OutboundEvent>, _ outcome: Outcome, of record: MessageRecord) async throws
    {
        let message = try events.message(event, outcome, of: record, now: .now)
        try await outlet.publish(message, key: record.id.text, step: "publish event", record.metadata)
    }
}

extension OpenedCommand {
    /// Where this copy's reply is sent.
    fileprivate var replyAddress: ReplyAddress {
        let properties = delivery.message.properties
        return ReplyAddress(
            queue: properties.replyTo ?? "",
            correlationID: properties.correlationID ?? id.text,
            traceparent: situation.traceparent
        )
    }
}

extension MessageRecord {
    /// Why the command becomes a dead letter; nil when its end makes none (docs/dead-letters.md).
    var deadLetterReason: DeadLetterReason? {
        guard let settlement, let error = settlement.error, let advice = deadLetterAdvice else { return nil }
        return DeadLetterReason(
            error.code,
            error.detail,
            attempts: attempts,
            firstSeen: createdAt,
            lastSeen: settlement.at,
            advice: advice
        )
    }

    /// What the operator should do with the dead letter; nil when this end makes none (docs/dead-letters.md).
    var deadLetterAdvice: DeadLetter.Advice? {
        guard let settlement else { return nil }
        switch settlement.outcome {
        case .accepted, .suppressed, .expired, .cancelled, .uncertain: return nil
        case .invalid, .rejected, .failed:
            if mayHaveReachedHandset { return .never }
            let isBroken = settlement.outcome != .failed || settlement.error?.code == .poison
            return isBroken ? .fix : .replay
        }
    }
}
