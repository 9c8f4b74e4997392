import Contracts
import TestSupport
import Testing

@testable import Bridge

@Suite("What proves that an ack has reached the broker")
struct AckProofsTests {
    private let proofs = AckProofs()

    private func delivery(connection: UInt64 = 1, prefetch: Int? = 2) -> CommandDelivery {
        CommandDelivery(
            message: BrokerMessage(exchange: "sms.commands", routingKey: "send", properties: .init(), body: []),
            isRedelivered: false,
            connection: connection,
            prefetch: prefetch,
            ack: { true },
            giveBack: {}
        )
    }

    private func begin(_ count: Int, connection: UInt64 = 1) {
        for _ in 0..<count { proofs.begin(delivery(connection: connection)) }
    }

    @Test("is twice the prefetch of deliveries begun after it, and not one less")
    func twicePrefetch() {
        begin(1)
        #expect(proofs.acked(Samples.id("a-1"), by: delivery()) == [])
        begin(3)
        #expect(proofs.acked(Samples.id("a-2"), by: delivery()) == [])
        begin(1)
        #expect(proofs.acked(Samples.id("a-3"), by: delivery()) == [Samples.id("a-1")])
        begin(4)
        #expect(proofs.acked(Samples.id("a-4"), by: delivery()) == [Samples.id("a-2"), Samples.id("a-3")])
    }

    @Test("counts on the ack's own channel only")
    func channels() {
        begin(1)
        _ = proofs.acked(Samples.id("a-1"), by: delivery())
        begin(10, connection: 2)
        #expect(proofs.acked(Samples.id("b-1"), by: delivery(connection: 2)) == [])
    }

    @Test("is never there for a channel without a prefetch, for one that is not known, or once it is one of the oldest")
    func unproved() {
        begin(1)
        _ = proofs.acked(Samples.id("a-1"), by: delivery(prefetch: nil))
        _ = proofs.acked(Samples.id("a-2"), by: delivery(connection: 9))
        begin(10)
        begin(10, connection: 9)
        #expect(proofs.acked(Samples.id("a-3"), by: delivery(connection: 1)) == [])
        // Sixteen channels later the first is forgotten with what was acked on it.
        for connection in 10...26 { begin(1, connection: UInt64(connection)) }
        begin(10)
        #expect(proofs.acked(Samples.id("a-4"), by: delivery(connection: 26)) == [])
    }
}
