import Contracts
import SMSCore

/// The outcomes of commands and the states of campaigns, as events.
struct OutboundEvents: Sendable {
    let names: BrokerNames

    /// The event of a command's outcome.
    ///
    /// - Parameters:
    ///   - settlement: the outcome; `uncertain` while it is not known.
    ///   - record: the command's record.
    ///   - isReused: whether it answers a copy with another body than the command that was carried out.
    /// - Returns: the event; for the same outcome always with the same id.
    func outcome(_ settlement: Settlement, of record: MessageRecord, isReused: Bool = false) -> CloudEvent<
        OutboundEvent
    > {
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
        // Under one id another body can be invalid for other reasons, which is a new outcome.
        let body = settlement.outcome == .invalid ? "/\(record.bodyDigest.prefix(8))" : ""
        return CloudEvent(
            id: "\(record.id)/\(settlement.outcome.rawValue)\(body)\(replay)",
            type: "sms.outbound.\(settlement.outcome.rawValue)",
            subject: record.id.text,
            time: settlement.at,
            data: data
        )
    }

    /// An outcome's event as a message for `sms.outbound`.
    ///
    /// - Returns: the message.
    /// - Throws: when it cannot be encoded.
    func message(
        _ event: CloudEvent<OutboundEvent>,
        _ outcome: Outcome,
        of record: MessageRecord,
        now: Timestamp
    ) throws -> BrokerMessage {
        try event.message(
            exchange: names.outbound,
            routingKey: outcome.rawValue,
            correlationID: record.facts.correlationID ?? record.id.text,
            traceparent: record.facts.traceparent,
            publishedAt: now
        )
    }

    /// The event of a campaign's state.
    ///
    /// The id of progress has the version of its counts, and when it resumes: other counts are another event.
    func campaign(
        _ kind: CampaignEvent.Kind,
        of campaign: CampaignRecord,
        isReused: Bool = false,
        resumesAt: Timestamp? = nil
    ) -> CloudEvent<CampaignEvent> {
        var version = kind == .progress ? "/\(campaign.version)" : ""
        var data = campaign.event
        if let resumesAt {
            version += "/\(resumesAt.milliseconds)"
            data.resumesAt = resumesAt.rfc3339
        }
        if isReused { data.idReused = true }
        return CloudEvent(
            id: "campaign/\(campaign.id)/\(kind.rawValue)\(version)",
            type: kind.type,
            subject: campaign.id.text,
            time: campaign.updatedAt,
            data: data
        )
    }

    /// The state of a campaign as a message for `sms.outbound`.
    ///
    /// - Throws: when it cannot be encoded.
    func message(
        _ kind: CampaignEvent.Kind,
        of campaign: CampaignRecord,
        resumesAt: Timestamp? = nil,
        now: Timestamp
    ) throws -> BrokerMessage {
        try self.campaign(kind, of: campaign, resumesAt: resumesAt).message(
            exchange: names.outbound,
            routingKey: kind.routingKey,
            correlationID: campaign.correlationID ?? campaign.id.text,
            traceparent: campaign.traceparent,
            publishedAt: now
        )
    }
}
