import Contracts

/// How many requests may be under way at once, and how the two lanes share that.
///
/// A quarter is reserved for `send`, so bulk holds three quarters at most (but may always hold one). When the rate is
/// unlimited, a tenth is kept for bulk while it waits; a limited rate keeps bulk's share by itself.
struct InFlightLimit: Hashable, Sendable {
    let total: Int
    private let bulkMost: Int
    private let keptForBulk: Int
    private var counts: [Lane: Int] = [:]

    init(total: Int, rateIsUnlimited: Bool) {
        self.total = max(1, total)
        self.bulkMost = max(1, self.total * 3 / 4)
        self.keptForBulk = rateIsUnlimited ? self.total / 10 : 0
    }

    /// Requests under way, by lane.
    func count(of lane: Lane) -> Int { counts[lane] ?? 0 }

    /// Requests under way.
    var inFlight: Int { counts.values.reduce(0, +) }

    /// Whether one more of a lane may begin.
    func admits(_ lane: Lane, bulkWaits: Bool) -> Bool {
        guard inFlight < total else { return false }
        return switch lane {
        case .send: !bulkWaits || count(of: .send) < total - keptForBulk
        case .bulk: count(of: .bulk) < bulkMost
        }
    }

    mutating func begin(_ lane: Lane) { counts[lane, default: 0] += 1 }

    mutating func end(_ lane: Lane) { counts[lane] = max(0, count(of: lane) - 1) }
}
