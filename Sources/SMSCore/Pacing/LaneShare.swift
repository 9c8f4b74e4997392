import Contracts

/// Whose turn it is when both lanes wait: `send` first, but at least every tenth grant, and a tenth of what is counted,
/// is bulk.
struct LaneShare: Hashable, Sendable {
    private static let sendsPerBulk = 9
    /// Grants to `send` while bulk waited, since bulk had its last, and what they cost.
    private var grants = 0
    private var cost = 0

    /// Whether bulk comes first now, with a message of so much cost.
    func isBulkDue(cost bulkCost: Int) -> Bool {
        grants >= Self.sendsPerBulk || cost >= Self.sendsPerBulk * bulkCost
    }

    /// A grant was made.
    mutating func note(_ lane: Lane, cost: Int, bulkWaited: Bool) {
        if lane == .send, bulkWaited {
            grants += 1
            self.cost += cost
        } else if lane == .bulk {
            grants = 0
            self.cost = 0
        }
    }
}
