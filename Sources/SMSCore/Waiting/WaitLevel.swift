/// The rungs of the delay ladder: one wait queue each, whose messages come back after a fixed time.
///
/// Each has a queue of its own because a queue expires messages at its head only: with a time per message one long wait
/// would hold up every short one behind it.
package enum WaitLevel: String, Hashable, Sendable, CaseIterable {
    case oneSecond = "1s"
    case fiveSeconds = "5s"
    case thirtySeconds = "30s"
    case twoMinutes = "2m"
    case tenMinutes = "10m"
    case oneHour = "1h"
    case sixHours = "6h"
    case oneDay = "24h"

    /// The word at the end of the queue's name.
    package var name: String { rawValue }

    /// How long a message stays.
    package var duration: Duration {
        switch self {
        case .oneSecond: .seconds(1)
        case .fiveSeconds: .seconds(5)
        case .thirtySeconds: .seconds(30)
        case .twoMinutes: .seconds(120)
        case .tenMinutes: .seconds(600)
        case .oneHour: .seconds(3_600)
        case .sixHours: .seconds(21_600)
        case .oneDay: .seconds(86_400)
        }
    }

    /// The longest level that ends in time, so that a long wait is a few long hops and then shorter and shorter ones.
    ///
    /// - Parameters:
    ///   - wait: how long the message waits in all.
    ///   - longest: no level above this one, for waits that something may end early.
    /// - Returns: the next hop; nil when even the shortest would be too late, and the rest is waited for in the process.
    package static func hop(for wait: Duration, longest: WaitLevel = .oneDay) -> WaitLevel? {
        allCases.last { $0.duration <= wait && $0.duration <= longest.duration }
    }
}
