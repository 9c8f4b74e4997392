package import Contracts
package import SMSCore
import Synchronization

/// The clock that decides what is old: the store keeps its time, so that it does not run ahead in a restart either.
package final class SweepTime: Sendable {
    private struct State {
        var clock: SweepClock?
        var advancedAt: Duration = .zero
    }

    private let log: any SweepLog
    private let time: Stopwatch
    private let wall: @Sendable () -> Timestamp
    private let trust: @Sendable () -> ClockTrust
    private let state = Mutex(State())

    /// A clock; it shows nothing before the first `advance`.
    ///
    /// - Parameters:
    ///   - log: keeps the moment.
    ///   - time: monotonic time.
    ///   - wall: the wall-clock time.
    ///   - trust: what is known of the wall clock.
    package init(
        log: any SweepLog,
        time: Stopwatch = Stopwatch(),
        wall: @escaping @Sendable () -> Timestamp = { .now },
        trust: @escaping @Sendable () -> ClockTrust
    ) {
        self.log = log
        self.time = time
        self.wall = wall
        self.trust = trust
    }

    /// Its present moment; nil before the first `advance`.
    package var moment: Timestamp? { state.withLock { $0.clock?.moment } }

    /// Advances by the time since the last call, and keeps the moment.
    ///
    /// - Returns: the moment; nil while the wall clock is known to be wrong, and nothing may be deleted.
    /// - Throws: what the store throws.
    package func advance() async throws -> Timestamp? {
        if moment == nil {
            // In a new store there is nothing that could be deleted too early.
            let clock = SweepClock(moment: try await log.sweepMoment() ?? wall())
            state.withLock { state in
                state.clock = clock
                state.advancedAt = time.elapsed()
            }
        }
        let shown = wall()
        let known = trust()
        let reached = state.withLock { state -> Timestamp? in
            let now = time.elapsed()
            state.clock?.advance(to: shown, elapsed: now - state.advancedAt, trust: known)
            state.advancedAt = now
            return state.clock?.moment
        }
        guard let reached else { return nil }
        try await log.noteSweepMoment(reached)
        return known == .wrong ? nil : reached
    }
}
