package import Contracts

/// A command that wants to be sent.
package struct GateRequest: Hashable, Sendable {
    package let id: CommandID
    package let lane: Lane
    package let sender: Sender
    /// Parts of the message, at least 1.
    package let segments: Int
    /// The time of the `.later` it was given before; nil when it comes for the first time.
    package let reservation: Timestamp?
    /// Whether it comes back from a wait: it goes before those of its lane that have not begun.
    package let isReturned: Bool

    /// A request to pass the gate.
    package init(
        id: CommandID,
        lane: Lane,
        sender: Sender,
        segments: Int,
        reservation: Timestamp? = nil,
        isReturned: Bool = false
    ) {
        self.id = id
        self.lane = lane
        self.sender = sender
        self.segments = segments
        self.reservation = reservation
        self.isReturned = isReturned
    }
}

/// The gate's answer.
package enum GateAnswer: Sendable {
    /// It may send now; the pass is finished once it has.
    case go(GatePass)
    /// It waits in the broker until then, and comes back with that time as its reservation.
    case later(until: Timestamp)
}
