import Testing

@testable import AMQP

@Suite("Heartbeats")
struct HeartbeatTests {
    private let start = ContinuousClock.now

    @Test("One is due when nothing was written for half the interval")
    func due() {
        var heartbeat = Heartbeat(seconds: 10, now: start)
        #expect(!heartbeat.isDue(at: start + .milliseconds(4999)))
        #expect(heartbeat.isDue(at: start + .seconds(5)))
        heartbeat.sent(at: start + .seconds(5))
        #expect(!heartbeat.isDue(at: start + .seconds(9)))
        #expect(heartbeat.isDue(at: start + .seconds(10)))
    }

    @Test("The peer is lost after two intervals without a byte, whatever we write")
    func silence() {
        var heartbeat = Heartbeat(seconds: 10, now: start)
        heartbeat.sent(at: start + .seconds(19))
        #expect(!heartbeat.isPeerSilent(at: start + .milliseconds(19_999)))
        #expect(heartbeat.isPeerSilent(at: start + .seconds(20)))
        heartbeat.received(at: start + .seconds(19))
        #expect(!heartbeat.isPeerSilent(at: start + .seconds(38)))
        #expect(heartbeat.isPeerSilent(at: start + .seconds(39)))
    }

    @Test("Where none are agreed upon none are sent, and silence means nothing")
    func none() {
        let heartbeat = Heartbeat(seconds: 0, now: start)
        #expect(!heartbeat.isDue(at: start + .seconds(1000)))
        #expect(!heartbeat.isPeerSilent(at: start + .seconds(1000)))
    }
}
