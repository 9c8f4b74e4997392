import Contracts
import SMSCore

/// What is known of the spool without reading it: whether an event may go to the broker, or has to queue behind others.
///
/// It performs nothing and reads no clock. Its rules:
/// - The events of one key leave in their order: a key that left something in the spool gets what follows spooled too.
///   Other keys do not care.
/// - A route that took nothing is not tried by new events, only by the next pass through the spool, so that somebody's full
///   queue costs no webhook its time.
/// - While the broker is away everything is held, and nobody tries. It is taken for away as soon as one event finds it so,
///   and for back when a pass ends with anything else. After a start with something in the spool everything is held
///   likewise, until a pass has found out whose it is.
///
/// Keys are kept as hash values, eight bytes for each event of a full spool; two keys that share one wait for each other,
/// which harms nobody.
struct SpoolLedger {
    /// How many events are in the spool, or about to be.
    private(set) var waiting = 0
    /// Whether everything goes to the spool.
    private(set) var isHolding = false
    private var keys: Set<Int> = []
    /// Keys whose events were spooled since the present pass began: it may have come too late for them.
    private var newKeys: Set<Int> = []
    private var closedRoutes: Set<SpoolRoute> = []
    /// A pass that has not come to its end yet.
    private var pass: SpoolPass?

    /// Whether there is a reason for a pass through the spool: an event, or the wish to know whether the broker is back.
    var needsPass: Bool { waiting > 0 || isHolding }

    /// Takes over what an earlier run has left.
    mutating func begin(waiting: Int) {
        self.waiting = waiting
        isHolding = waiting > 0
    }

    // MARK: - New events

    /// Whether an event may go to the broker at once.
    func mayPublish(key: String, to route: SpoolRoute) -> Bool {
        !isHolding && !keys.contains(key.hashValue) && !closedRoutes.contains(route)
    }

    /// An event that went to the broker at once was not taken.
    mutating func notTaken(by route: SpoolRoute, isBrokerAway: Bool) {
        closedRoutes.insert(route)
        if isBrokerAway { isHolding = true }
    }

    /// An event is about to be spooled.
    mutating func spooling() { waiting += 1 }

    /// It is in the spool; before the caller tells anybody, so that no later event of its key can have overtaken it.
    mutating func spooled(key: String) {
        keys.insert(key.hashValue)
        newKeys.insert(key.hashValue)
    }

    /// It could not be spooled.
    mutating func notSpooled() { waiting -= 1 }

    // MARK: - The spool's own

    /// The pass to go on with.
    mutating func resumePass() -> SpoolPass {
        if let pass { return pass }
        newKeys = []
        let fresh = SpoolPass()
        pass = fresh
        return fresh
    }

    /// Events have left the spool.
    mutating func removed(_ count: Int) { waiting -= count }

    /// A pass is interrupted, to be resumed.
    mutating func interrupted(_ pass: SpoolPass) { self.pass = pass }

    /// A pass has come to the end of the spool.
    mutating func ended(_ pass: SpoolPass) {
        self.pass = nil
        keys = waiting == 0 ? [] : pass.stuckKeys.union(newKeys)
        closedRoutes = pass.closedRoutes
        if !pass.isBrokerAway { isHolding = false }
    }
}

/// One way through the spool, from the oldest event to the newest.
///
/// It skips what cannot go now, so that nothing that the broker refuses keeps others waiting, and it remembers where it is,
/// so that no call has to go all the way.
struct SpoolPass {
    /// The number of the event that it has come to.
    private(set) var position: Int64 = 0
    /// Keys that had to leave an event behind, as hash values: what follows of them waits for the next pass.
    private(set) var stuckKeys: Set<Int> = []
    /// Routes that took nothing; each is tried once in a pass.
    private(set) var closedRoutes: Set<SpoolRoute> = []
    /// Whether the last that was heard of the broker is that it is away.
    private(set) var isBrokerAway = false

    /// The events of a page that may be tried, by key and in order.
    func trials(of page: [SpooledEvent]) -> [[SpooledEvent]] {
        Array(Dictionary(grouping: page.filter { !stuckKeys.contains($0.key.hashValue) }, by: \.key).values)
    }

    /// Takes down what became of a page.
    mutating func note(_ page: [SpooledEvent], _ results: [SpoolTrial]) {
        position = page.last?.number ?? position
        for result in results {
            guard let obstacle = result.obstacle else { continue }
            stuckKeys.insert(result.key.hashValue)
            if case .route(let route, _) = obstacle { closedRoutes.insert(route) }
        }
        if results.contains(where: { !$0.taken.isEmpty }) {
            isBrokerAway = false
        } else if results.contains(where: \.foundBrokerAway) {
            isBrokerAway = true
        }
    }
}

/// What became of one key's events of a page.
struct SpoolTrial: Sendable {
    /// What the rest of them waits for.
    enum Obstacle: Sendable {
        /// The route did not take it.
        case route(SpoolRoute, isBrokerAway: Bool)
        /// It can never be published, and the dead letters did not take it either.
        case deadLetters
    }

    let key: String
    /// The numbers of those that left the spool.
    var taken: [Int64] = []
    var obstacle: Obstacle?

    var foundBrokerAway: Bool {
        if case .route(_, isBrokerAway: true) = obstacle { true } else { false }
    }
}

/// Where a message goes.
struct SpoolRoute: Hashable, Sendable {
    private let exchange: String
    private let routingKey: String

    init(_ message: BrokerMessage) {
        exchange = message.exchange
        routingKey = message.routingKey
    }
}
