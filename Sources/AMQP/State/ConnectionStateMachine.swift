/// What the connection is doing, and when it tries again; the shell asks, connects and reports back.
struct ConnectionStateMachine {
    /// The public status.
    private(set) var status = AMQPConnectionStatus()
    /// When the next attempt is due, while reconnecting.
    private(set) var retryAt: ContinuousClock.Instant?
    private var schedule: ReconnectSchedule
    /// A connection that held this long makes the next pause short again.
    private static let healthyAfter = Duration.seconds(30)

    /// A machine in state `idle`.
    init(reconnectDelay: ClosedRange<Duration>) {
        schedule = ReconnectSchedule(reconnectDelay)
    }

    /// Whether the connection is closing or closed.
    var isEnding: Bool {
        switch status.state {
        case .closing, .closed: true
        case .idle, .connecting, .connected, .blocked, .reconnecting: false
        }
    }

    /// An attempt to connect begins.
    mutating func attempt() {
        retryAt = nil
        switch status.state {
        case .idle: status.state = .connecting
        case .reconnecting(let reason, let attempt): status.state = .reconnecting(reason: reason, attempt: attempt + 1)
        case .connecting, .connected, .blocked, .closing, .closed: break
        }
    }

    /// The connection is ready for use.
    mutating func connected(to endpoint: String, at now: ContinuousClock.Instant) {
        guard !isEnding else { return }
        status.state = .connected
        status.endpoint = endpoint
        status.connectCount += 1
        status.connectedSince = now
    }

    /// The connection, or the attempt to make one, failed.
    ///
    /// `fraction`: where in the jitter range the pause lies, from 0 to 1.
    /// - Returns: the pause before the next attempt.
    @discardableResult
    mutating func failed(_ error: AMQPError, at now: ContinuousClock.Instant, fraction: Double) -> Duration {
        endBlocked(at: now)
        if let since = status.connectedSince, since.duration(to: now) >= Self.healthyAfter { schedule.reset() }
        status.connectedSince = nil
        status.endpoint = nil
        status.lastError = error
        let delay = schedule.nextDelay(fraction: fraction)
        guard !isEnding else { return delay }
        let attempt =
            switch status.state {
            case .reconnecting(_, let attempt): attempt
            case .connecting: 1
            case .idle, .connected, .blocked, .closing, .closed: 0
            }
        status.state = .reconnecting(reason: error, attempt: attempt)
        retryAt = now + delay
        return delay
    }

    /// The broker takes no publishes any more.
    mutating func blocked(reason: String, at now: ContinuousClock.Instant) {
        guard status.state.isConnected else { return }
        status.state = .blocked(reason: reason)
        status.blockedSince = status.blockedSince ?? now
    }

    /// The broker takes publishes again.
    mutating func unblocked(at now: ContinuousClock.Instant) {
        endBlocked(at: now)
        if case .blocked = status.state { status.state = .connected }
    }

    /// Shutdown begins.
    mutating func closing(at now: ContinuousClock.Instant) {
        endBlocked(at: now)
        retryAt = nil
        if status.state != .closed { status.state = .closing }
    }

    /// Everything is over.
    mutating func closed() {
        status.connectedSince = nil
        status.endpoint = nil
        status.state = .closed
    }

    private mutating func endBlocked(at now: ContinuousClock.Instant) {
        guard let since = status.blockedSince else { return }
        status.blockedBefore += since.duration(to: now)
        status.blockedSince = nil
    }
}
