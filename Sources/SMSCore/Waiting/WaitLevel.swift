/// The levels of the wait queues: one queue each, whose messages come back after a fixed time.
///
/// Each has a queue of its own because a queue expires messages at its head only: with a time per message one long wait
/// would hold up every short one behind it. There are so many of them that two hops come near any wait of up to a day.
package enum WaitLevel: String, Hashable, Sendable, CaseIterable {
    case oneSecond = "1s"
    case twoSeconds = "2s"
    case fiveSeconds = "5s"
    case tenSeconds = "10s"
    case fifteenSeconds = "15s"
    case thirtySeconds = "30s"
    case oneMinute = "1m"
    case twoMinutes = "2m"
    case fiveMinutes = "5m"
    case tenMinutes = "10m"
    case thirtyMinutes = "30m"
    case oneHour = "1h"
    case threeHours = "3h"
    case sixHours = "6h"
    case twelveHours = "12h"
    case oneDay = "24h"

    /// The word at the end of the queue's name.
    package var name: String { rawValue }

    /// How long a message stays.
    package var duration: Duration {
        switch self {
        case .oneSecond: .seconds(1)
        case .twoSeconds: .seconds(2)
        case .fiveSeconds: .seconds(5)
        case .tenSeconds: .seconds(10)
        case .fifteenSeconds: .seconds(15)
        case .thirtySeconds: .seconds(30)
        case .oneMinute: .seconds(60)
        case .twoMinutes: .seconds(120)
        case .fiveMinutes: .seconds(300)
        case .tenMinutes: .seconds(600)
        case .thirtyMinutes: .seconds(1_800)
        case .oneHour: .seconds(3_600)
        case .threeHours: .seconds(10_800)
        case .sixHours: .seconds(21_600)
        case .twelveHours: .seconds(43_200)
        case .oneDay: .seconds(86_400)
        }
    }

    /// By how much a hop may be too long where that does no harm: the wait was decided a moment ago, and what is left
    /// by now would else take several short hops more.
    private var slack: Duration { min(.seconds(1), duration / 4) }

    /// The longest level that ends in time, so that a long wait is a long hop and then a short one.
    ///
    /// - Parameters:
    ///   - wait: how long the message waits in all.
    ///   - mayBeLate: whether it may come back up to a second late.
    /// - Returns: the next hop; nil when even the shortest would be too late, and the rest is waited for in the
    ///   process.
    package static func hop(for wait: Duration, mayBeLate: Bool = false) -> WaitLevel? {
        allCases.last { $0.duration <= (mayBeLate ? wait + $0.slack : wait) }
    }

    /// The wait nearest to another that takes two hops at most, for waits whose length need not be exact; what is
    /// shorter than the shortest level, or longer than the longest, stays as it is.
    ///
    /// A delay that was spread at random is spread over the levels by that.
    package static func nearest(to wait: Duration) -> Duration {
        guard wait >= oneSecond.duration, wait <= oneDay.duration else { return wait }
        func distance(_ other: Duration) -> Duration { other < wait ? wait - other : other - wait }
        var best = oneSecond.duration
        for first in allCases {
            for sum in [first.duration] + allCases.map({ first.duration + $0.duration })
            where distance(sum) < distance(best) {
                best = sum
            }
        }
        return best
    }
}
