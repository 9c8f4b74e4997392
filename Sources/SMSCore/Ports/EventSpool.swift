package import Contracts

/// A bounded, durable queue of events that the broker could not take, in order of arrival.
package protocol EventSpool: Sendable {
    /// Keeps an event, or tells with false that the spool is full and nothing was kept.
    ///
    /// Events of one key (a message's id) are published in order.
    func spool(_ message: BrokerMessage, key: String, at: Timestamp) async throws -> Bool

    /// The oldest events whose number is above `number`, at most `limit`; all numbers are above 0.
    func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent]

    /// Removes events that the broker has confirmed.
    func unspool(_ numbers: [Int64]) async throws

    /// How many events wait, and how many it may hold.
    func spoolDepth() async throws -> SpoolDepth
}

extension EventSpool {
    /// The oldest events, at most `limit`.
    package func spooled(limit: Int) async throws -> [SpooledEvent] { try await spooled(after: 0, limit: limit) }
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

/// How full the spool is.
package struct SpoolDepth: Hashable, Sendable {
    package let waiting: Int
    package let capacity: Int

    /// So many of so many.
    package init(waiting: Int, capacity: Int) {
        self.waiting = waiting
        self.capacity = capacity
    }

    /// Whether nothing more is taken.
    package var isFull: Bool { waiting >= capacity }
}
