internal import Synchronization
internal import Threads

/// One attempt to connect, on a thread of its own, so that deadlines hold while name resolution or a handshake takes long.
final class Dialer: Sendable {
    /// Moves a connection from the dialling thread to the connection's thread.
    ///
    /// SAFETY: a `RawConnection` belongs to one thread at a time. The dialling thread makes it, puts it in here and never
    /// touches it again; `take` removes it from the state under the lock, so one taker gets it. The lock orders both.
    private struct HandOver: @unchecked Sendable {
        let connection: RawConnection
    }

    private enum State {
        /// Can transition to: finished, abandoned.
        case dialling
        /// Can transition to: taken.
        case finished(Result<HandOver, AMQPError>)
        case taken
        case abandoned
    }

    private let state = Mutex(State.dialling)

    /// Begins to connect to the endpoints, in random order, until one accepts.
    ///
    /// `onFinish`: called on the dialling thread when `take` has something.
    init(_ configuration: AMQPConfiguration, watch: CallWatch, onFinish: @escaping @Sendable () -> Void) {
        PosixThread.start(name: "amqp-dial") {
            let result = Self.dial(configuration, watch)
            let isWanted = self.state.withLock { state in
                guard case .dialling = state else { return false }
                state = .finished(result)
                return true
            }
            if isWanted {
                onFinish()
            } else if case .success(let handOver) = result {
                handOver.connection.close()
            }
        }
    }

    /// Whether the attempt is over.
    var isFinished: Bool {
        state.withLock { state in
            if case .finished = state { true } else { false }
        }
    }

    /// The outcome, once.
    func take() -> Result<RawConnection, AMQPError>? {
        let taken = state.withLock { state -> Result<HandOver, AMQPError>? in
            guard case .finished(let result) = state else { return nil }
            state = .taken
            return result
        }
        return taken?.map(\.connection)
    }

    /// The caller no longer waits; the connection is closed as soon as it is made.
    func abandon() {
        let left = state.withLock { state -> Result<HandOver, AMQPError>? in
            defer { state = .abandoned }
            if case .finished(let result) = state { return result }
            return nil
        }
        if case .success(let handOver) = left { handOver.connection.close() }
    }

    private static func dial(_ configuration: AMQPConfiguration, _ watch: CallWatch) -> Result<HandOver, AMQPError> {
        var failure = AMQPError(.configuration, "no endpoint is configured", level: .connection)
        for endpoint in configuration.endpoints.shuffled() {
            do throws(AMQPError) {
                return .success(HandOver(connection: try RawConnection.open(endpoint, configuration, watch: watch)))
            } catch {
                failure = error
            }
        }
        return .failure(failure)
    }
}
