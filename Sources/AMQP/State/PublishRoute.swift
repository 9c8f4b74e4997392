internal import DequeModule

/// The way that the publishes to one exchange take: a channel of their own, in the order they came.
///
/// A channel stalls as a whole while one of the queues behind it takes nothing, as a quorum queue does that has lost its
/// majority; so what goes elsewhere takes another. RabbitMQ reads on for the other channels only until some 400 messages
/// wait for the stalled one (its flow control between processes), so each route has a window well below that.
struct PublishRoute {
    /// Publishes of one route that are written and not confirmed at a time.
    static let windowLimit = 256
    /// A channel that has refused so many in a row is replaced, in case that it is the channel that refuses.
    static let refusalLimit = 16

    /// Publishes in order; those that have ended meanwhile are still among them.
    var waiting: Deque<UInt64> = []
    /// The channel in use; nil when one is to be opened.
    var channel: ChannelGeneration?
    /// Publishes written and not confirmed, on this channel and on those before it.
    var inFlightCount = 0
    /// Refusals since the last publish was taken.
    var refusalsInARow = 0
    /// The broker closed the last channel over a publish: until one is taken they go one by one, so that the one at
    /// fault is known by being alone.
    var isOnProbation = false

    /// Whether one more may be written.
    func hasRoom(_ window: Int) -> Bool { inFlightCount < (isOnProbation ? 1 : window) }

    /// The channel and everything on it are gone.
    mutating func reset() {
        channel = nil
        inFlightCount = 0
        refusalsInARow = 0
        isOnProbation = false
    }
}

/// Which route an exchange's publishes take; a few are many enough, for exchanges come from a topology.
struct PublishRouteTable {
    private static let routeLimit = 32
    private static let exchangeLimit = 256

    private(set) var count = 0
    private var numbers: [String: Int] = [:]

    /// The number of a route: one of its own for each exchange, until there are too many.
    mutating func route(to exchange: String) -> Int {
        if let known = numbers[exchange] { return known }
        let number = count < Self.routeLimit ? count : numbers.count % Self.routeLimit
        count = max(count, number + 1)
        if numbers.count < Self.exchangeLimit { numbers[exchange] = number }
        return number
    }
}

/// A channel in confirm mode, and its missing confirms.
struct PublishChannel {
    let route: Int
    var ledger = ConfirmLedger<UInt64>()
    /// Nothing new is written to it; what is not confirmed by then never will be.
    var closeAt: ContinuousClock.Instant?
}
