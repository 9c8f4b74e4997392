/// Waiting for something to become true, with a deadline: every await of the connection but publishing goes through here.
extension AMQPConnection {
    /// A task that waits.
    ///
    /// The continuation is owned by `waiters` and leaves it in one place, `checkWaiters`.
    struct Waiter {
        var deadline: ContinuousClock.Instant?
        var condition: () -> Bool
        var isCancelled = false
        var continuation: CheckedContinuation<Bool, any Error>
    }

    /// Waits without being cancellable, for clean-up and for the connection's own steps.
    ///
    /// - Parameters:
    ///   - deadline: nil waits for ever.
    ///   - condition: checked once per turn, on the connection's thread.
    /// - Returns: whether the condition became true.
    func wait(until deadline: ContinuousClock.Instant? = nil, for condition: @escaping () -> Bool) async -> Bool {
        if condition() { return true }
        let id = nextID()
        let outcome = try? await withCheckedThrowingContinuation { continuation in
            waiters[id] = Waiter(deadline: deadline, condition: condition, continuation: continuation)
        }
        return outcome ?? false
    }

    /// Waits for a caller from outside.
    ///
    /// - Returns: whether the condition became true.
    /// - Throws: `CancellationError`.
    func waitCancellably(
        until deadline: ContinuousClock.Instant,
        for condition: @escaping () -> Bool
    ) async throws -> Bool {
        try Task.checkCancellation()
        if condition() { return true }
        let id = nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiters[id] = Waiter(deadline: deadline, condition: condition, continuation: continuation)
            }
        } onCancel: { [inbox] in
            inbox.cancelWait(id)
        }
    }

    /// Waits until the connection is ready.
    func waitUntilReady(until deadline: ContinuousClock.Instant) async throws {
        _ = try await waitCancellably(until: deadline) { self.isReady || self.isShuttingDown }
        if isReady { return }
        if isShuttingDown { throw Self.closedError }
        throw AMQPError(.notConnected, "no connection within the deadline", underlying: machine.status.lastError)
    }

    /// Whether consumers and publishes may be served.
    var isReady: Bool { machine.status.state.isConnected && raw != nil }

    /// Whether the shutdown has begun.
    var isShuttingDown: Bool { machine.isEnding || inbox.isShutdownRequested }

    static var closedError: AMQPError { AMQPError(.closed, "the connection was shut down") }

    /// Notes that a waiting task was cancelled.
    func cancelWaiter(_ id: UInt64) {
        waiters[id]?.isCancelled = true
    }

    /// Resumes each task whose condition is true or whose deadline has passed.
    func checkWaiters(_ now: ContinuousClock.Instant) {
        guard !waiters.isEmpty else { return }
        for (id, waiter) in waiters {
            if waiter.isCancelled {
                waiters[id] = nil
                waiter.continuation.resume(throwing: CancellationError())
            } else if waiter.condition() {
                waiters[id] = nil
                waiter.continuation.resume(returning: true)
            } else if let deadline = waiter.deadline, deadline <= now {
                waiters[id] = nil
                waiter.continuation.resume(returning: false)
            }
        }
    }
}
