import Synchronization

/// Which of the things that any client can cause (refused webhooks, webhooks that are not kept, refused connections)
/// have a line in the log: the first for each reason, then one a minute with their number.
///
/// The log must not grow with what clients can repeat without limit. The reasons are a closed set, so the memory is
/// bounded.
package final class RefusalLines: Sendable {
    private static let pause: Duration = .seconds(60)

    private struct Reason {
        var next: ContinuousClock.Instant
        /// Refusals since the last line.
        var unlogged = 0
    }

    private let reasons = Mutex<[String: Reason]>([:])

    /// No refusals yet.
    package init() {}

    /// Asks for a line.
    ///
    /// - Parameters:
    ///   - label: the reason, a word from a closed set.
    ///   - now: the time.
    /// - Returns: how many the line stands for, this one included; `nil` when it has none.
    package func take(_ label: String, now: ContinuousClock.Instant) -> Int? {
        reasons.withLock { reasons in
            guard var reason = reasons[label], now < reason.next else {
                let count = (reasons[label]?.unlogged ?? 0) + 1
                reasons[label] = Reason(next: now + Self.pause)
                return count
            }
            reason.unlogged += 1
            reasons[label] = reason
            return nil
        }
    }
}
