import Testing

@testable import AMQP

@Suite("Methods to be written")
struct OutboxTests {
    @Test("Purging a channel shows whether the broker knows it")
    func unopened() {
        var outbox = Outbox()
        outbox.append(.channelOpen, channel: 1)
        outbox.append(.channelOpen, channel: 2)
        outbox.append(.qos(prefetchCount: 1), channel: 2)
        #expect(outbox.popFirst() == Outbox.Entry(channel: 1, method: .channelOpen))
        #expect(outbox.purge(1) == false)
        #expect(outbox.purge(2) == true)
        #expect(outbox.isEmpty)
    }

    @Test("Settlements of a channel that still is are kept")
    func settlements() {
        var outbox = Outbox()
        outbox.append(.cancel(consumerTag: "c"), channel: 1)
        outbox.append(.ack(tag: 1, multiple: false), channel: 1)
        #expect(outbox.purge(1, butSettlements: true) == false)
        #expect(outbox.popFirst()?.method == .ack(tag: 1, multiple: false))
        #expect(outbox.isEmpty)
    }
}

@Suite("Limits that a broker may set")
struct AMQPLimitsTests {
    @Test(
        "Frames smaller than AMQP allows are refused",
        arguments: [(0, false), (4095, false), (4096, true), (131_072, true)]
    )
    func frameMax(bytes: Int, isAllowed: Bool) {
        #expect((AMQPLimits.problem(frameMaxBytes: bytes) == nil) == isAllowed)
    }
}
