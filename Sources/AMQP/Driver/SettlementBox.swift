internal import Synchronization

/// The deliveries of one channel, shared by everyone who holds one of them and by the connection's thread.
///
/// Settling is a note under a short lock; the thread writes what has gathered once per turn.
final class SettlementBox: Sendable {
    private struct State {
        var ledger = SettlementLedger()
        var isAlive = true
    }

    let generation: ChannelGeneration
    private let state = Mutex(State())
    private let thread: ConnectionThread

    init(generation: ChannelGeneration, thread: ConnectionThread) {
        self.generation = generation
        self.thread = thread
    }

    /// Deliveries that nobody has settled yet; 0 when the channel is gone.
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
        let (isNew, mustWake) = state.withLock { state in
            let wasIdle = !state.ledger.hasUnwritten
            let isNew = state.isAlive && state.ledger.settle(tag, as: verdict)
            return (isNew, isNew && wasIdle)
        }
        if mustWake { thread.wake() }
        return isNew
    }

    /// What is to be written now.
    func takeFrames() -> [SettlementLedger.Frame] {
        state.withLock { $0.isAlive ? $0.ledger.takeFrames() : [] }
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
