import Synchronization

/// A clock whose sleeps return at once, and are recorded.
package final class ImmediateClock: Clock {
    /// A moment of this clock: the time since its beginning.
    package struct Instant: InstantProtocol {
        package var offset: Duration = .zero

        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex<(now: Instant, slept: [Duration])>((Instant(), []))

    /// A clock at its beginning.
    package init() {}

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .zero }
    /// The lengths of all sleeps so far.
    package var slept: [Duration] { state.withLock { $0.slept } }

    /// Lets time pass without a sleep.
    package func pass(_ duration: Duration) { state.withLock { $0.now.offset += duration } }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.slept.append(state.now.duration(to: deadline))
            state.now = max(state.now, deadline)
        }
        await Task.yield()
    }
}
