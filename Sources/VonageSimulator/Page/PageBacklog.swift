import DequeModule

/// Something that an open page is shown as it happens.
enum PageChange: Sendable {
    /// A request to send, and the message that it became.
    case request(SimulatedRequest, SimulatedMessage?)
    /// An attempt to deliver a webhook.
    case webhook(SimulatedWebhook)
    /// A message from a handset.
    case inbound(SimulatedInbound)
}

/// What one open page has not been sent yet: the latest changes, up to a bound.
///
/// What does not fit is left out, the oldest first, and counted. A page that has missed something is sent all that it
/// shows anew as soon as its changes fit again, and every two seconds until then: so what it shows of a message is never
/// wrong for long, however much arrives.
struct PageBacklog: Sendable {
    /// What is to be sent next.
    enum Batch: Sendable {
        /// Nothing has happened.
        case nothing
        /// What has happened since the last batch.
        case changes([PageChange], Notes)
        /// All that the page shows has to be sent anew.
        case everything(Notes)
    }

    /// What is said beside the changes.
    struct Notes: Sendable, Equatable {
        /// How many requests to send were left out since the last batch.
        var leftOut = 0
        /// Whether the faults are others than before.
        var faultsChanged = false
    }

    /// How many changes are kept between two batches.
    static let capacity = 100
    /// How long at most a page that misses something goes without all of it anew.
    static let longestStaleness: Duration = .seconds(2)

    private var changes = Deque<(sequence: Int, change: PageChange)>()
    private var notes = Notes()
    /// Up to which change the page knows all.
    private var known = 0
    private var isStale = true
    private var lastWhole: ContinuousClock.Instant?

    /// Adds a change.
    ///
    /// - Parameters:
    ///   - change: what happened.
    ///   - sequence: its number in the ledger, from 1.
    mutating func add(_ change: PageChange, _ sequence: Int) {
        guard sequence > known else { return }
        if changes.count >= Self.capacity {
            if case .request = changes.removeFirst().change { notes.leftOut += 1 }
            isStale = true
        }
        changes.append((sequence, change))
    }

    /// Notes that the rules, or the times they have left, are others than before.
    mutating func noteFaults() { notes.faultsChanged = true }

    /// Notes that all was forgotten.
    mutating func clear() {
        changes.removeAll()
        notes.leftOut = 0
        isStale = true
        lastWhole = nil
    }

    /// Notes that the page was sent all that was known at a change.
    ///
    /// - Parameter sequence: the change's number.
    mutating func noteWhole(upTo sequence: Int) {
        known = sequence
        changes.removeAll { $0.sequence <= sequence }
    }

    /// Takes what is to be sent next.
    ///
    /// - Parameter now: the present.
    /// - Returns: the batch; `everything` has to be followed by ``noteWhole(upTo:)``.
    mutating func take(now: ContinuousClock.Instant) -> Batch {
        let taken = notes
        notes = Notes()
        let isDue = lastWhole.map { taken.leftOut == 0 || $0.duration(to: now) >= Self.longestStaleness } ?? true
        if isStale, isDue {
            isStale = false
            lastWhole = now
            changes.removeAll()
            return .everything(taken)
        }
        guard !changes.isEmpty || taken != Notes() else { return .nothing }
        defer { changes.removeAll() }
        return .changes(changes.map(\.change), taken)
    }
}
