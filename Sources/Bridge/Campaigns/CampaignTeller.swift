package import Contracts
package import Logging
package import SMSCore

/// Tells how campaigns go: by their own events, by replies, and by outcomes of recipients that never became commands.
package struct CampaignTeller: Sendable {
    private let publisher: any EventPublisher
    private let outlet: EventOutlet
    private let outcomes: OutboundTeller
    private let names: BrokerNames
    private let defaultSender: Sender?
    private let sure: SurePublisher
    private let logger: Logger

    /// A teller that publishes under our names.
    ///
    /// - Parameters:
    ///   - publisher: confirms what it takes.
    ///   - outlet: keeps the events that the broker refuses.
    ///   - outcomes: tells outcomes; it counts none, for the ledger has them already.
    ///   - names: of our exchanges and queues.
    ///   - defaultSender: `VONAGE_NUMBER`.
    ///   - insistence: for what has to be published in the end.
    ///   - logger: for what is not taken.
    package init(
        publisher: any EventPublisher,
        outlet: EventOutlet,
        outcomes: OutboundTeller,
        names: BrokerNames,
        defaultSender: Sender?,
        insistence: Insistence,
        logger: Logger
    ) {
        self.publisher = publisher
        self.outlet = outlet
        self.outcomes = outcomes
        self.names = names
        self.defaultSender = defaultSender
        self.sure = SurePublisher(publisher: publisher, insistence: insistence, logger: logger)
        self.logger = logger
    }

    /// Tells how a campaign stands, confirmed.
    ///
    /// - Throws: `CancellationError` alone, in practice.
    func tell(_ kind: CampaignEvent.Kind, of campaign: CampaignRecord) async throws {
        let message = try event(kind, of: campaign).message(
            exchange: names.outbound,
            routingKey: kind.routingKey,
            correlationID: campaign.correlationID ?? campaign.id.text,
            traceparent: campaign.traceparent,
            publishedAt: .now
        )
        try await outlet.publish(
            message,
            key: campaign.id.text,
            through: sure,
            "publish campaign event",
            campaign.metadata
        )
    }

    /// Tells that a campaign is invalid; with the same event id each time.
    ///
    /// - Throws: `CancellationError` alone.
    func tellInvalid(_ campaign: CampaignRecord) async throws {
        try await outcomes.announce(campaign.refusal)
    }

    /// Tells outcomes of recipients that never became commands.
    ///
    /// - Throws: `CancellationError` alone.
    func tell(_ recipients: [CampaignRecipient], of campaign: CampaignRecord) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for recipient in recipients {
                guard let record = recipient.record(in: campaign, defaultSender: defaultSender) else { continue }
                group.addTask { try await outcomes.announce(record) }
            }
            try await group.waitForAll()
        }
    }

    /// Tells the outcome of a recipient's command, where no copy of the command is at hand.
    ///
    /// - Throws: `CancellationError` alone.
    func tell(_ record: MessageRecord) async throws {
        try await outcomes.announce(record)
    }

    /// The record of a recipient's command of which nothing else is known.
    func command(to recipient: CampaignRecipient, of campaign: CampaignRecord) -> MessageRecord {
        recipient.command(in: campaign, defaultSender: defaultSender)
    }

    /// Puts a campaign's message among the dead letters.
    ///
    /// - Throws: `CancellationError` alone.
    func bury(
        _ message: BrokerMessage,
        code: ErrorCode,
        detail: String,
        firstSeen: Timestamp,
        now: Timestamp
    ) async throws {
        try await outcomes.bury(
            message,
            code: code.rawValue,
            detail: detail,
            attempts: 0,
            firstSeen: firstSeen,
            lastSeen: now,
            advice: .fix
        )
    }

    /// Answers with a campaign's end; best effort, for the event has told it.
    func reply(_ reply: CampaignReply, with campaign: CampaignRecord) async {
        guard !reply.replyTo.isEmpty, !names.owns(reply.replyTo) else { return }
        let properties = BrokerMessage.Properties(correlationID: reply.correlationID, replyTo: reply.replyTo)
        do {
            if campaign.state == .invalid || !campaign.problems.isEmpty {
                let message = BrokerMessage(exchange: "", routingKey: "", properties: properties, body: [])
                let asker = CommandDelivery(message: message, isRedelivered: false, connection: 0) {
                    true
                } giveBack: {
                }
                let command = OpenedCommand(unread: asker, id: campaign.id)
                try await outcomes.tell(campaign.refusal, to: command, .reply, isReused: reply.isReused)
                return
            }
            var event = event(.completed, of: campaign)
            event.data.idReused = reply.isReused ? true : nil
            let message = try event.message(
                exchange: "",
                routingKey: reply.replyTo,
                correlationID: reply.correlationID ?? campaign.id.text,
                traceparent: campaign.traceparent,
                publishedAt: .now
            )
            try await publisher.publish(message)
        } catch {
            var metadata = campaign.metadata
            metadata[BridgeLogKey.replyTo.rawValue] = "\(reply.replyTo)"
            metadata[BridgeLogKey.error.rawValue] = "\(error)"
            logger.warning("a reply was not taken", metadata: metadata)
        }
    }

    /// The id of progress names the version of what it tells: other counts are another fact.
    private func event(_ kind: CampaignEvent.Kind, of campaign: CampaignRecord) -> CloudEvent<CampaignEvent> {
        let version = kind == .progress ? "/\(campaign.version)" : ""
        return CloudEvent(
            id: "campaign/\(campaign.id)/\(kind.rawValue)\(version)",
            type: kind.type,
            subject: campaign.id.text,
            time: campaign.updatedAt,
            data: campaign.event
        )
    }
}

extension CampaignRecord {
    /// Which campaign a log line is about.
    var metadata: Logger.Metadata { [BridgeLogKey.campaign.rawValue: "\(id)"] }

    /// An invalid campaign as a command that ended so.
    fileprivate var refusal: MessageRecord {
        var facts = MessageFacts()
        facts.from = terms.from
        facts.metadata = terms.metadata
        facts.correlationID = correlationID
        facts.traceparent = traceparent
        var record = MessageRecord(id: id, bodyDigest: termsDigest, lane: .bulk, facts: facts, now: createdAt)
        record.replay = generation
        record.state = .settled(Settlement(outcome: .invalid, messageUUID: nil, error: error, at: updatedAt))
        return record
    }
}

extension CampaignRecipient {
    /// A recipient that has an outcome of ours as a command that ended so; nil when it has none.
    fileprivate func record(in campaign: CampaignRecord, defaultSender: Sender?) -> MessageRecord? {
        guard let outcome = state.outcome else { return nil }
        var record = command(in: campaign, defaultSender: defaultSender)
        let error = error ?? outcome.ownError(expiresAt: campaign.terms.expiresAt)
        record.state = .settled(
            Settlement(outcome: outcome, messageUUID: nil, error: error, at: campaign.updatedAt)
        )
        return record
    }

    /// A recipient's command that nothing has become of.
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
