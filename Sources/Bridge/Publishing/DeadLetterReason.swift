package import Contracts

/// Why a message becomes a dead letter, and what the operator should do with it.
package struct DeadLetterReason: Hashable, Sendable {
    package var code: ErrorCode
    /// A sentence.
    package var detail: String
    /// Requests that were made for it.
    package var attempts: Int
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    package var advice: DeadLetter.Advice

    /// A reason.
    ///
    /// - Parameters:
    ///   - code: the error's code.
    ///   - detail: a sentence.
    ///   - attempts: requests that were made for it; default 0.
    ///   - firstSeen: when it came first.
    ///   - lastSeen: when its end was decided; nil for `firstSeen`.
    ///   - advice: default: correct it, then publish it again.
    package init(
        _ code: ErrorCode,
        _ detail: String,
        attempts: Int = 0,
        firstSeen: Timestamp,
        lastSeen: Timestamp? = nil,
        advice: DeadLetter.Advice = .fix
    ) {
        self.code = code
        self.detail = detail
        self.attempts = attempts
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen ?? firstSeen
        self.advice = advice
    }
}

extension BrokerMessage {
    /// The message as it is dead-lettered.
    ///
    /// Body and properties are kept, except `expiration`, after which the broker would delete it, the headers of its
    /// way through the retry queues, and those that mean something to the broker or are its own. The reason's headers
    /// are added.
    ///
    /// - Parameters:
    ///   - reason: why it is one.
    ///   - names: of the service's queues.
    /// - Returns: the message to publish.
    func deadLetter(_ reason: DeadLetterReason, names: BrokerNames) -> BrokerMessage {
        let deadLetter = DeadLetter(
            code: reason.code.rawValue,
            detail: reason.detail,
            attempts: reason.attempts,
            firstSeen: reason.firstSeen,
            lastSeen: reason.lastSeen,
            originalExchange: exchange,
            originalRoutingKey: routingKey,
            advice: reason.advice
        )
        var message = deadLetter.message(of: self, names: names)
        message.properties.expiration = nil
        message.properties.headers = message.properties.headers.filter { name, _ in
            !(BrokerMessage.isBrokersOwn(name) || BrokerMessage.waitHeaders.contains(name))
        }
        return message
    }

    /// An event that the broker can never take, as a dead letter that it can.
    ///
    /// The body is kept, and of the properties what fits: one of them may be the reason.
    ///
    /// - Returns: the message to publish.
    func unpublishableDeadLetter(_ reason: String, names: BrokerNames, now: Timestamp) -> BrokerMessage {
        let kept = BrokerMessage(
            exchange: exchange,
            routingKey: routingKey,
            properties: BrokerMessage.Properties(
                contentType: DeadLetter.short(properties.contentType),
                messageID: DeadLetter.short(properties.messageID),
                correlationID: DeadLetter.short(properties.correlationID),
                type: DeadLetter.short(properties.type),
                appID: DeadLetter.short(properties.appID),
                timestamp: properties.timestamp
            ),
            body: body
        )
        return kept.deadLetter(
            DeadLetterReason(.invalid, "the event can never be published: \(reason)", firstSeen: now),
            names: names
        )
    }
}

extension DeadLetter {
    /// Bytes of a short string of AMQP, at most: routing keys, most properties.
    private static let shortStringBytes = 255

    /// A text for a property; nil where it does not fit one.
    static func short(_ text: String?) -> String? {
        text.flatMap { $0.utf8.count <= shortStringBytes ? $0 : nil }
    }
}
