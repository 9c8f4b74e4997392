package import Contracts
package import SMSCore

/// The store of tests: everything in memory, the same answers as the real ones (`StoreConformance`).
package actor InMemoryStore {
    private struct Note {
        let id: CommandID
        let digest: String
        var holder: String
        let notedAt: Timestamp
        var ackedAt: Timestamp?
    }

    private struct Handling {
        var begun: Int
        var at: Timestamp
    }

    /// How many rows of a kind one sweep takes, as with the real stores.
    private static let sweepBatch = 2000
    /// How long cancellations, marks of handling, and notes of ids that were acked, are kept.
    private static let noteLife: Duration = .seconds(86_400)
    /// How long gaps of the listener are kept after their end.
    private static let gapLife: Duration = .seconds(2 * 86_400)

    private(set) var records: [CommandID: MessageRecord] = [:]
    /// In the order in which they came first.
    private(set) var places: [CommandID: Int] = [:]
    /// In the order of noting.
    private var notes: [Note] = []
    var cancellations: [CancelTarget: Timestamp] = [:]
    /// The suppression list, see `InMemoryStore+OptOuts.swift`.
    var optOutShelf = OptOutShelf()
    /// The messages without a final receipt, see `InMemoryStore+Overdue.swift`.
    var overdueShelf = OverdueShelf()
    /// The campaigns, see `InMemoryStore+Campaigns.swift`.
    var campaigns = CampaignShelf()
    /// The last answers, see `InMemoryStore+Replies.swift`.
    var replies: [String: ReplyClaim] = [:]
    private var handlings: [String: Handling] = [:]
    /// In the order of remembering.
    private var receiptsSeen: [SeenReceipt] = []
    private var receiptKeys: Set<String> = []
    private var inboundSeen: [String: Timestamp] = [:]
    private var lastBeat: Timestamp?
    private var sweptUntil: Timestamp?
    /// In the order of noting.
    private var gapsNoted: [ListenerGap] = []
    private var spoolQueue: [(share: SpoolShare, bytes: Int, event: SpooledEvent)] = []
    private var lastSpoolNumber: Int64 = 0
    private let spoolCapacity: Int
    private let spoolByteCapacity: Int
    var failure: (any Error)?

    /// An empty store.
    ///
    /// - Parameters:
    ///   - spoolCapacity: how many events each share of the spool takes, 100,000 by default.
    ///   - spoolByteCapacity: how many bytes of events each share takes, 256 MiB by default.
    package init(
        spoolCapacity: Int = 100_000,
        spoolByteCapacity: Int = 256 << 20
    ) {
        self.spoolCapacity = spoolCapacity
        self.spoolByteCapacity = spoolByteCapacity
    }

    /// Lets every call fail with an error from now on, as a broken disk does; nil ends that.
    package func fail(with error: (any Error)?) {
        failure = error
    }

    func check() throws {
        try Task.checkCancellation()
        if let failure { throw failure }
    }
}

extension InMemoryStore: MessageStore {
    package func record(of id: CommandID) async throws -> MessageRecord? {
        try check()
        return records[id]
    }

    package func record(ofReference reference: String) async throws -> MessageRecord? {
        try check()
        return records.values.first { $0.id.reference == reference }
    }

    package func record(ofMessageUUID uuid: String) async throws -> MessageRecord? {
        try check()
        return records.values.first { $0.settlement?.messageUUID == uuid }
            ?? records.values.first { $0.provedUUID == uuid }
    }

    package func save(_ record: MessageRecord) async throws -> MessageRecord? {
        if let failure { throw failure }
        guard records[record.id]?.version ?? 0 == record.version else { return nil }
        var saved = record
        saved.version += 1
        records[record.id] = saved
        overdueShelf.awaitReceipt(of: saved, seen: receiptsSeen)
        if places[record.id] == nil { places[record.id] = places.count }
        return saved
    }

    package func begin(_ record: MessageRecord) async throws -> IntentResult {
        guard case .sending = record.state else { throw NotAnIntent() }
        if let failure { throw failure }
        if let bar = standingBar(on: record) { return .barred(bar) }
        return try await save(record).map(IntentResult.begun) ?? .lost
    }

    package func bar(on record: MessageRecord) async throws -> Bar? {
        try check()
        return standingBar(on: record)
    }

    private func standingBar(on record: MessageRecord) -> Bar? {
        if isCancelled(record.id, campaignID: record.facts.campaignID) { return .cancelled }
        guard let number = record.facts.to else { return nil }
        guard let optOut = standingOptOut(of: number, sender: record.facts.from ?? OptOut.everySender) else {
            return nil
        }
        guard isReply(record, to: optOut) else { return .optedOut(optOut) }
        return standingOptOut(of: number, sender: OptOut.everySender).flatMap {
            isReply(record, to: $0) ? nil : .optedOut($0)
        }
    }

    package func cancel(_ target: CancelTarget, at moment: Timestamp) async throws {
        if let failure { throw failure }
        cancellations[target] = moment
    }

