import Contracts
import SMSCore
import Testing

@Suite("The sweep's clock")
struct SweepClockTests {
    private static let start = Timestamp(milliseconds: 1_795_579_200_000)

    @Test("goes with the wall clock, and no faster than time while it is not confirmed")
    func pace() {
        var clock = SweepClock(moment: Self.start)
        clock.advance(to: Self.start + .seconds(60), elapsed: .seconds(60), trust: .unknown)
        #expect(clock.moment == Self.start + .seconds(60))
        clock.advance(to: Self.start + .seconds(2_678_400), elapsed: .seconds(60), trust: .unknown)
        #expect(clock.moment == Self.start + .seconds(120))
        // The jump is over.
        clock.advance(to: Self.start + .seconds(180), elapsed: .seconds(60), trust: .unknown)
        #expect(clock.moment == Self.start + .seconds(180))
    }

    @Test("stands still while the wall clock is known to be wrong")
    func wrong() {
        var clock = SweepClock(moment: Self.start)
        clock.advance(to: Self.start + .seconds(2_678_400), elapsed: .seconds(3_600), trust: .wrong)
        #expect(clock.moment == Self.start)
    }

    @Test("catches up once the wall clock is confirmed, and never overtakes it")
    func catchUp() {
        var clock = SweepClock(moment: Self.start)
        let wall = Self.start + .seconds(2_000)
        clock.advance(to: wall, elapsed: .seconds(60), trust: .confirmed)
        #expect(clock.moment == Self.start + .seconds(1_440))
        clock.advance(to: wall, elapsed: .seconds(60), trust: .confirmed)
        #expect(clock.moment == wall)
    }

    @Test("follows a wall clock that is set back", arguments: [ClockTrust.unknown, .confirmed, .wrong])
    func back(trust: ClockTrust) {
        var clock = SweepClock(moment: Self.start)
        clock.advance(to: Self.start - .seconds(500), elapsed: .seconds(1), trust: trust)
        #expect(clock.moment == Self.start - .seconds(500))
    }
}
