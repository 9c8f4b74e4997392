/// The headers that a message gains in `sms.dead` (CONTRACT 4).
package struct DeadLetter: Hashable, Sendable {
    /// What the operator should do with it.
    package enum Advice: String, Hashable, Sendable {
        /// Publish it again; it can work.
        case replay
        /// Mend it, then publish it again.
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

    /// A letter with all it says.
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

    /// The letter's own headers: strings, `sms-attempts` an integer, times RFC 3339.
    package var headers: [String: BrokerMessage.HeaderValue] {
        [
            "sms-error-code": .string(code),
            "sms-error-detail": .string(String(detail.prefix(Self.detailLimit))),
            "sms-attempts": .integer(Int64(attempts)),
            "sms-first-seen": .string(firstSeen.rfc3339),
            "sms-last-seen": .string(lastSeen.rfc3339),
            "sms-original-exchange": .string(originalExchange),
            "sms-original-routing-key": .string(originalRoutingKey),
            "sms-advice": .string(advice.rawValue),
        ]
    }

    /// The message as it lies in the dead-letter queue: body and properties kept, these headers added.
    package func message(of original: BrokerMessage, names: BrokerNames) -> BrokerMessage {
        var letter = original
        letter.exchange = ""
        letter.routingKey = names.dead
        letter.properties.headers.merge(headers) { _, ours in ours }
        return letter
    }
}