    package func pending(
        ofCampaign campaignID: String,
        after id: CommandID?,
        limit: Int
    ) async throws -> [MessageRecord] {
        try check()
        let ours = records.values.filter { record in
            record.facts.campaignID == campaignID && record.state == .pending && record.id.text > id?.text ?? ""
        }
        return Array(ours.sorted { $0.id.text < $1.id.text }.prefix(max(limit, 0)))
    }

    package func acceptances(of sender: String, after: Timestamp, until: Timestamp) async throws -> Acceptances {
        try check()
        let accepted = records.values.filter { $0.facts.from == sender }.compactMap(\.settlement)
            .filter { $0.outcome == .accepted && $0.at > after && $0.at <= until }
        let withReceipts = Set(receiptsSeen.map(\.messageUUID))
        let withReceipt = accepted.count { $0.messageUUID.map(withReceipts.contains) ?? false }
        return Acceptances(count: accepted.count, withReceipt: withReceipt)
    }

    package func handlings(of key: String) async throws -> Int {
        try check()
        return handlings[key]?.begun ?? 0
    }

    package func beginHandling(_ key: String, at moment: Timestamp) async throws -> Int {
        if let failure { throw failure }
        let begun = (handlings[key]?.begun ?? 0) + 1
        handlings[key] = Handling(begun: begun, at: moment)
        return begun
    }

    package func withdrawHandling(_ key: String) async throws {
        if let failure { throw failure }
        guard var handling = handlings[key] else { return }
        handling.begun -= 1
        handlings[key] = handling.begun > 0 ? handling : nil
    }

    package func endHandling(_ key: String) async throws {
        if let failure { throw failure }
        handlings[key] = nil
    }

    package func claimAnonymousID(
        digest: String,
        isRedelivered: Bool,
        holder: String,
        fresh: CommandID,
        now: Timestamp
    ) async throws -> CommandID {
        if let failure { throw failure }
        if isRedelivered {
            let free = notes.indices.filter { notes[$0].digest == digest && notes[$0].holder != holder }
            let pending = free.filter { notes[$0].ackedAt == nil }
            let open = pending.first { records[notes[$0].id]?.settlement == nil }
            let acked = free.first { records[notes[$0].id]?.settlement == nil } ?? free.first
            if let index = open ?? pending.first ?? acked {
                notes[index].holder = holder
                notes[index].ackedAt = nil
                return notes[index].id
            }
        }
        guard !notes.contains(where: { $0.id == fresh }) else { throw IDInUse() }
        notes.append(Note(id: fresh, digest: digest, holder: holder, notedAt: now))
        return fresh
    }

    package func noteAnonymousAck(of id: CommandID, proved: [CommandID], at moment: Timestamp) async throws {
        if let failure { throw failure }
        if let index = notes.firstIndex(where: { $0.id == id }) { notes[index].ackedAt = moment }
        notes.removeAll { $0.ackedAt != nil && proved.contains($0.id) }
    }

    package func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int {
        if let failure { throw failure }
        let over = records.filter { $0.value.isPublished && ($0.value.keepUntil.map { $0 <= now } ?? false) }.keys
            .prefix(
                Self.sweepBatch
            )
        for id in over { records[id] = nil }
        let notedAnonymous = notes.count
        notes = Self.swept(notes) { $0.notedAt < notesBefore }
        let yesterday = now - Self.noteLife
        notes = Self.swept(notes) { $0.ackedAt.map { $0 < yesterday } ?? false }
        let cancelled = cancellations.filter { $0.value < yesterday }.keys.prefix(Self.sweepBatch)
        for target in cancelled { cancellations[target] = nil }
        let handled = handlings.filter { $0.value.at < yesterday }.keys.prefix(Self.sweepBatch)
        for key in handled { handlings[key] = nil }
        let notedGaps = gapsNoted.count
        gapsNoted = Self.swept(gapsNoted) { $0.until < now - Self.gapLife }
        return over.count + notedAnonymous - notes.count + cancelled.count + handled.count
            + notedGaps - gapsNoted.count
    }

    package func openCounts() async throws -> OpenCounts {
        try check()
        var counts = OpenCounts(pending: 0, sending: 0, uncertain: 0, waiting: 0)
        for record in records.values {
            let waiting = record.wait > 0 ? 1 : 0
            switch record.state {
            case .pending:
                counts.pending += 1
                counts.waiting += waiting
            case .sending:
                counts.sending += 1
            case .uncertain:
                counts.uncertain += 1
                counts.waiting += waiting
            case .settled:
                counts.unpublished += record.isPublished ? 0 : 1
            }
        }
        return counts
    }

    package func probe() async throws {
        try check()
    }

    private func isCancelled(_ id: CommandID, campaignID: String?) -> Bool {
        cancellations[.command(id)] != nil || campaignID.map { cancellations[.campaign($0)] != nil } ?? false
    }

    /// What one sweep leaves: all but the first batch of those that are over.
    private static func swept<Element>(_ elements: [Element], isOver: (Element) -> Bool) -> [Element] {
        var left = sweepBatch
        return elements.filter { element in
            guard left > 0, isOver(element) else { return true }
            left -= 1
            return false
        }
    }

