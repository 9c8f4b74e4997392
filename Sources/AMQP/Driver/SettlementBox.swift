internal import Synchronization

/// The deliveries of one channel, shared by all holders of one of them and the connection's thread.
///
/// Settling is a note under a short lock; the thread writes what has gathered, when `SettlementPace` says so.
final class SettlementBox: Sendable {
    private struct State {
        var ledger = SettlementLedger()
        var pace: SettlementPace
        var isAlive = true
    }

    let generation: ChannelGeneration
    private let state: Mutex<State>
    private let thread: ConnectionThread

    /// `prefetch`: deliveries that may be unsettled at a time.
    init(generation: ChannelGeneration, prefetch: Int, thread: ConnectionThread) {
        self.generation = generation
        self.thread = thread
        state = Mutex(State(pace: SettlementPace(prefetch: prefetch)))
    }

    /// Deliveries that are not settled yet; 0 when the channel is gone.
    var outstandingCount: Int { state.withLock { $0.isAlive ? $0.ledger.outstandingCount : 0 } }

    /// Whether settlements wait to be written.
    var hasUnwritten: Bool { state.withLock { $0.isAlive && $0.ledger.hasUnwritten } }

    /// Notes a delivery.
    ///
    /// - Returns: false when its tag is out of order.
    func delivered(_ tag: UInt64) -> Bool {
        state.withLock { $0.ledger.delivered(tag) }
    }

    /// Decides about a delivery.
    ///
    /// Callable from anywhere.
    ///
    /// - Returns: false when the channel is gone (the broker delivers again) or the delivery was settled before.
    func settle(_ tag: UInt64, as verdict: SettlementLedger.Verdict) -> Bool {
        let now = ContinuousClock.now
        let (isNew, mustWake) = state.withLock { state in
            guard state.isAlive, state.ledger.settle(tag, as: verdict) else { return (false, false) }
            let unwritten = state.ledger.unwrittenCount
            return (true, state.pace.settled(isAck: verdict == .ack, unwritten: unwritten, at: now))
        }
        if mustWake { thread.wake() }
        return isNew
    }

    /// What is to be written now, or when it will be.
    ///
    /// - Returns: the frames, empty when nothing is due; and when to ask again, nil when nothing waits.
    func takeFrames(_ now: ContinuousClock.Instant) -> ([SettlementLedger.Frame], dueAt: ContinuousClock.Instant?) {
        state.withLock { state in
            guard state.isAlive, state.ledger.hasUnwritten else { return ([], nil) }
            guard state.pace.isDue(at: now) else { return ([], state.pace.dueAt) }
            state.pace.written(at: now)
            return (state.ledger.takeFrames(), nil)
        }
    }

    /// The channel is gone, or about to be; whatever is settled from now on is dropped.
    ///
    /// - Returns: what was settled before and not written yet.
    @discardableResult
    func die() -> [SettlementLedger.Frame] {
        state.withLock { state in
            let unwritten = state.isAlive ? state.ledger.takeFrames() : []
            state.isAlive = false
            state.ledger = SettlementLedger()
            return unwritten
        }
    }
}
