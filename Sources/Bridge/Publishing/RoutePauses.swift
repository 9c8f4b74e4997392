/// Which routes the broker has refused, and how long each is paused: a full queue that refuses an event takes nothing
/// from the others that are bound, so that each trial is one more copy for all of them.
///
/// It has no effects and reads no clock; moments are times since some beginning.
struct RoutePauses: Sendable {
    /// How long a route is paused after its first refusal.
    static let first: Duration = .seconds(1)
    /// The pauses double up to this.
    static let longest: Duration = .seconds(300)

    private struct Pause {
        var length: Duration
        var until: Duration
    }

    private var pauses: [SpoolRoute: Pause] = [:]

    /// Whether a route has been refused, and nothing taken since.
    func contains(_ route: SpoolRoute) -> Bool { pauses[route] != nil }

    /// Whether a route is paused now.
    func isResting(_ route: SpoolRoute, now: Duration) -> Bool {
        pauses[route].map { now < $0.until } ?? false
    }

    /// When the next route may be tried; nil when none has been refused.
    var next: Duration? { pauses.values.map(\.until).min() }

    /// Whether a route may be tried; a caller that gets true tries it, and no other gets true before the next pause is
    /// over.
    mutating func mayTry(_ route: SpoolRoute, now: Duration) -> Bool {
        guard let pause = pauses[route] else { return true }
        guard now >= pause.until else { return false }
        let length = min(pause.length * 2, Self.longest)
        pauses[route] = Pause(length: length, until: now + length)
        return true
    }

    /// A route was refused; refusals of what was under way at the first, and of the trial, do not prolong the pause.
    mutating func refused(_ route: SpoolRoute, now: Duration) {
        if pauses[route] == nil { pauses[route] = Pause(length: Self.first, until: now + Self.first) }
    }

    /// A route took something.
    mutating func taken(_ route: SpoolRoute) { pauses[route] = nil }

    /// Nothing waits for any route.
    mutating func forgetAll() { pauses = [:] }
}
