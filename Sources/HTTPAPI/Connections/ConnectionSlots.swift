/// Which connections a port takes, and which one has to go for another.
///
/// Pure: it performs nothing. Its rules:
/// - The number of slots is fixed. Some of them are kept for clients on this host, among which are health checks.
/// - No address has more than its share. This host and trusted proxies have none, for each stands for many clients.
/// - A newcomer that finds no slot gets that of an idle connection (nothing was requested over it, or all is answered):
///   the one that is idle for longest; of its own address where its share is used up, else of the source that holds
///   most, which is the newcomer's own where no other holds more. So idle connections keep no client out.
/// - Where nothing is idle, the newcomer is refused.
struct ConnectionSlots {
    /// Where a connection comes from.
    enum Source: Hashable, Sendable {
        /// This host.
        case local
        /// A proxy that is trusted.
        case proxy
        /// An address, or an IPv6 network of 64 bits; empty for what has none.
        case network([UInt8])

        /// Whether it stands for many clients.
        var isMany: Bool {
            switch self {
            case .local, .proxy: true
            case .network: false
            }
        }
    }

    /// What a newcomer gets.
    enum Taking: Equatable, Sendable {
        /// A slot, with the connection's number, and the number of the connection that it was taken from.
        case taken(Int, from: Int?)
        /// Nothing: no slot is free, or (`isShare`) none of its address's share.
        case refused(isShare: Bool)
    }

    /// What one source has.
    private struct Holding {
        var count = 0
        /// Since when each of its idle connections is idle, as a number that grows.
        var idle: [Int: Int] = [:]

        /// The connection that has been idle for longest.
        var longestIdle: (number: Int, since: Int)? {
            idle.min { $0.value < $1.value }.map { (number: $0.key, since: $0.value) }
        }
    }

    private let limit: Int
    private let share: Int
    private let kept: Int
    private var sources: [Int: Source] = [:]
    private var holdings: [Source: Holding] = [:]
    /// Counts what happens: connections get their numbers from it, and their order.
    private var turn = 0

    /// All slots are free.
    ///
    /// - Parameters:
    ///   - limit: how many there are, at least one.
    ///   - share: how many one address may have, at least one.
    ///   - kept: how many of them are kept for clients on this host.
    init(limit: Int, share: Int, kept: Int) {
        self.limit = max(1, limit)
        self.share = max(1, share)
        self.kept = min(max(0, kept), self.limit - 1)
    }

    /// How many connections have a slot.
    var count: Int { sources.count }

    /// Asks for a slot, which has to be given back with ``giveBack(_:)`` if there is one; the new connection is idle.
    ///
    /// - Parameter source: where the connection comes from.
    /// - Returns: whether there is one, and which connection had it.
    mutating func take(_ source: Source) -> Taking {
        let own = source.isMany ? 0 : holdings[source]?.count ?? 0
        var leaving: Int?
        if !source.isMany, own >= share {
            leaving = holdings[source]?.longestIdle?.number
            guard leaving != nil else { return .refused(isShare: true) }
        } else if sources.count >= (source == .local ? limit : limit - kept) {
            leaving = longestIdle(for: source, holdingMoreThan: own)
            guard leaving != nil else { return .refused(isShare: false) }
        }
        if let leaving { giveBack(leaving) }
        turn += 1
        sources[turn] = source
        holdings[source, default: Holding()].count += 1
        holdings[source]?.idle[turn] = turn
        return .taken(turn, from: leaving)
    }

    /// Notes whether a request waits for its answer over a connection.
    ///
    /// - Parameters:
    ///   - number: the connection's number; one that has lost its slot is ignored.
    ///   - isIdle: whether none waits.
    mutating func note(_ number: Int, isIdle: Bool) {
        guard let source = sources[number] else { return }
        turn += 1
        holdings[source]?.idle[number] = isIdle ? turn : nil
    }

    /// Gives a slot back.
    ///
    /// - Parameter number: the connection's number; one that has lost its slot is ignored.
    mutating func giveBack(_ number: Int) {
        guard let source = sources.removeValue(forKey: number) else { return }
        holdings[source]?.count -= 1
        holdings[source]?.idle[number] = nil
        if holdings[source]?.count == 0 { holdings[source] = nil }
    }

    /// The connection that has been idle for longest, of the source that holds most: the newcomer's own, or another one
    /// that holds more.
    private func longestIdle(for newcomer: Source, holdingMoreThan own: Int) -> Int? {
        var found: (number: Int, since: Int)?
        var most = 0
        for (source, holding) in holdings where holding.count >= most && (source == newcomer || holding.count > own) {
            guard let idle = holding.longestIdle else { continue }
            if let found, holding.count == most, found.since < idle.since { continue }
            found = idle
            most = holding.count
        }
        return found?.number
    }
}
