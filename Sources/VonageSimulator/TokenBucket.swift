/// Counts requests against a limit: a bucket that holds one interval's worth and fills evenly.
struct TokenBucket: Sendable {
    private let capacity: Double
    private let perSecond: Double
    private var level: Double
    private var filled: ContinuousClock.Instant

    /// Creates a full bucket.
    ///
    /// - Parameters:
    ///   - limit: the limit.
    ///   - now: the present.
    init(_ limit: SimulatorRateLimit, now: ContinuousClock.Instant) {
        capacity = Double(max(limit.requests, 1))
        perSecond = capacity / max(limit.interval / .seconds(1), 0.001)
        level = capacity
        filled = now
    }

    /// Takes one.
    ///
    /// - Parameter now: the present.
    /// - Returns: `nil` when there was one; else how long until there is.
    mutating func take(now: ContinuousClock.Instant) -> Duration? {
        level = min(capacity, level + filled.duration(to: now) / .seconds(1) * perSecond)
        filled = now
        guard level < 1 else {
            level -= 1
            return nil
        }
        return .seconds((1 - level) / perSecond)
    }
}
