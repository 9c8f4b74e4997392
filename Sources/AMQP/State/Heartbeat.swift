/// When a heartbeat is due, and when the peer has been silent for too long.
///
/// One is sent after half the negotiated interval, and only where nothing else was written: any byte counts. The peer
/// is lost after two intervals without a byte, as AMQP wants it (section 4.2.7).
struct Heartbeat {
    /// Nil where heartbeats were not agreed upon.
    private let interval: Duration?
    private var lastSent: ContinuousClock.Instant
    private var lastReceived: ContinuousClock.Instant

    /// Begins to count now.
    ///
    /// `seconds`: what was agreed upon at login; 0 for none.
    init(seconds: Int, now: ContinuousClock.Instant) {
        interval = seconds > 0 ? .seconds(seconds) : nil
        lastSent = now
        lastReceived = now
    }

    /// Bytes were written.
    mutating func sent(at now: ContinuousClock.Instant) {
        lastSent = now
    }

    /// Bytes were read.
    mutating func received(at now: ContinuousClock.Instant) {
        lastReceived = now
    }

    /// Whether a heartbeat is to be written.
    func isDue(at now: ContinuousClock.Instant) -> Bool {
        guard let interval else { return false }
        return lastSent.duration(to: now) >= interval / 2
    }

    /// Whether the peer was silent for two intervals.
    func isPeerSilent(at now: ContinuousClock.Instant) -> Bool {
        guard let interval else { return false }
        return lastReceived.duration(to: now) >= interval * 2
    }
}
