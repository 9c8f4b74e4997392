import Testing

@testable import AMQP

@Suite("When settlements are written")
struct SettlementPaceTests {
    private let start = ContinuousClock.now
    private var soon: ContinuousClock.Instant { start + .milliseconds(1) }
    private var later: ContinuousClock.Instant { start + .milliseconds(2) }

    /// A channel that has just written an ack.
    private func busy(prefetch: Int) -> SettlementPace {
        var pace = SettlementPace(prefetch: prefetch)
        #expect(pace.settled(isAck: true, unwritten: 1, at: start) == true)
        pace.written(at: start)
        return pace
    }

    @Test("A lone ack is written at once, at the cost of one wake-up")
    func alone() {
        var pace = SettlementPace(prefetch: 300)
        #expect(pace.settled(isAck: true, unwritten: 1, at: start) == true)
        #expect(pace.isDue(at: start))
        pace.written(at: start)
        #expect(pace.settled(isAck: true, unwritten: 1, at: later) == true)
        #expect(pace.isDue(at: later))
    }

    @Test("Those that follow within 2 ms gather, and wake the thread once, for it to note until when")
    func gathering() {
        var pace = busy(prefetch: 300)
        #expect(pace.settled(isAck: true, unwritten: 1, at: soon) == true)
        for count in 2...31 { #expect(pace.settled(isAck: true, unwritten: count, at: soon) == false) }
        #expect(!pace.isDue(at: soon))
        #expect(pace.dueAt == later)
        #expect(pace.isDue(at: later))
    }

    @Test("When enough have gathered they are written at once", arguments: [(300, 32), (64, 32), (10, 5), (5, 2)])
    func batch(prefetch: Int, enough: Int) {
        var pace = busy(prefetch: prefetch)
        for count in 1..<enough { _ = pace.settled(isAck: true, unwritten: count, at: soon) }
        #expect(!pace.isDue(at: soon))
        #expect(pace.settled(isAck: true, unwritten: enough, at: soon) == true)
        #expect(pace.isDue(at: soon))
        #expect(pace.settled(isAck: true, unwritten: enough + 1, at: soon) == false)
    }

    @Test("With a small prefetch no ack waits", arguments: 1...4)
    func smallPrefetch(prefetch: Int) {
        var pace = busy(prefetch: prefetch)
        #expect(pace.settled(isAck: true, unwritten: 1, at: soon) == true)
        #expect(pace.isDue(at: soon))
    }

    @Test("What gives a message back is written at once, with whatever has gathered")
    func refusal() {
        var pace = busy(prefetch: 300)
        _ = pace.settled(isAck: true, unwritten: 1, at: soon)
        #expect(pace.settled(isAck: false, unwritten: 2, at: soon) == true)
        #expect(pace.isDue(at: soon))
        pace.written(at: soon)
        #expect(!pace.isDue(at: soon))
    }
}
