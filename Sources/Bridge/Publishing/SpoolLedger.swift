import Contracts
import SMSCore

/// What is known of the spool without reading it: whether an event may go to the broker, or has to queue behind others.
///
/// It has no effects and reads no clock. Its rules:
/// - The events of one key leave in their order: while a key has an event in the spool, its next ones are spooled too.
///   Other keys are not concerned.
/// - A route that was refused is paused, for longer each time (see `RoutePauses`), and then tried with one
///   event of the spool, so that one full queue costs the others neither time nor copies.
/// - A route that gave no answer is not tried by new events, only by the next pass through the spool.
/// - While the broker is away everything is held, and none is tried. It counts as away as soon as one event finds it
///   so, and as back when a pass ends with anything else. After a start with something in the spool everything is held
///   too, until a pass has found out which routes are open.
///
/// Keys are kept as hash values, eight bytes for each event of a full spool; two keys with the same hash value wait for
/// each other, which does no harm.
struct SpoolLedger {
    /// How many events are in the spool, or about to be.
    private(set) var waiting = 0
    /// Whether everything goes to the spool.
    private(set) var isHolding = false
    private var keys: Set<Int> = []
    /// Keys whose events were spooled since the present pass began: it may have come too late for them.
    private var newKeys: Set<Int> = []
    /// Routes that gave no answer.
    private var silentRoutes: Set<SpoolRoute> = []
    private var pauses = RoutePauses()
    /// A pass that has not come to its end yet.
    private var pass: SpoolPass?
    /// Until when a pass would find nothing that may be tried.
    private var restUntil: Duration?

    /// Whether there is a reason for a pass through the spool: an event, or to find out whether the broker is back.
    func needsPass(now: Duration) -> Bool { isHolding || waiting > 0 && !isResting(now: now) }

    /// Whether everything in the spool waits for paused routes.
    func isResting(now: Duration) -> Bool {
        guard let restUntil, waiting > 0, !isHolding else { return false }
        return now < restUntil
    }

    /// Reads in what an earlier run has left.
    mutating func begin(waiting: Int, keys: Set<String>) {
        self.waiting = waiting
        self.keys = Set(keys.map(\.hashValue))
        isHolding = waiting > 0
    }

    /// Events of processes that are gone are in the spool now, by their keys.
    mutating func adopted(_ keys: [String]) {
        waiting += keys.count
        self.keys.formUnion(keys.map(\.hashValue))
        newKeys.formUnion(keys.map(\.hashValue))
        restUntil = nil
    }

    // MARK: - New events

    /// Whether an event may go to the broker at once.
    func mayPublish(key: String, to route: SpoolRoute) -> Bool {
        !isHolding && !keys.contains(key.hashValue) && !silentRoutes.contains(route) && !pauses.contains(route)
    }

    /// Whether an event that has to be published in the end has to queue: behind another of its key, or because its
    /// route is paused.
    mutating func hasToQueue(key: String, to route: SpoolRoute, now: Duration) -> Bool {
        keys.contains(key.hashValue) || !pauses.mayTry(route, now: now)
    }

    /// An event that went to the broker at once was not taken.
    mutating func notTaken(by route: SpoolRoute, isBrokerAway: Bool, now: Duration) {
        if isBrokerAway {
            silentRoutes.insert(route)
            isHolding = true
        } else {
            pauses.refused(route, now: now)
        }
    }

    /// An event that was published in spite of its route's last refusal was taken.
    mutating func taken(by route: SpoolRoute) { pauses.taken(route) }

    /// An event is about to be spooled.
    mutating func spooling() { waiting += 1 }

    /// It is in the spool; before the caller goes on, so that no later event of its key can have overtaken it.
    mutating func spooled(key: String, to route: SpoolRoute) {
        // Behind events that wait for paused routes it waits too.
        if !keys.contains(key.hashValue), !pauses.contains(route) { restUntil = nil }
        keys.insert(key.hashValue)
        newKeys.insert(key.hashValue)
    }

    /// It could not be spooled.
    mutating func notSpooled() { waiting -= 1 }

    // MARK: - Passes through the spool

    /// The pass to go on with.
    mutating func resumePass() -> SpoolPass {
        if let pass { return pass }
        newKeys = []
        restUntil = nil
        let fresh = SpoolPass()
        pass = fresh
        return fresh
    }

    /// The events of a page that are tried now, concurrently: one of each key, and one of each route that is still
    /// unknown in this pass.
    ///
    /// Lines whose next event cannot go are closed.
    mutating func turn(of lines: inout [SpoolLine], in pass: SpoolPass, now: Duration) -> [Int] {
        var probed: Set<SpoolRoute> = []
        var resting: Set<SpoolRoute> = []
        var turn: [Int] = []
        for index in lines.indices {
            guard let event = lines[index].next else { continue }
            let route = SpoolRoute(event.message)
            if pass.closedRoutes.contains(route) {
                lines[index].obstacle = .closedRoute
            } else if pass.openRoutes.contains(route) {
                turn.append(index)
            } else if resting.contains(route) {
                lines[index].obstacle = .restingRoute(route)
            } else if probed.insert(route).inserted {
                if pauses.mayTry(route, now: now) {
                    turn.append(index)
                } else {
                    resting.insert(route)
                    lines[index].obstacle = .restingRoute(route)
                }
            }
        }
        return turn
    }

