package import Contracts

/// A bounded, durable queue of events that the broker could not take, in order of arrival.
package protocol EventSpool: Sendable {
    /// Keeps an event; returns false when its share of the spool is full and nothing was kept.
    ///
    /// Events of one key (a message's id) are published in order.
    func spool(_ message: BrokerMessage, key: String, share: SpoolShare, at: Timestamp) async throws -> Bool

    /// The oldest events whose number is above `number`, at most `limit`; all numbers are above 0.
    func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent]

    /// Removes events that the broker has confirmed.
    func unspool(_ numbers: [Int64]) async throws

    /// The keys of all events that wait.
    func spooledKeys() async throws -> Set<String>

    /// How much of a share waits, and how much it may hold.
    func spoolDepth(of share: SpoolShare) async throws -> SpoolDepth
}

extension EventSpool {
    /// The oldest events, at most `limit`.
    package func spooled(limit: Int) async throws -> [SpooledEvent] { try await spooled(after: 0, limit: limit) }

    /// How much waits in all shares together.
    package func spoolDepth() async throws -> SpoolDepth {
        var total = SpoolDepth(waiting: 0, capacity: 0, byteCapacity: 0)
        for share in SpoolShare.allCases {
            let depth = try await spoolDepth(of: share)
            total.waiting += depth.waiting
            total.capacity += depth.capacity
            total.bytes += depth.bytes
            total.byteCapacity += depth.byteCapacity
        }
        return total
    }
}

/// Whose events they are; each share has bounds of its own, so that none can take the others' room.
package enum SpoolShare: String, Hashable, Sendable, CaseIterable {
    /// The events of webhooks and of the suppression list.
    case webhooks
    /// What becomes of commands and campaigns.
    case outbound
}

/// An event that waits for the broker.
package struct SpooledEvent: Hashable, Sendable {
    /// Its place: smaller ones arrived earlier.
    package let number: Int64
    package let key: String
    package let message: BrokerMessage
    package let at: Timestamp

    /// An event in its place.
    package init(number: Int64, key: String, message: BrokerMessage, at: Timestamp) {
        self.number = number
        self.key = key
        self.message = message
        self.at = at
    }
}

/// How full a share of the spool is.
package struct SpoolDepth: Hashable, Sendable {
    /// Events that wait.
    package var waiting: Int
    /// How many events it may hold.
    package var capacity: Int
    /// Bytes of bodies and properties.
    package var bytes: Int
    /// How many bytes it may hold; the last event may exceed it.
    package var byteCapacity: Int

    /// So much of so much.
    package init(waiting: Int, capacity: Int, bytes: Int = 0, byteCapacity: Int = .max) {
        self.waiting = waiting
        self.capacity = capacity
        self.bytes = bytes
        self.byteCapacity = byteCapacity
    }

    /// Whether nothing more is taken.
    package var isFull: Bool { waiting >= capacity || bytes >= byteCapacity }
}
