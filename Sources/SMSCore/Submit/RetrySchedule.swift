package import Contracts

/// When a command that was surely not taken is tried again, and when it is given up.
package struct RetrySchedule: Hashable, Sendable {
    /// Requests in all, at least 1: `RETRY_MAX_ATTEMPTS`, default 6.
    package let maxAttempts: Int
    /// The waits after the first, second … failed attempt; the last repeats: `RETRY_DELAYS`, default 1 s, 5 s, 30 s, 2 min,
    /// 10 min.
    package let delays: [Duration]
    /// How long after the first failed attempt the last may be: `RETRY_MAX_AGE`, default 24 h.
    package let maxAge: Duration

    /// A schedule; the defaults are the contract's.
    package init(
        maxAttempts: Int = 6,
        delays: [Duration] = [.seconds(1), .seconds(5), .seconds(30), .seconds(120), .seconds(600)],
        maxAge: Duration = .seconds(86_400)
    ) {
        self.maxAttempts = max(1, maxAttempts)
        self.delays = delays
        self.maxAge = maxAge
    }

    /// What comes after a failed attempt.
    ///
    /// - Parameters:
    ///   - attempts: requests made so far, this one included.
    ///   - firstFailure: when the first failed one was made.
    ///   - now: the moment of asking.
    ///   - spread: a random number from 0 to 1; it moves the delay by up to 20 % to either side.
    /// - Returns: the wait before the next attempt, or why there is none.
    package func next(after attempts: Int, firstFailure: Timestamp, now: Timestamp, spread: Double) -> Next {
        guard attempts < maxAttempts else { return .exhausted(.retriesExhausted) }
        guard now - firstFailure < maxAge else { return .exhausted(.tooOld) }
        let index = min(max(attempts, 1), delays.count) - 1
        let delay = delays.indices.contains(index) ? delays[index] : .zero
        let factor = 0.8 + 0.4 * min(max(spread, 0), 1)
        return .wait(.milliseconds((Double(delay.wholeMilliseconds) * factor).rounded()))
    }

    /// The answer of a schedule.
    package enum Next: Hashable, Sendable {
        /// Try again after so long.
        case wait(Duration)
        /// Give up, for this reason.
        case exhausted(ErrorCode)
    }
}
