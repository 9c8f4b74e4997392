package import Contracts

/// The moment up to which what is over may be deleted: it follows the wall clock, and never faster than time passes.
///
/// A wall clock that is a month ahead for a minute would otherwise have everything deleted that repeats are known by.
/// After a time without a process the moment is behind; it catches up some times as fast as time passes, once the
/// provider's clock has confirmed ours. It performs nothing and reads no clock.
package struct SweepClock: Hashable, Sendable {
    /// How much faster than time it goes while it catches up.
    package static let catchUp = 24

    /// The moment.
    package private(set) var moment: Timestamp

    /// A clock that shows the moment to which it came before.
    package init(moment: Timestamp) {
        self.moment = moment
    }

    /// Lets time pass.
    ///
    /// - Parameters:
    ///   - wall: what the wall clock shows.
    ///   - elapsed: how much time has passed since the last call, by a monotonic clock; zero for the first.
    ///   - trust: what is known of the wall clock.
    package mutating func advance(to wall: Timestamp, elapsed: Duration, trust: ClockTrust) {
        guard wall > moment else {
            moment = wall
            return
        }
        switch trust {
        case .wrong: return
        case .unknown: moment = min(wall, moment + elapsed)
        case .confirmed: moment = min(wall, moment + elapsed * Self.catchUp)
        }
    }
}

/// What is known of the wall clock.
package enum ClockTrust: Hashable, Sendable {
    /// The time is not known yet.
    case unknown
    /// The clock of another machine showed the same.
    case confirmed
    /// It cannot be right.
    case wrong
}
