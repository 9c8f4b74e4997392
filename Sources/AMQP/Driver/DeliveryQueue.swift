internal import DequeModule
internal import Synchronization

/// Deliveries between the connection's thread and the tasks that take them.
///
/// Never longer than the prefetch.
final class DeliveryQueue: Sendable {
    private struct State {
        var buffer: Deque<AMQPDelivery> = []
        var waiters: Deque<(id: UInt64, continuation: CheckedContinuation<AMQPDelivery?, Never>)> = []
        var nextWaiter: UInt64 = 0
        var isFinished = false
    }

    private let state = Mutex(State())
    private let isAutoAck: Bool

    /// An empty queue.
    ///
    /// `isAutoAck`: whether a delivery is acknowledged as it is taken, so that the broker sends the next one then and not
    /// before.
    init(isAutoAck: Bool) {
        self.isAutoAck = isAutoAck
    }

    /// The next delivery; nil at the end, or when the calling task is cancelled.
    nonisolated(nonsending)
        func next() async -> AMQPDelivery?
    {
        guard let delivery = await take() else { return nil }
        return isAutoAck ? delivery.acknowledged() : delivery
    }

    /// The continuation is owned by `waiters` and leaves it in one of three ways, each of which resumes it: `push`,
    /// `finish`, or the cancellation handler.
    private func take() async -> AMQPDelivery? {
        let (ready, waiter) = state.withLock { state -> (AMQPDelivery?, UInt64) in
            if let first = state.buffer.popFirst() { return (first, 0) }
            state.nextWaiter += 1
            return (nil, state.nextWaiter)
        }
        if let ready { return ready }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: AMQPDelivery?? = state.withLock { state in
                    if let first = state.buffer.popFirst() { return .some(first) }
                    // The handler below takes the lock too, after the flag is set: it cannot miss this waiter.
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    state.waiters.append((waiter, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.waiters.firstIndex { $0.id == waiter }.map { state.waiters.remove(at: $0).continuation }
            }
            continuation?.resume(returning: nil)
        }
    }

    /// Adds a delivery.
    ///
    /// - Returns: false when the queue is finished.
    func push(_ delivery: AMQPDelivery) -> Bool {
        let (isTaken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<AMQPDelivery?, Never>?) in
            if state.isFinished { return (false, nil) }
            if let waiter = state.waiters.popFirst() { return (true, waiter.continuation) }
            state.buffer.append(delivery)
            return (true, nil)
        }
        waiter?.resume(returning: delivery)
        return isTaken
    }

    /// Drops what came over a channel that is gone; the broker delivers it again.
    func purge(_ generation: ChannelGeneration) {
        state.withLock { state in state.buffer.removeAll { $0.generation == generation } }
    }

    /// Ends the sequence.
    ///
    /// - Returns: the deliveries that no task has taken.
    @discardableResult
    func finish() -> [AMQPDelivery] {
        let (untaken, waiters) = state.withLock { state in
            state.isFinished = true
            defer {
                state.buffer.removeAll()
                state.waiters.removeAll()
            }
            return (Array(state.buffer), Array(state.waiters))
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
        return untaken
    }
}
