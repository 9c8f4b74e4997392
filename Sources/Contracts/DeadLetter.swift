/// The headers that a message gains in `sms.dead` (docs/dead-letters.md).
package struct DeadLetter: Hashable, Sendable {
    /// What the operator should do with it.
    package enum Advice: String, Hashable, Sendable {
        /// Publish it again; it can work.
        case replay
        /// Correct it, then publish it again.
        case fix
        /// Leave it: a second message could reach the handset.
        case never
    }

    /// Characters of the detail that the header keeps, so that all headers fit one frame.
    private static let detailLimit = 4_000

    package var code: String
    package var detail: String
    package var attempts: Int
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    package var originalExchange: String
    package var originalRoutingKey: String
    package var advice: Advice

    /// A dead letter with all its headers.
    package init(
        code: String,
        detail: String,
        attempts: Int,
        firstSeen: Timestamp,
        lastSeen: Timestamp,
        originalExchange: String,
        originalRoutingKey: String,
        advice: Advice
    ) {
        self.code = code
        self.detail = detail
        self.attempts = attempts
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.originalExchange = originalExchange
        self.originalRoutingKey = originalRoutingKey
        self.advice = advice
    }

    /// The names of the headers of a dead letter.
    package enum Header: String, Hashable, Sendable, CaseIterable {
        case errorCode = "sms-error-code"
        case errorDetail = "sms-error-detail"
        case attempts = "sms-attempts"
        case firstSeen = "sms-first-seen"
        case lastSeen = "sms-last-seen"
        case originalExchange = "sms-original-exchange"
        case originalRoutingKey = "sms-original-routing-key"
        case advice = "sms-advice"
    }

    /// The headers of the dead letter: strings, `sms-attempts` an integer, times RFC 3339.
    package var headers: [String: BrokerMessage.HeaderValue] {
        let values: [Header: BrokerMessage.HeaderValue] = [
            .errorCode: .string(code),
            .errorDetail: .string(String(detail.prefix(Self.detailLimit))),
            .attempts: .integer(Int64(attempts)),
            .firstSeen: .string(firstSeen.rfc3339),
            .lastSeen: .string(lastSeen.rfc3339),
            .originalExchange: .string(originalExchange),
            .originalRoutingKey: .string(originalRoutingKey),
            .advice: .string(advice.rawValue),
        ]
        return Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }

    /// The message as it stands in the dead-letter queue: body and properties kept, these headers added.
    package func message(of original: BrokerMessage, names: BrokerNames) -> BrokerMessage {
        var deadLetter = original
        deadLetter.exchange = ""
        deadLetter.routingKey = names.dead
        deadLetter.properties.headers.merge(headers) { _, ours in ours }
        return deadLetter
    }
}
