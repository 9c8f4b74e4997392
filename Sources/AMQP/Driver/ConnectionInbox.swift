internal import Synchronization

/// What other threads leave for the connection's thread to find at its next turn.
final class ConnectionInbox: Sendable {
    private struct State {
        var cancelled: [UInt64] = []
        var isShutdownRequested = false
    }

    private let state = Mutex(State())
    private let thread: ConnectionThread

    init(thread: ConnectionThread) {
        self.thread = thread
    }

    /// Whether the connection is to end.
    var isShutdownRequested: Bool { state.withLock { $0.isShutdownRequested } }

    /// The task behind a publish or a wait was cancelled.
    func cancel(_ id: UInt64) {
        state.withLock { $0.cancelled.append(id) }
        thread.wake()
    }

    /// The connection is to end.
    func requestShutdown() {
        state.withLock { $0.isShutdownRequested = true }
        thread.wake()
    }

    /// Takes the cancellations out.
    func takeCancelled() -> [UInt64] {
        state.withLock { state in
            defer { state.cancelled.removeAll() }
            return state.cancelled
        }
    }
}
