import Contracts
import SMSCore

/// What the provider reported, as events.
struct WebhookEvents: Sendable {
    let names: BrokerNames

    /// A delivery receipt, with what the command's record knows of it.
    func status(
        _ report: ReceiptReport,
        _ receipt: SeenReceipt,
        of record: MessageRecord?,
        isSuperseded: Bool,
        now: Timestamp
    ) throws -> BrokerMessage {
        var data = StatusEvent(
            messageUUID: report.messageUUID,
            status: report.status,
            // Where the provider gave no time there is none; that of the arrival would be a guess.
            timestamp: receipt.timestamp.isEmpty ? nil : receipt.timestamp,
            providerStatus: report.providerStatus
        )
        if let record { data.echo(record) } else { data.clientRef = report.reference }
        data.final = StatusEvent.finalStatuses.contains(report.status)
        data.superseded = isSuperseded
        data.to = Self.display(report.to)
        data.from = report.from.isEmpty ? nil : Self.display(report.from)
        data.error = receipt.error
        data.usage = report.usage
        data.segments = report.segments
        data.networkCode = report.networkCode
        data.source = receipt.source
        data.certainty = report.certainty
        let status = Self.word(report.status)
        let envelope = Envelope(
            id: Self.bounded(receipt.key),
            type: "sms.status.\(status)",
            subject: report.messageUUID,
            exchange: names.status,
            routingKey: "\(status).\(Self.word(report.from))",
            correlationID: record.map { $0.facts.correlationID ?? $0.id.text },
            traceparent: record?.facts.traceparent,
            now: now
        )
        return try envelope.message(data)
    }

    /// That no final receipt of a message came in time: not the provider's, so it has neither its word nor its time.
    func overdue(_ awaited: AwaitedReceipt, of record: MessageRecord, now: Timestamp) throws -> BrokerMessage {
        var data = StatusEvent(
            messageUUID: awaited.messageUUID,
            status: "overdue",
            timestamp: nil,
            providerStatus: nil
        )
        data.echo(record)
        data.to = record.facts.to
        data.from = record.facts.from
        data.segments = record.facts.segments
        data.waitedS = max(0, (now - awaited.acceptedAt).components.seconds)
        let envelope = Envelope(
            id: Self.bounded("\(awaited.messageUUID)/overdue"),
            type: "sms.status.overdue",
            subject: awaited.messageUUID,
            exchange: names.status,
            // As in a receipt: the digits of a number, without +.
            routingKey: "overdue.\(Self.word(String((record.facts.from ?? "").drop { $0 == "+" })))",
            correlationID: record.facts.correlationID ?? record.id.text,
            traceparent: record.facts.traceparent,
            now: now
        )
        return try envelope.message(data)
    }

    /// A handset's message, or one part of it.
    func inbound(_ message: InboundMessage, now: Timestamp) throws -> BrokerMessage {
        let envelope = Envelope(
            id: Self.bounded(message.eventKey),
            type: "sms.inbound.message",
            subject: message.messageUUID,
            exchange: names.inbound,
            routingKey: "message.\(Self.word(message.to))",
            now: now
        )
        return try envelope.message(data(of: message, now: now))
    }

    /// That a handset asked for help, besides its message.
    func help(_ message: InboundMessage, now: Timestamp) throws -> BrokerMessage {
        let envelope = Envelope(
            id: Self.bounded("\(message.messageUUID)/help"),
            type: "sms.inbound.help",
            subject: message.messageUUID,
            exchange: names.inbound,
            routingKey: "help.\(Self.word(message.to))",
            now: now
        )
        return try envelope.message(data(of: message, now: now))
    }

    private func data(of message: InboundMessage, now: Timestamp) -> InboundEvent {
        var data = InboundEvent(
            messageUUID: message.messageUUID,
            from: Self.display(message.from),
            to: Self.display(message.to),
            text: message.text,
            timestamp: (message.timestamp ?? now).rfc3339
        )
        data.dataHex = message.dataHex
        data.keyword = message.keyword
        data.segments = message.segments
        data.usage = message.usage
        data.networkCode = message.networkCode
        data.part = message.part
        return data
    }

    /// A webhook of another channel: its payload as it came.
    func other(channel: String, payload: [UInt8], key: String, now: Timestamp) throws -> BrokerMessage {
        .event(
            id: key,
            type: "sms.inbound.other",
            data: try JSONValue(repairing: payload),
            exchange: names.inbound,
            routingKey: "other.\(Self.word(channel))",
            at: now
        )
    }

    /// A number with `+`; a short code or a name as it stands.
    ///
    /// Digits that are not a number of any country keep the form of one, because the provider has delivered from there.
    static func display(_ party: String) -> String {
        Sender(party)?.display ?? PhoneNumber(digits: party)?.e164 ?? party
    }

    /// A word of a routing key or of a type, cut so that two words of this length fit a short string of AMQP (255
    /// bytes); `_` for none.
    static func word(_ text: String) -> String {
        String(RoutingKeyWord.of(text).prefix(100))
    }

    /// An event id must fit a short string of AMQP (255 bytes); a key that does not is replaced by its digest.
    static func bounded(_ key: String) -> String {
        key.utf8.count <= 200 ? key : "d:" + Digest.hex(Array(key.utf8))
    }
}

extension InboundMessage {
    /// The natural key of an inbound message: its id, and the part where it is one.
    var eventKey: String {
        part.map { "\(messageUUID)/message/\($0.number)" } ?? "\(messageUUID)/message"
    }
}

/// What an event of a webhook is, apart from its data.
private struct Envelope {
    let id: String
    let type: String
    let subject: String?
    let exchange: String
    let routingKey: String
    var correlationID: String?
    var traceparent: String?
    let now: Timestamp

    func message(_ data: some Codable & Sendable & Hashable) throws -> BrokerMessage {
        try CloudEvent(id: id, type: type, subject: subject, time: now, data: data).message(
            exchange: exchange,
            routingKey: routingKey,
            correlationID: correlationID,
            traceparent: traceparent,
            publishedAt: now
        )
    }
}

extension StatusEvent {
    /// Says what the caller gave the command along.
    fileprivate mutating func echo(_ record: MessageRecord) {
        commandID = record.id.text
        clientRef = record.facts.clientRef
        metadata = record.facts.metadata
        campaignID = record.facts.campaignID
    }
}
