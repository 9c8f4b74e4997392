package import Contracts

/// The gate's time: a monotonic one for its slots, and the wall clock for what leaves the process.
package struct GateTime: Sendable {
    /// Time since this value was made.
    let now: @Sendable () -> Duration
    /// The same moment by the wall clock.
    let wall: @Sendable () -> Timestamp
    /// Waits until a moment of `now`; throws when the task is cancelled.
    let sleep: @Sendable (_ until: Duration) async throws -> Void

    /// Time of a clock.
    ///
    /// - Parameters:
    ///   - clock: what is slept on, as precisely as it can.
    ///   - wall: the wall-clock time; by default the present.
    package init<C: Clock>(
        _ clock: C = ContinuousClock(),
        wall: @escaping @Sendable () -> Timestamp = { .now }
    ) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.wall = wall
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: .zero) }
    }
}
