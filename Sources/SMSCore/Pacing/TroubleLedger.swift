import Contracts

/// Which commands met the account's trouble, and when last; the oldest are forgotten.
struct TroubleLedger: Sendable {
    private static let most = 512
    private var times: [CommandID: Timestamp] = [:]
    private var order: [CommandID] = []
    /// Those that met it since the breaker opened.
    private var episode: Set<CommandID> = []

    func lastTrouble(of id: CommandID) -> Timestamp? { times[id] }

    func metTrouble(_ id: CommandID) -> Bool { episode.contains(id) }

    mutating func note(_ id: CommandID, at moment: Timestamp) {
        if times.updateValue(moment, forKey: id) == nil {
            order.append(id)
            if order.count > Self.most { forgetOldest() }
        }
        episode.insert(id)
    }

    private mutating func forgetOldest() {
        let oldest = order.removeFirst()
        times[oldest] = nil
        episode.remove(oldest)
    }

    /// The breaker closed.
    mutating func endEpisode() { episode = [] }
}
