internal import Synchronization

/// How many connections are open, for health and metrics.
final class ConnectionBoard: Sendable {
    private let state = Mutex((open: 0, made: 0))

    /// Connections that are open.
    var open: Int { state.withLock { $0.open } }

    /// Connections made since the start, those that were lost included.
    var made: Int { state.withLock { $0.made } }

    func noteOpened() {
        state.withLock {
            $0.open += 1
            $0.made += 1
        }
    }

    func noteClosed() {
        state.withLock { $0.open -= 1 }
    }
}
