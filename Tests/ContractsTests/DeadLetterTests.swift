import Contracts
import Testing

@Suite("A dead letter")
struct DeadLetterTests {
    private let deadLetter = DeadLetter(
        code: "invalid",
        detail: String(repeating: "ü", count: 10_000),
        attempts: 2,
        firstSeen: Timestamp(milliseconds: 0),
        lastSeen: Timestamp(milliseconds: 1_500),
        originalExchange: "sms.commands",
        originalRoutingKey: "send.bulk",
        advice: .fix
    )

    @Test("says in headers why it is one, whence it came and what to do")
    func headers() {
        #expect(Set(deadLetter.headers.keys) == Set(DeadLetter.Header.allCases.map(\.rawValue)))
        #expect(deadLetter.headers["sms-error-code"] == .string("invalid"))
        #expect(deadLetter.headers["sms-attempts"] == .integer(2))
        #expect(deadLetter.headers["sms-first-seen"] == .string("1970-01-01T00:00:00.000Z"))
        #expect(deadLetter.headers["sms-last-seen"] == .string("1970-01-01T00:00:01.500Z"))
        #expect(deadLetter.headers["sms-original-exchange"] == .string("sms.commands"))
        #expect(deadLetter.headers["sms-original-routing-key"] == .string("send.bulk"))
        #expect(deadLetter.headers["sms-advice"] == .string("fix"))
    }

    @Test("has a detail that fits a frame with all the rest")
    func detail() {
        #expect(deadLetter.headers["sms-error-detail"]?.text?.count == 4_000)
    }

    @Test("keeps the body and the properties, and lets no header of the message speak for it")
    func message() {
        let original = BrokerMessage(
            exchange: "sms.commands",
            routingKey: "send.bulk",
            properties: .init(
                messageID: "m",
                headers: ["traceparent": .string("00-1"), "sms-advice": .string("replay")]
            ),
            body: [1, 2, 3]
        )
        let message = deadLetter.message(of: original, names: BrokerNames(prefix: "x"))
        #expect(message.exchange.isEmpty)
        #expect(message.routingKey == "x.dead")
        #expect(message.body == original.body)
        #expect(message.properties.messageID == "m")
        #expect(message.properties.headers["traceparent"] == .string("00-1"))
        #expect(message.properties.headers["sms-advice"] == .string("fix"))
    }
}
