import Contracts

/// The paces of single senders, each for itself; which of their messages may wait inside, and which waits in the
/// broker.
///
/// Every message of a limited sender books a slot when it comes. One whose slot is near waits inside; one whose slot is
/// far leaves with its time, so that it holds up no other sender's, and needs no new slot when it comes back. Those
/// inside go in the order of coming, at the sender's real pace: a booking says when to be here, not who goes first.
struct SenderPaces: Sendable {
    /// Where a message waits for its sender.
    enum Admission: Hashable {
        /// Its sender has no limit.
        case unpaced
        /// Here.
        case inside
        /// In the broker, until its slot.
        case away(until: Duration)
    }

    private struct Entry {
        var pace: PacedRate
        /// The end of the slots booked by messages that came for the first time.
        var booked: Duration
        /// The end of the slots booked by messages that came back too late to find room.
        var overdue: Duration
        /// What the messages inside cost together.
        var waiting = 0

        func isIdle(at now: Duration) -> Bool {
            waiting == 0 && pace.earliest <= now && booked <= now && overdue <= now
        }
    }

    private let limits: SenderLimits
    private let patience: Duration
    private var entries: [Sender: Entry] = [:]
    /// How many senders are remembered before the idle ones are forgotten; doubles while they are not idle.
    private var sweepAt = SenderPaces.leastSweep
    private static let leastSweep = 256
    private static let longestCatchUp: Duration = .milliseconds(50)

    /// Paces by limits; a slot within `patience` is waited for inside.
    init(_ limits: SenderLimits, patience: Duration) {
        self.limits = limits
        self.patience = patience
    }

    /// How many senders are remembered.
    var count: Int { entries.count }

    /// Decides where a message waits, and books its slot.
    ///
    /// - Parameters:
    ///   - request: the message.
    ///   - reservation: the slot that it was given before; nil when it comes for the first time.
    ///   - now: the moment of its coming.
    ///   - accountWait: how long it would wait for the account at least. What waits longer for the account than for its
    ///     sender waits inside, since its absence would help no other sender.
    /// - Returns: where it waits.
    mutating func admit(
        _ request: SlotRequest,
        reservation: Duration?,
        now: Duration,
        accountWait: Duration
    ) -> Admission {
        guard var entry = entry(of: request.sender, now: now) else { return .unpaced }
        if let reservation, reservation > now + patience { return .away(until: reservation) }
        let cost = entry.pace.cost(ofSegments: request.segments)
        let firstFree = max(now, entry.pace.earliest) + entry.pace.span(of: entry.waiting, from: now)
        // One that comes back had its slot; only when those before it are late too does it get another.
        let isBack = reservation != nil
        let slot = max(firstFree, isBack ? entry.overdue : entry.booked)
        let isNear = (isBack ? firstFree : slot) - now <= max(patience, accountWait)
        let end = slot + entry.pace.span(of: cost, from: slot)
        if isBack, !isNear { entry.overdue = end }
        if !isBack { entry.booked = end }
        if isNear { entry.waiting += cost }
        entries[request.sender] = entry
        return isNear ? .inside : .away(until: slot)
    }

    /// The earliest slot of a sender; it may lie in the past.
    func earliest(_ sender: Sender) -> Duration { entries[sender]?.pace.earliest ?? .zero }

    /// A message that waited inside was granted a slot.
    mutating func take(_ request: SlotRequest, enteredAt: Duration, slot: Duration) {
        guard var entry = entries[request.sender] else { return }
        let cost = entry.pace.cost(ofSegments: request.segments)
        entry.waiting = max(0, entry.waiting - cost)
        // A little late keeps the beat; after a pause of the machine what was missed is not made up for in a burst.
        let isOnBeat = enteredAt < entry.pace.earliest && slot - entry.pace.earliest < Self.longestCatchUp
        _ = entry.pace.take(cost: cost, now: slot, wasAwaited: isOnBeat)
        entries[request.sender] = entry
    }

    /// A message that waited inside went without a grant.
    mutating func leave(_ request: SlotRequest) {
        guard var entry = entries[request.sender] else { return }
        entry.waiting = max(0, entry.waiting - entry.pace.cost(ofSegments: request.segments))
        entries[request.sender] = entry
    }

    /// What is known of a sender; nil when it has no limit.
    private mutating func entry(of sender: Sender, now: Duration) -> Entry? {
        if let known = entries[sender] { return known }
        let pace = PacedRate(limits.limit(of: sender))
        guard !pace.isUnlimited else { return nil }
        if entries.count >= sweepAt { forgetIdle(now: now) }
        return Entry(pace: pace, booked: now, overdue: now)
    }

    /// An idle sender is worth no memory: a new entry would behave the same.
    private mutating func forgetIdle(now: Duration) {
        entries = entries.filter { !$1.isIdle(at: now) }
        sweepAt = max(Self.leastSweep, entries.count * 2)
    }
}
