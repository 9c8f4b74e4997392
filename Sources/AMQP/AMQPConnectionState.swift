/// What a connection is doing.
package enum AMQPConnectionState: Sendable, Equatable {
    /// `run()` has not begun. Can transition to: connecting, closed.
    case idle
    /// The first attempt to connect. Can transition to: connected, reconnecting, closing.
    case connecting
    /// Logged in, topology in place (or, where it has stood before, asked for), consumers subscribing. Can transition to:
    /// blocked, reconnecting, closing.
    case connected
    /// Connected, but the broker takes no publishes (memory or disk alarm). Can transition to: connected, reconnecting,
    /// closing.
    case blocked(reason: String)
    /// Not connected because of `reason`; `attempt` counts the attempts since there last was a connection. Tried again
    /// for ever. Can transition to: connected, closing.
    case reconnecting(reason: AMQPError, attempt: Int)
    /// Closing. Can transition to: closed.
    case closing
    /// `run()` has returned.
    case closed

    /// Whether the broker can be sent requests.
    package var isConnected: Bool {
        switch self {
        case .connected, .blocked: true
        case .idle, .connecting, .reconnecting, .closing, .closed: false
        }
    }
}

/// A snapshot of a connection, for readiness, metrics and logs.
package struct AMQPConnectionStatus: Sendable, Equatable {
    /// What the connection is doing.
    package var state: AMQPConnectionState = .idle
    /// The broker connected to, without credentials; nil while there is none.
    package var endpoint: String?
    /// Connections made since the start.
    package var connectCount = 0
    /// Why the last connection or attempt failed; kept after recovery.
    package var lastError: AMQPError?
    /// When the present connection was ready.
    package var connectedSince: ContinuousClock.Instant?
    /// Time spent blocked in periods that are over.
    package var blockedBefore: Duration = .zero
    /// When the present blocked period began.
    package var blockedSince: ContinuousClock.Instant?

    /// Connections made after the first.
    package var reconnectCount: Int { max(0, connectCount - 1) }

    /// Time spent blocked since the start, the present period included.
    package func blockedTime(at now: ContinuousClock.Instant = .now) -> Duration {
        blockedBefore + (blockedSince.map { $0.duration(to: now) } ?? .zero)
    }
}
