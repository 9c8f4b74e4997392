import Contracts
import SMSCore

/// Changes of the suppression list as events.
struct OptOutEvents: Sendable {
    let names: BrokerNames

    /// The event of a change.
    ///
    /// - Returns: the event; for the same change always with the same id.
    /// - Throws: when it cannot be encoded.
    func event(of change: OptOutChange, now: Timestamp) throws -> BrokerMessage {
        let kind = change.kind.rawValue
        var data = OptOutEvent(
            number: change.number,
            sender: change.sender,
            source: change.source.rawValue,
            timestamp: change.at.rfc3339
        )
        data.keyword = change.keyword
        data.messageUUID = change.messageUUID
        let isForAll = change.sender == OptOut.everySender
        // One message may take away two entries, its sender's and that for all.
        let message = change.messageUUID.map { isForAll ? "\($0)/all" : $0 }
        let cause = message ?? "\(change.number)/\(change.sender)/\(change.at.milliseconds)"
        let sender = isForAll ? "all" : WebhookEvents.word(change.sender)
        return try CloudEvent(
            id: WebhookEvents.bounded("\(cause)/\(kind)"),
            type: "sms.inbound.\(kind)",
            subject: change.messageUUID,
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
