/// When to try again: exponential, with full jitter, for ever.
///
/// Attempt n waits a random time up to `min(longest, first * 2^n)`, but never less than half of `first`, so that a broker
/// that refuses at once is not asked in a tight loop.
struct ReconnectSchedule {
    private let first: Duration
    private let longest: Duration
    /// Attempts that failed since the last success that held.
    private(set) var failures = 0

    /// Pauses within the given range.
    init(_ range: ClosedRange<Duration>) {
        first = range.lowerBound
        longest = range.upperBound
    }

    /// The pause after one more failure.
    ///
    /// `fraction`: where in the jitter range, from 0 to 1.
    mutating func nextDelay(fraction: Double) -> Duration {
        let doublings = min(failures, 20)
        failures += 1
        let ceiling = min(longest, first * (1 << doublings))
        let share = min(1, max(0, fraction))
        return max(first / 2, ceiling * share)
    }

    /// Begins anew, after a connection that held long enough.
    mutating func reset() {
        failures = 0
    }
}