    private struct NotAnIntent: Error {}
    private struct IDInUse: Error {}
}

extension InMemoryStore: ReceiptStore {
    package func receipts(of messageUUID: String) async throws -> [SeenReceipt] {
        try check()
        let ours = receiptsSeen.filter { $0.messageUUID == messageUUID }
        return ours.enumerated().sorted { ($0.element.seenAt, $0.offset) < ($1.element.seenAt, $1.offset) }
            .map(\.element)
    }

    package func remember(_ receipt: SeenReceipt) async throws {
        if let failure { throw failure }
        if receiptKeys.insert(receipt.key).inserted { receiptsSeen.append(receipt) }
        overdueShelf.end(receipt)
    }

    package func hasSeenInbound(_ key: String) async throws -> Bool {
        try check()
        return inboundSeen[key] != nil
    }

    package func rememberInbound(_ key: String, at moment: Timestamp) async throws {
        if let failure { throw failure }
        if inboundSeen[key] == nil { inboundSeen[key] = moment }
    }

    package func sweepReceipts(before moment: Timestamp) async throws -> Int {
        if let failure { throw failure }
        let receipts = Set(receiptsSeen.filter { $0.seenAt < moment }.prefix(Self.sweepBatch).map(\.key))
        receiptsSeen.removeAll { receipts.contains($0.key) }
        receiptKeys.subtract(receipts)
        let keys = inboundSeen.filter { $0.value < moment }.prefix(Self.sweepBatch).map(\.key)
        for key in keys { inboundSeen[key] = nil }
        let claims = replies.filter { $0.value.at < moment }.map(\.key)
        for key in claims { replies[key] = nil }
        return receipts.count + keys.count + optOutShelf.sweep(before: moment) + claims.count
            + overdueShelf.sweep(before: moment)
    }
}

extension InMemoryStore: ListenerLog {
    package func noteListening(at moment: Timestamp, tolerance: Duration) async throws {
        if let failure { throw failure }
        gapsNoted = gapsNoted.filter { $0.from <= moment }.map {
            ListenerGap($0.kind, from: $0.from, until: min($0.until, moment))
        }
        if let lastBeat {
            if moment - lastBeat > tolerance { gapsNoted.append(ListenerGap(.down, from: lastBeat, until: moment)) }
        }
        lastBeat = moment
    }

    package func noteFailedWebhook(at moment: Timestamp) async throws {
        if let failure { throw failure }
        let isKnown = gapsNoted.contains {
            $0.kind == .failedWebhook && $0.until > moment - .seconds(1) && $0.until <= moment
        }
        if !isKnown { gapsNoted.append(ListenerGap(.failedWebhook, from: moment, until: moment)) }
    }

    package func gaps(from start: Timestamp, until end: Timestamp) async throws -> [ListenerGap] {
        try check()
        let ours = gapsNoted.filter { $0.until >= start && $0.from <= end }
        return ours.enumerated().sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }
            .map(\.element)
    }
}

extension InMemoryStore: SweepLog {
    package func sweepMoment() async throws -> Timestamp? {
        try check()
        return sweptUntil
    }

    package func noteSweepMoment(_ moment: Timestamp) async throws {
        if let failure { throw failure }
        sweptUntil = moment
    }
}

extension InMemoryStore: EventSpool {
    package func spool(
        _ message: BrokerMessage,
        key: String,
        share: SpoolShare,
        at moment: Timestamp
    ) async throws -> Bool {
        if let failure { throw failure }
        let properties = try JSONBytes.encode(message.properties)
        let bytes = message.body.count + properties.count
        guard !depth(of: share).isFull else { return false }
        lastSpoolNumber += 1
        let event = SpooledEvent(number: lastSpoolNumber, key: key, message: message, at: moment)
        spoolQueue.append((share, bytes, event))
        return true
    }

    package func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent] {
        try check()
        return spoolQueue.drop { $0.event.number <= number }.prefix(max(limit, 0)).map(\.event)
    }

    package func unspool(_ numbers: [Int64]) async throws {
        if let failure { throw failure }
        let gone = Set(numbers)
        spoolQueue.removeAll { gone.contains($0.event.number) }
    }

    package func spooledKeys() async throws -> Set<String> {
        try check()
        return Set(spoolQueue.map(\.event.key))
    }

    package func spoolDepth(of share: SpoolShare) async throws -> SpoolDepth {
        try check()
        return depth(of: share)
    }

    private func depth(of share: SpoolShare) -> SpoolDepth {
        let events = spoolQueue.filter { $0.share == share }
        return SpoolDepth(
            waiting: events.count,
            capacity: spoolCapacity,
            bytes: events.reduce(0) { $0 + $1.bytes },
            byteCapacity: spoolByteCapacity
        )
    }
}

/// A shorter way for tests that do not care whose events they are.
extension EventSpool {
    /// Keeps an event among those of webhooks.
    package func spool(_ message: BrokerMessage, key: String, at moment: Timestamp) async throws -> Bool {
        try await spool(message, key: key, share: .webhooks, at: moment)
    }
}
