package import Contracts
package import SMSCore

/// The state of the gate, for health and metrics.
package struct GateSnapshot: Hashable, Sendable {
    /// Why all sending pauses because of the breaker.
    package struct Pause: Hashable, Sendable {
        package let cause: Breaker.Cause
        /// For people: `account: 402`, `provider: 503`.
        package let detail: String
        package let since: Timestamp
        /// When the next probe is due, in the past while it waits for a command; nil while one is under way.
        package let nextProbe: Timestamp?
    }

    /// Commands that wait inside, by lane; every lane is named.
    package let waiting: [Lane: Int]
    /// Requests under way, by lane; every lane is named.
    package let inFlight: [Lane: Int]
    /// Requests or segments a second in force now, less than configured after a 429; nil when unlimited.
    package let unitsPerSecond: Double?
    /// Until when a 429 of the provider stops all sending; nil when it does not.
    package let heldUntil: Timestamp?
    /// What the breaker stops; nil when it is closed.
    package let pause: Pause?
    /// How long all commands together have waited inside since the start.
    package let totalWait: Duration
    /// Senders with a limit of their own that are remembered.
    package let senders: Int

    /// A scheduler's state at a moment of both clocks.
    package init(_ snapshot: SlotScheduler.Snapshot, now: Duration, wall: Timestamp) {
        self.waiting = snapshot.waiting
        self.inFlight = snapshot.inFlight
        self.unitsPerSecond = snapshot.unitsPerSecond
        self.heldUntil = snapshot.heldUntil.map { wall + ($0 - now) }
        self.totalWait = snapshot.totalWait
        self.senders = snapshot.senders
        switch snapshot.breaker {
        case .closed:
            self.pause = nil
        case .open(let opening), .probing(let opening):
            var nextProbe: Timestamp?
            if case .open = snapshot.breaker { nextProbe = wall + (opening.nextProbe - now) }
            self.pause = Pause(
                cause: opening.cause,
                detail: opening.detail,
                since: wall + (opening.since - now),
                nextProbe: nextProbe
            )
        }
    }
}
