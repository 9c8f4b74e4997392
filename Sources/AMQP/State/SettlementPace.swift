/// When the settlements of a channel are written, and when the connection's thread has to be woken for it.
///
/// The first ack after a pause is written at once. Those that come within 2 ms of the last write gather until the 2 ms
/// are over, or until there are enough of them: then one frame serves for many, and a burst costs a wake-up or two
/// instead of one for each. Whatever gives a message back is written at once.
///
/// A small prefetch makes every ack urgent, for the broker sends nothing more until it has it.
struct SettlementPace {
    /// How long acks gather after a write.
    static let gathering = Duration.milliseconds(2)
    /// No more than this gather.
    private static let batchLimit = 32
    /// With a prefetch up to this, each ack is written at once.
    private static let smallPrefetch = 4

    private let batch: Int
    private var gatherUntil: ContinuousClock.Instant?
    /// Something is to be written without delay.
    private var isUrgent = false
    /// The thread was woken because acks gather, and has noted until when.
    private var isNoted = false

    /// `prefetch`: deliveries that may be unsettled at a time.
    init(prefetch: Int) {
        batch = prefetch <= Self.smallPrefetch ? 1 : min(Self.batchLimit, prefetch / 2)
    }

    /// A delivery was settled.
    ///
    /// - Parameters:
    ///   - isAck: whether the message is done with, and not given back.
    ///   - unwritten: settlements that wait, this one included.
    ///   - now: the time.
    /// - Returns: whether the thread must be woken.
    mutating func settled(isAck: Bool, unwritten: Int, at now: ContinuousClock.Instant) -> Bool {
        let isGathering = gatherUntil.map { now < $0 } ?? false
        if isAck, isGathering, unwritten < batch {
            defer { isNoted = true }
            return !isNoted && !isUrgent
        }
        defer { isUrgent = true }
        return !isUrgent
    }

    /// Whether what waits is to be written now.
    func isDue(at now: ContinuousClock.Instant) -> Bool {
        guard !isUrgent, let gatherUntil else { return true }
        return gatherUntil <= now
    }

    /// When what waits is to be written at the latest; nil for at once.
    var dueAt: ContinuousClock.Instant? { isUrgent ? nil : gatherUntil }

    /// All that waited was taken to be written.
    mutating func written(at now: ContinuousClock.Instant) {
        gatherUntil = now + Self.gathering
        isUrgent = false
        isNoted = false
    }
}
