import Bridge
import Contracts
import TestSupport
import Testing

@Suite("The board of outcomes", .timeLimit(.minutes(3)))
struct OutcomeBoardTests {
    private func event(_ id: String) -> OutcomeBoard.Event {
        CloudEvent(
            id: id,
            type: "sms.outbound.accepted",
            subject: nil,
            time: Samples.moment,
            data: OutboundEvent(commandID: id)
        )
    }

    @Test("gives each reply to the request that waits for it, also one that came before the wait")
    func replies() async {
        let board = OutcomeBoard()
        let one = board.expect("1")
        let two = board.expect("2")
        #expect(board.deliver(event("b"), correlationID: "2"))
        #expect(await two.outcome(within: .seconds(60))?.id == "b")
        async let first = one.outcome(within: .seconds(60))
        #expect(board.deliver(event("a"), correlationID: "1"))
        #expect(await first?.id == "a")
        #expect(board.count == 0)
    }

    @Test("gives no reply twice, and none to a place that was left")
    func atMostOnce() {
        let board = OutcomeBoard()
        let place = board.expect("1")
        #expect(board.deliver(event("a"), correlationID: "1"))
        #expect(!board.deliver(event("a"), correlationID: "1"))
        #expect(!board.deliver(event("a"), correlationID: "unknown"))
        place.leave()
        board.expect("2").leave()
        #expect(!board.deliver(event("a"), correlationID: "2"))
        #expect(board.count == 0)
    }

    @Test("ends a wait at its limit")
    func limit() async {
        let clock = ManualClock()
        let board = OutcomeBoard(clock: clock)
        let place = board.expect("1")
        async let outcome = place.outcome(within: .seconds(10))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(10))
        #expect(await outcome == nil)
        place.leave()
        #expect(board.count == 0)
    }

    @Test("ends the wait of a task that is cancelled")
    func cancelled() async {
        let clock = ManualClock()
        let place = OutcomeBoard(clock: clock).expect("1")
        let waiting = Task { await place.outcome(within: .seconds(10)) }
        await clock.waitForSleepers(1)
        waiting.cancel()
        #expect(await waiting.value == nil)
    }
}
