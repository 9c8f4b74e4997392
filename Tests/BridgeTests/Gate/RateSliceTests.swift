import Testing

@testable import Bridge

@Suite("A slice of a shared rate")
struct RateSliceTests {
    @Test("a slot lapses when its tolerance is over; where there is no rate nothing does")
    func lapses() {
        let now = ContinuousClock.now
        let slot = RateSlices.Slot.at(now, tolerance: .milliseconds(10))
        #expect(!slot.hasLapsed(at: now + .milliseconds(10)))
        #expect(slot.hasLapsed(at: now + .milliseconds(11)))
        #expect(!RateSlices.Slot.none.hasLapsed(at: now + .seconds(60)))
    }

    @Test("leaves one in a hundred out")
    func intervals() {
        #expect(RateSlice.interval(.milliseconds(20)) == .microseconds(20_200))
    }

    @Test("tolerates half an interval, at least ten milliseconds and at most a quarter of a second")
    func tolerances() {
        #expect(RateSlice.tolerance(every: .milliseconds(100)) == .milliseconds(50))
        #expect(RateSlice.tolerance(every: .milliseconds(1)) == .milliseconds(10))
        #expect(RateSlice.tolerance(every: .seconds(60)) == .milliseconds(250))
    }

    private let begin = ContinuousClock.now
    private let interval: Duration = .milliseconds(20)

    @Test("holds a quarter of a second's worth, and at least one")
    func sizes() {
        #expect(RateSlice.size(every: .milliseconds(20)) == 12)
        #expect(RateSlice.size(every: .seconds(1)) == 1)
    }

    @Test("gives each slot once, in order")
    func order() {
        var slice = RateSlice(begin: begin, count: 3)
        let slots = (0..<4).map { _ in slice.take(1, every: interval, now: begin) }
        #expect(slots == [begin, begin + interval, begin + interval * 2, nil])
    }

    @Test("loses what is not used in its time")
    func lapse() {
        var slice = RateSlice(begin: begin, count: 5)
        let late = begin + .milliseconds(65)
        #expect(slice.take(1, every: interval, now: late) == begin + interval * 3)
        #expect(slice.take(1, every: interval, now: late) == begin + interval * 4)
        #expect(slice.take(1, every: interval, now: late) == nil)
    }

    @Test("gives a message of several segments as many slots, or none")
    func segments() {
        var slice = RateSlice(begin: begin, count: 4)
        #expect(slice.take(3, every: interval, now: begin) == begin)
        #expect(slice.take(3, every: interval, now: begin) == nil)
    }
}

@Suite("The clock that processes share")
struct SharedClockTests {
    private let begin = ContinuousClock.now

    /// When the shared clock is zero, by an answer that shows `shown`, all counted from `begin`.
    private func zero(_ clock: inout SharedClock, shown: Int, asked: Int, answered: Int) -> Duration {
        clock.zero(
            whenIt: .milliseconds(shown),
            asked: begin + .milliseconds(asked),
            answered: begin + .milliseconds(answered)
        ) - begin
    }

    @Test("is dated by the quickest answer, so that a slow one moves no slot")
    func quickest() {
        var clock = SharedClock()
        #expect(zero(&clock, shown: 1_000, asked: 0, answered: 600) == .milliseconds(-400))
        #expect(zero(&clock, shown: 2_000, asked: 999, answered: 1_002) == .milliseconds(-998))
        #expect(zero(&clock, shown: 3_000, asked: 1_998, answered: 2_900) == .milliseconds(-998))
    }

    @Test("follows at once when the clock is set forward or back")
    func set() {
        var clock = SharedClock()
        #expect(zero(&clock, shown: 1_000, asked: 0, answered: 2) == .milliseconds(-998))
        #expect(zero(&clock, shown: 61_000, asked: 1_000, answered: 1_002) == .milliseconds(-59_998))
        #expect(zero(&clock, shown: 3_000, asked: 2_000, answered: 2_002) == .milliseconds(-998))
    }

    @Test("forgets old answers, for clocks drift apart")
    func drift() {
        var clock = SharedClock()
        _ = zero(&clock, shown: 0, asked: 0, answered: 1)
        for number in 1...64 {
            _ = zero(&clock, shown: number * 1_000, asked: number * 1_000, answered: number * 1_000 + 2)
        }
        #expect(zero(&clock, shown: 65_000, asked: 65_000, answered: 65_002) == .milliseconds(2))
    }
}
