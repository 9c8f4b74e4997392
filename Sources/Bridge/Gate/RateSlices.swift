import Contracts
package import SMSCore

/// The rate of the account and of its senders, where several processes share them.
///
/// Each process has a gate of its own, with lanes and limits; behind it this takes slots from the store, a slice in advance,
/// so that all processes together keep to the rate in every second. A slot that is not used in its time lapses, for the
/// slots after it may be another process's.
package actor RateSlices {
    /// When a request may be made.
    package enum Slot: Hashable, Sendable {
        /// At once: there is no limit.
        case none
        /// At that moment, and no later than `tolerance` after it.
        case at(ContinuousClock.Instant, tolerance: Duration)
        /// No slot is near: come again after that time.
        case later(Duration)
    }

    /// How far ahead a slot may lie: what a process holds when it dies is lost to all.
    private static let limit: Duration = .seconds(1)
    /// How long a command waits for which there was none, outside the gate: less than would be worth a retry queue.
    private static let pause: Duration = .milliseconds(400)
    /// How long others do not ask either then.
    private static let quiet: Duration = .milliseconds(250)

    private let replicas: any ReplicaStore
    private let account: PaceLimit
    private let senders: SenderLimits
    private var slices: [String: RateSlice] = [:]
    private var clock = SharedClock()
    /// Rates of which no slot was near, until when no command asks.
    private var spent: [String: ContinuousClock.Instant] = [:]
    /// One slice of a rate is asked for at a time, so that all who wait share it.
    private let asking = KeyedLocks<String>()
    /// How many slices are kept; what is forgotten lapses.
    private static let sliceLimit = 1_000

    /// The limits, all of which several processes share.
    package init(replicas: any ReplicaStore, account: PaceLimit, senders: SenderLimits) {
        self.replicas = replicas
        self.account = account
        self.senders = senders
    }

    /// Takes a slot of the account's rate, and one of the sender's.
    ///
    /// - Throws: what the store throws.
    package func slot(for request: SlotRequest) async throws -> Slot {
        let units = request.segments
        let first = try await take("account", account, units: units)
        if first.isAway { return first }
        let second = try await take("sender \(request.sender.display)", senders.limit(of: request.sender), units: units)
        switch (first, second) {
        case (.at(let one, let tolerance), .at(let other, let otherTolerance)):
            return .at(max(one, other), tolerance: min(tolerance, otherTolerance))
        case (_, .none): return first
        default: return second
        }
    }

    private func take(_ name: String, _ limit: PaceLimit, units: Int) async throws -> Slot {
        guard case .limited(let count, let time, let unit) = limit, count > 0 else { return .none }
        let interval = RateSlice.interval(time / count)
        let wanted = unit == .segments ? max(units, 1) : 1
        if let slot = slices[name]?.slot(wanted, every: interval, now: .now) { return slot }
        return try await asking.withLock(name) { _ in try await ask(name, wanted, interval) }
    }

    private func ask(_ name: String, _ wanted: Int, _ interval: Duration) async throws -> Slot {
        // Another may have asked meanwhile.
        if let slot = slices[name]?.slot(wanted, every: interval, now: .now) { return slot }
        if let end = spent[name], end > .now { return .later(Self.pause) }
        let size = max(wanted, RateSlice.size(every: interval))
        let asked = ContinuousClock.now
        let slots = try await replicas.takeSlots(of: name, count: size, every: interval, within: Self.limit)
        spent[name] = slots == nil ? .now + Self.quiet : nil
        guard let slots else { return .later(Self.pause) }
        let zero = clock.zero(whenIt: slots.taken, asked: asked, answered: .now)
        var slice = RateSlice(begin: zero + slots.first, count: size)
        let slot = slice.slot(wanted, every: interval, now: .now)
        if slices.count >= Self.sliceLimit { (slices, spent) = ([:], [:]) }
        slices[name] = slice
        return slot ?? .later(interval * wanted)
    }
}

/// The store's clock by this process's monotonic one, as near as the quickest of the last answers shows; pure.
///
/// An answer that was slow says little: what is written waits for the disk. If slots were dated by each answer alone, those
/// of two processes would overlap by the time that their answers took.
struct SharedClock: Sendable {
    /// How many answers are looked at: few enough that clocks which drift apart do not matter.
    private static let limit = 64
    /// For each of the last answers the latest moment at which the store's clock can have been zero.
    private var latest: [ContinuousClock.Instant] = []

    /// When the store's clock was zero, if it was `moment` at some time between question and answer.
    mutating func zero(
        whenIt moment: Duration,
        asked: ContinuousClock.Instant,
        answered: ContinuousClock.Instant
    ) -> ContinuousClock.Instant {
        // A clock that was set back, as another server's may be after a fail-over, refutes what was known.
        if let known = latest.min(), known < asked - moment { latest = [] }
        latest.append(answered - moment)
        if latest.count > Self.limit { latest.removeFirst() }
        return latest.min() ?? answered - moment
    }
}

/// Slots taken in advance, `every` interval one; pure.
struct RateSlice: Hashable, Sendable {
    /// The next slot.
    private(set) var next: ContinuousClock.Instant
    /// How many are left.
    private(set) var count: Int

    /// Slots from a moment on.
    init(begin: ContinuousClock.Instant, count: Int) {
        next = begin
        self.count = count
    }

    /// What lies between two slots of a rate that allows one request in each `exact`: one in a hundred is left out, so that
    /// requests that are on their way for different times fill no second with more than the rate and one.
    static func interval(_ exact: Duration) -> Duration { exact * 101 / 100 }

    /// How late a request may be for its slot: so little that it makes a second at most one request too full, or one in a
    /// hundred; at least what a thread may wait for its processor.
    static func tolerance(every interval: Duration) -> Duration {
        max(.milliseconds(10), min(interval / 2, .milliseconds(250)))
    }

    /// A quarter of a second's worth, at least one.
    static func size(every interval: Duration) -> Int {
        max(1, Int(Duration.milliseconds(250) / interval))
    }

    /// Takes so many slots as one; nil when too few are left.
    mutating func slot(_ wanted: Int, every interval: Duration, now: ContinuousClock.Instant) -> RateSlices.Slot? {
        take(wanted, every: interval, now: now).map { .at($0, tolerance: Self.tolerance(every: interval)) }
    }

    /// Takes so many slots in a row whose time is not over.
    ///
    /// - Returns: when the first of them is; nil when too few are left.
    mutating func take(_ wanted: Int, every interval: Duration, now: ContinuousClock.Instant) -> ContinuousClock
        .Instant?
    {
        while count > 0, next + Self.tolerance(every: interval) < now {
            next += interval
            count -= 1
        }
        guard count >= wanted else {
            count = 0
            return nil
        }
        let first = next
        next += interval * wanted
        count -= wanted
        return first
    }
}
