import Contracts

extension DeadLetter {
    /// Bytes of a short string of AMQP, at most: routing keys, most properties.
    private static let shortStringBytes = 255

    /// An event that the broker can never take, as a message for `sms.dead` that it can.
    ///
    /// The body is kept, and of the properties what fits: one of them may be the reason.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - reason: why it cannot be published.
    ///   - names: of our queues.
    ///   - now: the moment.
    /// - Returns: the letter.
    static func unpublishable(
        _ event: BrokerMessage,
        _ reason: String,
        names: BrokerNames,
        now: Timestamp
    ) -> BrokerMessage {
        let kept = BrokerMessage(
            exchange: event.exchange,
            routingKey: event.routingKey,
            properties: BrokerMessage.Properties(
                contentType: short(event.properties.contentType),
                messageID: short(event.properties.messageID),
                correlationID: short(event.properties.correlationID),
                type: short(event.properties.type),
                appID: short(event.properties.appID),
                timestamp: event.properties.timestamp
            ),
            body: event.body
        )
        let letter = DeadLetter(
            code: ErrorCode.invalid.rawValue,
            detail: "the event can never be published: \(reason)",
            attempts: 0,
            firstSeen: now,
            lastSeen: now,
            originalExchange: event.exchange,
            originalRoutingKey: event.routingKey,
            advice: .fix
        )
        return letter.message(of: kept, names: names)
    }

    /// A text for a property, where it fits one.
    static func short(_ text: String?) -> String? {
        text.flatMap { $0.utf8.count <= shortStringBytes ? $0 : nil }
    }
}
