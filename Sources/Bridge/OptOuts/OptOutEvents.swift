import Contracts
import SMSCore

/// Changes of the suppression list as events.
struct OptOutEvents: Sendable {
    let names: BrokerNames

    /// The event of a number's being put on the list.
    ///
    /// - Parameters:
    ///   - optOut: the entry.
    ///   - source: who changed the list, where that is not who the entry says.
    ///   - now: the moment of telling.
    /// - Returns: the event; of the same entry always with the same id.
    /// - Throws: when it cannot be encoded.
    func optedOut(_ optOut: OptOut, by source: OptOut.Source? = nil, now: Timestamp) throws -> BrokerMessage {
        try event(
            "opt-out",
            of: optOut,
            source: source ?? optOut.source,
            keyword: optOut.keyword,
            optOut.messageUUID,
            optOut.at,
            now
        )
    }

    /// The event of a number's being taken off the list.
    ///
    /// - Parameters:
    ///   - optOut: the entry that was there.
    ///   - source: who took it off.
    ///   - keyword: the word that was written, where one was.
    ///   - messageUUID: the message that asked for it, where one did.
    ///   - now: the moment.
    /// - Returns: the event.
    /// - Throws: when it cannot be encoded.
    func optedIn(
        _ optOut: OptOut,
        by source: OptOut.Source,
        keyword: String? = nil,
        messageUUID: String? = nil,
        now: Timestamp
    ) throws -> BrokerMessage {
        try event("opt-in", of: optOut, source: source, keyword: keyword, messageUUID, now, now)
    }

    private func event(
        _ kind: String,
        of optOut: OptOut,
        source: OptOut.Source,
        keyword: String?,
        _ messageUUID: String?,
        _ moment: Timestamp,
        _ now: Timestamp
    ) throws -> BrokerMessage {
        var data = OptOutEvent(
            number: optOut.number,
            sender: optOut.sender,
            source: source.rawValue,
            timestamp: moment.rfc3339
        )
        data.keyword = keyword
        data.messageUUID = messageUUID
        let cause = messageUUID ?? "\(optOut.number)/\(optOut.sender)/\(moment.milliseconds)"
        let sender = optOut.sender == OptOut.everySender ? "all" : WebhookEvents.word(optOut.sender)
        return try CloudEvent(
            id: WebhookEvents.bounded("\(cause)/\(kind)"),
            type: "sms.inbound.\(kind)",
            subject: messageUUID,
            time: now,
            data: data
        )
        .message(
            exchange: names.inbound,
            routingKey: "\(kind).\(sender)",
            correlationID: nil,
            traceparent: nil,
            publishedAt: now
        )
    }
}