    /// What a trial of a spooled event has shown of a route.
    mutating func note(_ route: SpoolRoute, _ obstacle: SpoolLine.Obstacle?, now: Duration) {
        switch obstacle {
        case nil: pauses.taken(route)
        case .refused: pauses.refused(route, now: now)
        case .brokerAway, .closedRoute, .restingRoute, .deadLetters: break
        }
    }

    /// Events have left the spool.
    mutating func removed(_ count: Int) { waiting -= count }

    /// A pass is interrupted, and resumed later.
    mutating func interrupted(_ pass: SpoolPass) { self.pass = pass }

    /// A pass has come to the end of the spool.
    mutating func ended(_ pass: SpoolPass) {
        self.pass = nil
        keys = waiting == 0 ? [] : pass.stuckKeys.union(newKeys)
        silentRoutes = pass.silentRoutes
        if waiting == 0 { pauses.forgetAll() }
        if !pass.isBrokerAway { isHolding = false }
        restUntil = newKeys.isEmpty && pass.isStuckByPausesOnly ? pauses.next : nil
    }
}

/// One way through the spool, from the oldest event to the newest.
///
/// It skips what cannot go now, so that refused events do not keep others waiting, and it keeps its place, so that no
/// call has to go through the whole spool.
struct SpoolPass {
    /// The number of the event that it has come to.
    private(set) var position: Int64 = 0
    /// Keys that had to leave an event behind, as hash values: what follows of them waits for the next pass.
    private(set) var stuckKeys: Set<Int> = []
    /// Routes that took nothing, or are paused; each is tried once in a pass.
    private(set) var closedRoutes: Set<SpoolRoute> = []
    /// Those of them that gave no answer.
    private(set) var silentRoutes: Set<SpoolRoute> = []
    /// Routes that took something.
    private(set) var openRoutes: Set<SpoolRoute> = []
    /// Whether the broker was away at the last trial.
    private(set) var isBrokerAway = false
    /// Whether everything that it left behind waits for paused routes.
    private(set) var isStuckByPausesOnly = true

    /// The events of a page that may be tried, by key and in order, the key that has waited longest first.
    func lines(of page: [SpooledEvent]) -> [SpoolLine] {
        Dictionary(grouping: page.filter { !stuckKeys.contains($0.key.hashValue) }, by: \.key)
            .map { SpoolLine(key: $0.key, events: $0.value) }
            .sorted { ($0.next?.number ?? 0) < ($1.next?.number ?? 0) }
    }

    /// Notes what a trial has shown.
    mutating func note(_ route: SpoolRoute, _ obstacle: SpoolLine.Obstacle?) {
        switch obstacle {
        case nil:
            openRoutes.insert(route)
            isBrokerAway = false
        case .refused, .restingRoute, .closedRoute:
            closedRoutes.insert(route)
        case .brokerAway:
            closedRoutes.insert(route)
            silentRoutes.insert(route)
            isStuckByPausesOnly = false
        case .deadLetters:
            isStuckByPausesOnly = false
        }
    }

    /// Notes the result of a page.
    mutating func note(_ page: [SpooledEvent], _ lines: [SpoolLine]) {
        position = page.last?.number ?? position
        for line in lines {
            guard let obstacle = line.obstacle else { continue }
            stuckKeys.insert(line.key.hashValue)
            if case .restingRoute(let route) = obstacle { closedRoutes.insert(route) }
        }
        if lines.allSatisfy(\.taken.isEmpty), lines.contains(where: \.foundBrokerAway) { isBrokerAway = true }
    }
}

/// One key's events of a page, and how far they have come.
struct SpoolLine: Sendable {
    /// What the rest of them waits for.
    enum Obstacle: Hashable, Sendable {
        /// The route did not take it.
        case refused
        /// There was no answer.
        case brokerAway
        /// The route was found closed before in this pass.
        case closedRoute
        /// The route is paused.
        case restingRoute(SpoolRoute)
        /// It can never be published, and its dead letter was not taken either.
        case deadLetters
    }

    let key: String
    /// The numbers of those that left the spool.
    private(set) var taken: [Int64] = []
    var obstacle: Obstacle?
    private let events: [SpooledEvent]

    /// A line at its beginning.
    init(key: String, events: [SpooledEvent]) {
        self.key = key
        self.events = events
    }

    /// The event to try next; nil when all have left, or one is blocked.
    var next: SpooledEvent? { obstacle == nil && taken.count < events.count ? events[taken.count] : nil }

    var foundBrokerAway: Bool { obstacle == .brokerAway }

    /// Notes the result of the next event; nil when it has left.
    mutating func note(_ obstacle: Obstacle?) {
        guard let next else { return }
        if obstacle == nil { taken.append(next.number) }
        self.obstacle = obstacle
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
