import Testing

@testable import Contracts

@Suite("The wall clock")
struct WallClockTests {
    private let machine = Timestamp(milliseconds: 1_795_579_200_000)

    @Test("is the machine's while nothing else is known, and while it is near to what is known")
    func near() {
        #expect(WallClock.present(machine: machine, known: nil) == machine)
        for seconds in [-60, -1, 0, 1, 60] {
            #expect(WallClock.present(machine: machine, known: machine + .seconds(seconds)) == machine)
        }
    }

    @Test("is the known time while the machine's is wrong, in either direction")
    func wrong() {
        for seconds in [-31 * 86_400, -61, 61, 31 * 86_400] {
            let known = machine + .seconds(seconds)
            #expect(WallClock.present(machine: machine, known: known) == known)
        }
    }
}
