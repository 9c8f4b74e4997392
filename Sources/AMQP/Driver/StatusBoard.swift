internal import Synchronization

/// The connection's status, for anyone to read at any time without waiting for its thread.
final class StatusBoard: Sendable {
    private struct State {
        var status = AMQPConnectionStatus()
        var listeners: [UInt64: AsyncStream<AMQPConnectionState>.Continuation] = [:]
        var nextListener: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The latest status.
    var status: AMQPConnectionStatus { state.withLock { $0.status } }

    /// Stores a new status, and notifies the listeners when the state has changed.
    func update(_ status: AMQPConnectionStatus) {
        let listeners = state.withLock { state in
            defer { state.status = status }
            return status.state == state.status.state ? [] : Array(state.listeners.values)
        }
        for listener in listeners {
            listener.yield(status.state)
            if status.state == .closed { listener.finish() }
        }
    }

    /// The states from now on, the present one first; a slow listener keeps the latest 64.
    func states() -> AsyncStream<AMQPConnectionState> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: AMQPConnectionState.self,
            bufferingPolicy: .bufferingNewest(64)
        )
        let (present, id) = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return (state.status.state, state.nextListener)
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        continuation.yield(present)
        if present == .closed { continuation.finish() }
        return stream
    }
}
