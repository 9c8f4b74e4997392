import Testing

@testable import AMQP

@Suite("Answers that are due")
struct ReplyLedgerTests {
    private let now = ContinuousClock.now

    @Test("Answers come in the order of the requests; anything else is not taken")
    func order() {
        var ledger = ReplyLedger()
        ledger.expect(.channelOpen, until: now)
        ledger.expect(.ack(tag: 1, multiple: false), until: now)
        ledger.expect(.queueDeclare(AMQPQueue("q"), isPassive: false), until: now + .seconds(1))
        #expect(ledger.take(.queueDeclareOk) == nil)
        #expect(ledger.take(.channelOpenOk)?.method == .channelOpen)
        #expect(ledger.deadline == now + .seconds(1))
        #expect(ledger.first?.method.entity == "queue 'q'")
        #expect(ledger.take(.queueDeclareOk) != nil)
        #expect(ledger.isEmpty && ledger.deadline == nil)
        #expect(ledger.take(.queueDeclareOk) == nil)
    }

    @Test(
        "A refused request names what it was about",
        arguments: [
            (OutboundMethod.queueDeclare(AMQPQueue("q"), isPassive: true), UInt16(404), AMQPError.Code.topologyRefused),
            (.exchangeDeclare(AMQPExchange("e", .topic), isPassive: false), 406, .topologyRefused),
            (.queueDeclare(AMQPQueue("q"), isPassive: false), 405, .lockedByAnother),
            (.qos(prefetchCount: 1), 406, .channelClosed),
        ]
    )
    func refusal(method: OutboundMethod, code: UInt16, meaning: AMQPError.Code) {
        let error = AMQPError(channelReplyCode: code, text: "no", refused: method)
        #expect(error.code == meaning)
        #expect(error.entity == method.entity)
        #expect(error.replyCode == code)
        #expect(error.level == .channel)
    }
}
