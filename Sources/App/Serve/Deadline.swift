import Synchronization

/// Nothing came within the limit.
struct DeadlineExceeded: Error, CustomStringConvertible {
    let description = "no answer in time"
}

/// Waits for a body within a limit.
///
/// One that is late is cancelled and not waited for: a disk that hangs ignores cancellation, and a health check must
/// not hang with it.
///
/// - Throws: what the body throws; `DeadlineExceeded`; `CancellationError`.
func withDeadline<Value: Sendable>(
    _ limit: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let work = Task {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        race.end(result)
    }
    let timer = Task {
        // Cancelled when the body was first.
        guard (try? await ContinuousClock().sleep(for: limit)) != nil else { return }
        race.end(.failure(DeadlineExceeded()))
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { race.wait($0) }
    } onCancel: {
        race.end(.failure(CancellationError()))
    }
}

/// Resumes one waiter with whatever comes first.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case waiting(CheckedContinuation<Value, any Error>)
        case ended(Result<Value, any Error>)
        case resumed
    }

    private let state = Mutex(State.running)

    func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let early: Result<Value, any Error>? = state.withLock { state in
            if case .ended(let result) = state {
                state = .resumed
                return result
            }
            state = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(with: early) }
    }

    func end(_ result: Result<Value, any Error>) {
        let waiter: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .running:
                state = .ended(result)
                return nil
            case .waiting(let continuation):
                state = .resumed
                return continuation
            case .ended, .resumed:
                return nil
            }
        }
        waiter?.resume(with: result)
    }
}
