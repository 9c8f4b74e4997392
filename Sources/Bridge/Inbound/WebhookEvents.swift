import Contracts
import SMSCore
import Vonage

/// What the provider reported, as our events.
struct WebhookEvents: Sendable {
    let names: BrokerNames

    /// A delivery receipt, with what the command's record knows of it.
    func status(
        _ report: VonageStatusReport,
        _ receipt: SeenReceipt,
        of record: MessageRecord?,
        isSuperseded: Bool,
        now: Timestamp
    ) throws -> BrokerMessage {
        var data = StatusEvent(
            messageUUID: report.messageUUID,
            status: report.status.name,
            timestamp: receipt.timestamp,
            providerStatus: report.providerStatus
        )
        data.commandID = record?.id.text
        data.final = ReceiptOrdering.finalStatuses.contains(report.status.name)
        data.superseded = isSuperseded
        data.to = Self.display(report.to)
        data.from = Self.display(report.from)
        data.clientRef = record == nil ? report.clientRef : record?.facts.clientRef
        data.metadata = record?.facts.metadata
        data.campaignID = record?.facts.campaignID
        data.error = receipt.error
        data.usage = report.usage.map(Usage.init)
        data.segments = report.segments
        data.networkCode = report.networkCode
        let event = CloudEvent(
            id: Self.bounded(receipt.key),
            type: "sms.status.\(RoutingKeyWord.of(report.status.name))",
            subject: report.messageUUID,
            time: now,
            data: data
        )
        return try event.message(
            exchange: names.status,
            routingKey: "\(RoutingKeyWord.of(report.status.name)).\(RoutingKeyWord.of(report.from))",
            correlationID: record.map { $0.facts.correlationID ?? $0.id.text },
            traceparent: record?.facts.traceparent,
            publishedAt: now
        )
    }

    /// A handset's message, or one part of it.
    func inbound(_ message: VonageInboundMessage, now: Timestamp) throws -> BrokerMessage {
        var data = InboundEvent(
            messageUUID: message.messageUUID,
            from: Self.display(message.from),
            to: Self.display(message.to),
            text: message.text,
            timestamp: (message.timestamp.map { Timestamp($0) } ?? now).rfc3339
        )
        data.keyword = message.keyword
        data.segments = message.segments
        data.usage = message.usage.map(Usage.init)
        data.networkCode = message.networkCode
        data.part = message.part.map { InboundEvent.Part(reference: $0.reference, number: $0.number, total: $0.total) }
        let event = CloudEvent(
            id: Self.bounded(message.eventKey),
            type: "sms.inbound.message",
            subject: message.messageUUID,
            time: now,
            data: data
        )
        return try event.message(
            exchange: names.inbound,
            routingKey: "message.\(RoutingKeyWord.of(message.to))",
            correlationID: nil,
            traceparent: nil,
            publishedAt: now
        )
    }

    /// A webhook of another channel: its payload as it came.
    func other(channel: String, payload: [UInt8], key: String, now: Timestamp) throws -> BrokerMessage {
        let event = CloudEvent(
            id: key,
            type: "sms.inbound.other",
            subject: nil,
            time: now,
            data: try JSONValue(parsing: payload)
        )
        return try event.message(
            exchange: names.inbound,
            routingKey: "other.\(RoutingKeyWord.of(channel))",
            correlationID: nil,
            traceparent: nil,
            publishedAt: now
        )
    }

    /// A number with `+`; a short code or a name as it stands.
    static func display(_ party: String) -> String {
        Sender(party)?.display ?? party
    }

    /// An event id must fit a short string of AMQP (255 bytes); a key that does not is told by its digest.
    static func bounded(_ key: String) -> String {
        key.utf8.count <= 200 ? key : "d:" + Digest.hex(Array(key.utf8))
    }
}

extension VonageInboundMessage {
    /// The natural key of an inbound message: its id, and the part where it is one.
    var eventKey: String {
        part.map { "\(messageUUID)/message/\($0.number)" } ?? "\(messageUUID)/message"
    }
}

extension Usage {
    fileprivate init(_ usage: VonageUsage) {
        self.init(currency: usage.currency, price: usage.price)
    }
}
