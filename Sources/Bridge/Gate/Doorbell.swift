import Synchronization

/// Wakes one waiting task, also one that waits later; several rings before a wait count as one.
final class Doorbell: Sendable {
    private enum State {
        /// No task waits.
        case quiet
        /// There was a ring while no task waited.
        case ringing
        /// Resumed once, by what takes it out of the state: `ring`, or the waiting task's cancellation.
        case waiting(CheckedContinuation<Void, any Error>)
    }

    private let state = Mutex(State.quiet)

    /// Wakes the one that waits, or the next that does.
    func ring() {
        let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard case .waiting(let continuation) = state else {
                state = .ringing
                return nil
            }
            state = .quiet
            return continuation
        }
        continuation?.resume()
    }

    /// Waits for a ring; one task at a time.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    // The cancellation handler may have run before there was a continuation.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if case .ringing = state {
                        state = .quiet
                        return .success(())
                    }
                    state = .waiting(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard case .waiting(let continuation) = state else { return nil }
                state = .quiet
                return continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }
}
