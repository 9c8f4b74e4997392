package import Contracts

/// A command that wants to be sent: what its slots depend on.
package struct SlotRequest: Hashable, Sendable {
    package let id: CommandID
    package let lane: Lane
    package let sender: Sender
    /// Parts of the message, at least 1.
    package let segments: Int
    /// Whether it comes back from a wait: it goes before those of its lane that have not begun.
    package let isReturned: Bool

    /// A request for slots.
    package init(
        id: CommandID,
        lane: Lane,
        sender: Sender,
        segments: Int,
        isReturned: Bool = false
    ) {
        self.id = id
        self.lane = lane
        self.sender = sender
        self.segments = max(1, segments)
        self.isReturned = isReturned
    }
}

/// The name of a waiting request, counted up in the order of coming and never used twice.
package typealias TicketNumber = UInt64

/// A request that waits inside.
struct Ticket: Hashable, Sendable {
    let number: TicketNumber
    let request: SlotRequest
    let enteredAt: Duration
    /// Whether its sender has a limit.
    let isPaced: Bool
}

/// The right to send one message now, or at its slot.
package struct SlotGrant: Hashable, Sendable {
    package let ticket: TicketNumber
    package let request: SlotRequest
    /// Whether it tries out an open breaker; such a request is no attempt of its command.
    package let isProbe: Bool
    /// When it was given.
    package let grantedAt: Duration
    /// When it is due: up to the configured lead later than `grantedAt`, or a little earlier after a late timer.
    package let slot: Duration
    /// How long the request waited inside.
    package let waited: Duration
}
