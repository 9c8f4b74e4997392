internal import Synchronization

/// What other threads submit for the next turn of the connection's thread.
final class ConnectionInbox: Sendable {
    /// A publish, and the caller that waits for it.
    ///
    /// The continuation is resumed once: by `submit`, when it is refused, or by the code that takes it out.
    struct Submission: Sendable {
        let id: UInt64
        let outgoing: OutgoingMessage
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var submissions: [Submission] = []
        var cancelledPublishes: [UInt64] = []
        var cancelledWaits: [UInt64] = []
        var isShutdownRequested = false

        var isEmpty: Bool { submissions.isEmpty && cancelledPublishes.isEmpty && cancelledWaits.isEmpty }
    }

    private let state = Mutex(State())
    private let lastPublish = Atomic<UInt64>(0)
    private let thread: ConnectionThread

    init(thread: ConnectionThread) {
        self.thread = thread
    }

    /// Whether the connection is to end.
    var isShutdownRequested: Bool { state.withLock { $0.isShutdownRequested } }

    /// A number for a publish, never given out before.
    func newPublishID() -> UInt64 {
        lastPublish.add(1, ordering: .relaxed).newValue
    }

    /// Submits a publish; one of a cancelled task, or at a connection that ends, is refused.
    ///
    /// The thread is only woken for the first of those that gather: it takes them all.
    func submit(_ submission: Submission) {
        let (refusal, isFirst) = state.withLock { state -> ((any Error)?, Bool) in
            if state.isShutdownRequested { return (AMQPConnection.closedError, false) }
            // The cancellation takes the lock too, after the flag is set, and so comes later than this.
            if Task.isCancelled { return (CancellationError(), false) }
            state.submissions.append(submission)
            return (nil, state.submissions.count == 1)
        }
        if let refusal { return submission.continuation.resume(throwing: refusal) }
        if isFirst { thread.summon() }
    }

    /// The task behind a publish was cancelled.
    func cancelPublish(_ id: UInt64) {
        state.withLock { $0.cancelledPublishes.append(id) }
        thread.wake()
    }

    /// The task behind a wait was cancelled.
    func cancelWait(_ id: UInt64) {
        state.withLock { $0.cancelledWaits.append(id) }
        thread.wake()
    }

    /// The connection is to end.
    func requestShutdown() {
        state.withLock { $0.isShutdownRequested = true }
        thread.wake()
    }

    /// Takes everything out: first what was submitted, for its cancellation may be there as well.
    func empty(
        submissions: (Submission) -> Void,
        cancelledPublishes: (UInt64) -> Void,
        cancelledWaits: (UInt64) -> Void
    ) {
        let taken = state.withLock { state -> State? in
            guard !state.isEmpty else { return nil }
            defer { state = State(isShutdownRequested: state.isShutdownRequested) }
            return state
        }
        guard let taken else { return }
        taken.submissions.forEach(submissions)
        taken.cancelledPublishes.forEach(cancelledPublishes)
        taken.cancelledWaits.forEach(cancelledWaits)
    }
}
