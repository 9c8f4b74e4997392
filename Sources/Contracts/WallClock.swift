import FoundationEssentials
import Synchronization

/// The clock that ``Timestamp/now`` reads: this machine's wall clock, unless another clock has shown that it is wrong.
///
/// Schedules, expiries and retention are kept by wall-clock time, so a clock that jumps would send early, give up, or
/// wait for the length of the jump. Every answer of the provider carries its time. From then on this process knows the
/// time by its monotonic clock, which cannot be set, and takes the machine's wall clock only while that is near to it.
/// Before the first answer the machine's wall clock is taken as it is.
package enum WallClock {
    /// How far the machine's clock may be from the known time; the provider refuses tokens of another time as well.
    package static let tolerance: Duration = .seconds(60)

    private static let start = ContinuousClock.now
    private static let unknown = Int64.min
    /// The known time at `start`, in milliseconds since 1970.
    private static let timeAtStart = Atomic<Int64>(unknown)

    /// The present, see ``present(machine:known:)``.
    static var now: Timestamp { present(machine: machine, known: known) }

    /// What this machine's clock shows, right or wrong; for log lines, which are compared with those of other programs.
    package static var machine: Timestamp { Timestamp(Date()) }

    /// Another clock shows this time now; exact to about a second.
    package static func isShown(elsewhere time: Timestamp) {
        timeAtStart.store((time - elapsed).milliseconds, ordering: .relaxed)
    }

    /// The time by the other clock that was read last; nil before any was.
    private static var known: Timestamp? {
        let milliseconds = timeAtStart.load(ordering: .relaxed)
        return milliseconds == unknown ? nil : Timestamp(milliseconds: milliseconds) + elapsed
    }

    private static var elapsed: Duration { start.duration(to: .now) }

    /// What time it is.
    ///
    /// - Parameters:
    ///   - machine: what this machine's wall clock shows.
    ///   - known: the time by another clock and the monotonic one; nil when nothing is known.
    /// - Returns: the machine's time within ``tolerance`` of the known one, else the known one.
    static func present(machine: Timestamp, known: Timestamp?) -> Timestamp {
        guard let known else { return machine }
        let offset = known - machine
        return offset > tolerance || offset < .zero - tolerance ? known : machine
    }
}
