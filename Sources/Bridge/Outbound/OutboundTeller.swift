package import Contracts
package import Logging
package import SMSCore

/// Tells the fate of a command: dead letter where due, event, reply, each confirmed before the next.
package struct OutboundTeller: Sendable {
    private let publisher: any EventPublisher
    private let outlet: EventOutlet
    private let names: BrokerNames
    private let sure: SurePublisher
    private let logger: Logger
    private let campaigns: CampaignLedger?
    private let passed: OutboundStep.Hook

    /// A teller that publishes under our names.
    ///
    /// - Parameters:
    ///   - publisher: confirms what it takes.
    ///   - outlet: keeps the events that the broker refuses.
    ///   - names: of our exchanges and queues.
    ///   - insistence: for what has to be published in the end.
    ///   - logger: for what is not taken.
    ///   - campaigns: counts the outcomes of campaigns' commands; nil counts none.
    ///   - onStep: called after each step.
    package init(
        publisher: any EventPublisher,
        outlet: EventOutlet,
        names: BrokerNames,
        insistence: Insistence,
        logger: Logger,
        campaigns: CampaignLedger? = nil,
        onStep: @escaping OutboundStep.Hook = { _ in }
    ) {
        self.campaigns = campaigns
        self.publisher = publisher
        self.outlet = outlet
        self.names = names
        self.sure = SurePublisher(publisher: publisher, insistence: insistence, logger: logger)
        self.logger = logger
        self.passed = onStep
    }

    /// What of a settled command's outcome is told.
    package enum Extent: Hashable, Sendable {
        /// The first telling: dead letter where due, event, reply.
        case everything
        /// A repeat from outside: event and reply.
        case eventAndReply
        /// A copy that waited for another to be carried out: its own reply.
        case reply
    }

    /// Tells a settled command's outcome to those it concerns.
    ///
    /// - Parameters:
    ///   - record: the command's record, settled.
    ///   - command: the copy of the command that this telling is for.
    ///   - extent: how much is told.
    ///   - isReused: whether this copy has another body than the command that was carried out.
    /// - Throws: `CancellationError` alone; what the broker does not take is tried until it does.
    package func tell(
        _ record: MessageRecord,
        to command: OpenedCommand,
        _ extent: Extent,
        isReused: Bool
    ) async throws {
        guard let settlement = record.settlement else { return }
        if extent == .everything, let advice = record.deadLetterAdvice, let error = settlement.error {
            try await bury(
                command.delivery.message,
                code: error.code.rawValue,
                detail: error.detail,
                attempts: record.attempts,
                firstSeen: record.createdAt,
                lastSeen: settlement.at,
                advice: advice
            )
            try passed(.letterPublished)
        }
        let event = event(of: record, settlement, isReused: isReused)
        if extent != .reply {
            try await publish(event, settlement.outcome, of: record)
            try passed(.eventPublished)
        }
        try await campaigns?.count(settlement, of: record, by: command.delivery.message)
        await reply(event, to: command)
        try passed(.replyPublished)
    }

    /// Tells a settled command's outcome by its event alone, where no copy of the command is at hand.
    ///
    /// - Throws: `CancellationError` alone.
    package func announce(_ record: MessageRecord) async throws {
        guard let settlement = record.settlement else { return }
        try await publish(event(of: record, settlement, isReused: false), settlement.outcome, of: record)
        try await campaigns?.count(settlement, of: record)
    }

    /// Tells that nobody knows whether a command was sent.
    ///
    /// - Parameters:
    ///   - record: in state `uncertain`.
    ///   - error: what is known.
    /// - Throws: `CancellationError` alone.
    package func tellUncertain(_ record: MessageRecord, _ error: EventError) async throws {
        let doubt = Settlement(outcome: .uncertain, messageUUID: nil, error: error, at: record.updatedAt)
        try await publish(event(of: record, doubt, isReused: false), .uncertain, of: record)
        try await campaigns?.count(doubt, of: record)
    }

    /// Publishes an event; one that the broker refuses, as when somebody's queue is full, goes to the spool, so that it
    /// holds up nothing else.
    private func publish(_ event: CloudEvent<OutboundEvent>, _ outcome: Outcome, of record: MessageRecord) async throws
    {
        let message = try event.message(
            exchange: names.outbound,
            routingKey: outcome.rawValue,
            correlationID: record.facts.correlationID ?? record.id.text,
            traceparent: record.facts.traceparent,
            publishedAt: .now
        )
        try await outlet.publish(message, key: record.id.text, through: sure, "publish event", record.metadata)
    }

    /// Puts a message among the dead letters, with the reason in its headers.
    ///
    /// - Throws: `CancellationError` alone.
    package func bury(
        _ original: BrokerMessage,
        code: String,
        detail: String,
        attempts: Int,
        firstSeen: Timestamp,
        lastSeen: Timestamp,
        advice: DeadLetter.Advice
    ) async throws {
        let letter = DeadLetter(
            code: code,
            detail: detail,
            attempts: attempts,
            firstSeen: firstSeen,
            lastSeen: lastSeen,
            originalExchange: original.exchange,
            originalRoutingKey: original.routingKey,
            advice: advice
        )
        var message = letter.message(of: original, names: names)
        message.properties.expiration = nil
        message.properties.headers = message.properties.headers.filter { name, _ in
            !(BrokerMessage.isBrokersOwn(name) || BrokerMessage.waitHeaders.contains(name))
        }
        _ = try await sure.publish(message, "publish dead letter", [:])
    }

    /// Best effort: who asked for a reply may be gone, and the event has told it already.
    private func reply(_ event: CloudEvent<OutboundEvent>, to command: OpenedCommand) async {
        let properties = command.delivery.message.properties
        guard let replyTo = properties.replyTo, !replyTo.isEmpty, !names.owns(replyTo) else { return }
        do {
            let message = try event.message(
                exchange: "",
                routingKey: replyTo,
                correlationID: properties.correlationID ?? command.id.text,
                traceparent: command.situation.traceparent,
                publishedAt: .now
            )
            try await publisher.publish(message)
        } catch {
            logger.warning(
                "a reply was not taken",
                metadata: [
                    BridgeLogKey.id.rawValue: "\(command.id)",
                    BridgeLogKey.replyTo.rawValue: "\(replyTo)",
                    BridgeLogKey.error.rawValue: "\(error)",
                ]
            )
        }
    }

    private func event(
        of record: MessageRecord,
        _ settlement: Settlement,
        isReused: Bool
    ) -> CloudEvent<OutboundEvent> {
        var data = OutboundEvent(commandID: record.id.text, attempts: record.attempts)
        data.to = record.facts.to
        data.from = record.facts.from
        data.clientRef = record.facts.clientRef
        data.metadata = record.facts.metadata
        data.campaignID = record.facts.campaignID
        data.segments = record.facts.segments
        data.encoding = record.facts.encoding
        data.replaced = record.facts.replaced
        data.messageUUID = settlement.messageUUID
        data.error = settlement.error
        data.idReused = isReused ? true : nil
        data.warnings = record.facts.warnings
        let replay = record.replay == 0 ? "" : "/\(record.replay)"
        // Under one id another body can be invalid for other reasons, which is news.
        let body = settlement.outcome == .invalid ? "/\(record.bodyDigest.prefix(8))" : ""
        return CloudEvent(
            id: "\(record.id)/\(settlement.outcome.rawValue)\(body)\(replay)",
            type: "sms.outbound.\(settlement.outcome.rawValue)",
            subject: record.id.text,
            time: settlement.at,
            data: data
        )
    }
}

extension MessageRecord {
    /// What the operator should do with the dead letter; nil when this end makes none (CONTRACT 2).
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
