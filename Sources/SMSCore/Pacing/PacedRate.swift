/// A rate without bursts: each grant has a slot, and slots keep their distance.
///
/// Times are monotonic, counted from any origin. The slot of a grant is the earliest one allowed, or now if that is
/// later: idle time is not saved up. A timer that fires late makes the following slots no later, as long as it is late
/// by less than `tolerance`; past that the time is lost, for making it up would be a burst.
///
/// What this holds: in any second, ends included, at most one grant more than the rate. Slots are `interval` apart and
/// a grant comes less than `tolerance` after its slot, so n grants within a second have slots within 1 s + `tolerance`,
/// which is less than rate + 1 intervals. Above 99 a second the interval is stretched for that, by 1 % at
/// most, so that there is always a tolerance of 10 ms. In segments the one more is one message more.
package struct PacedRate: Hashable, Sendable {
    /// The limit as it was configured.
    package let limit: PaceLimit
    /// The distance of two slots of cost 1 at full speed; zero when unlimited.
    let interval: Duration
    /// How late a grant may be for its slot without the next one moving.
    let tolerance: Duration

    private var next: Duration = .zero
    private var heldUntil: Duration = .zero
    /// The share of the rate in force at `growsFrom`; 1 is all of it.
    private var share = 1.0
    private var growsFrom: Duration = .zero
    private var halvedAt: Duration?

    /// How much of the configured rate comes back in each second after a halving.
    private static let growthPerSecond = 0.05
    private static let leastShare = 0.01

    /// A rate that has granted nothing yet.
    package init(_ limit: PaceLimit) {
        self.limit = limit
        guard case .limited(let count, let per, _) = limit, count > 0, per > .zero else {
            self.interval = .zero
            self.tolerance = .zero
            return
        }
        let perSecond = Double(count) / (per / .seconds(1))
        let interval = max(per / count, .milliseconds(1010) / (perSecond + 1))
        self.interval = interval
        // Strictly less than what would let one more in.
        self.tolerance = min(interval * (perSecond + 1) - .seconds(1) - .microseconds(1), .seconds(1))
    }

    /// Whether grants come as they are asked for; a `hold` counts nevertheless.
    package var isUnlimited: Bool { interval == .zero }

    /// The earliest slot of the next grant; it may lie in the past.
    package var earliest: Duration { max(next, heldUntil) }

    /// When sending may go on after a `hold`; it may lie in the past.
    package var holdsUntil: Duration { heldUntil }

    /// What a message costs: its segments (at least 1) where the limit counts those, else 1.
    package func cost(ofSegments segments: Int) -> Int {
        if case .limited(_, _, .segments) = limit { max(1, segments) } else { 1 }
    }

    /// Takes the next slot; the caller has seen that `earliest` has come, or is close enough to grant ahead of it.
    ///
    /// - Parameters:
    ///   - cost: what the message costs.
    ///   - now: the moment of granting.
    ///   - wasAwaited: whether a request has been waiting for the slot since it became free: then it is a late timer
    ///     that is made up for, and no idle time saved up.
    /// - Returns: the slot.
    package mutating func take(cost: Int, now: Duration, wasAwaited: Bool) -> Duration {
        let slot = max(earliest, wasAwaited ? now - tolerance : now)
        next = slot + span(of: cost, from: slot)
        return slot
    }

    /// Takes a slot instead of one that was missed.
    ///
    /// The missed slot is lost. What was granted before a hold does not wait for its end.
    ///
    /// - Parameters:
    ///   - missed: the slot that was taken before.
    ///   - cost: what the message costs.
    ///   - now: the moment at which it is ready to go.
    /// - Returns: the slot; nil when the first one is still good.
    package mutating func retake(_ missed: Duration, cost: Int, now: Duration) -> Duration? {
        guard !isUnlimited, now - missed > tolerance, heldUntil <= now else { return nil }
        return take(cost: cost, now: now, wasAwaited: false)
    }

    /// How long a cost takes from some moment on, at the speed in force then and its growth.
    package func span(of cost: Int, from start: Duration) -> Duration {
        let full = interval * cost
        let share = share(at: start)
        guard full > .zero, share < 1 else { return full }
        // What is earned in t seconds of growth is share × t + growth × t² / 2; the rest comes at full speed.
        let growth = Self.growthPerSecond
        let work = full / .seconds(1)
        let untilFull = (1 - share) / growth
        let earnedUntilFull = (share + 1) / 2 * untilFull
        let seconds =
            work <= earnedUntilFull
            ? ((share * share + 2 * growth * work).squareRoot() - share) / growth
            : untilFull + work - earnedUntilFull
        return .seconds(seconds)
    }

    /// Grants nothing before a moment; a later hold that was asked for before stays.
    package mutating func hold(until moment: Duration) {
        heldUntil = max(heldUntil, moment)
    }

    /// Halves the speed; it grows back by 5 % of the configured rate a second, from the end of a hold on.
    ///
    /// Many requests may be under way when the provider begins to throttle. Their answers are all about the same speed,
    /// so only one that was granted after the last halving halves again.
    ///
    /// - Parameters:
    ///   - now: the moment of the answer.
    ///   - grantedAt: when the throttled request was granted.
    package mutating func halve(now: Duration, grantedAt: Duration) {
        guard !isUnlimited else { return }
        if let halvedAt, grantedAt < halvedAt { return }
        share = max(share(at: now) / 2, Self.leastShare)
        growsFrom = max(now, heldUntil)
        halvedAt = now
    }

    /// Units a second at a moment; nil when unlimited.
    package func unitsPerSecond(at now: Duration) -> Double? {
        isUnlimited ? nil : share(at: now) / (interval / .seconds(1))
    }

    private func share(at moment: Duration) -> Double {
        guard share < 1 else { return 1 }
        let grown = max(0, (moment - growsFrom) / .seconds(1)) * Self.growthPerSecond
        return min(1, share + grown)
    }
}
