package import Contracts
package import SMSCore

/// The store of tests: everything in memory, the same answers as the real ones (`StoreConformance`).
package actor InMemoryStore {
    private struct Note {
        let id: CommandID
        let digest: String
        var holder: String
        let notedAt: Timestamp
    }

    /// How many rows one sweep takes, as with the real stores.
    private static let sweepBatch = 2000

    private var records: [CommandID: MessageRecord] = [:]
    /// In the order of noting.
    private var notes: [Note] = []
    /// In the order of remembering.
    private var receiptsSeen: [SeenReceipt] = []
    private var receiptKeys: Set<String> = []
    private var inboundSeen: [String: Timestamp] = [:]
    private var spoolQueue: [SpooledEvent] = []
    private var lastSpoolNumber: Int64 = 0
    private let spoolCapacity: Int
    private var failure: (any Error)?

    /// An empty store.
    ///
    /// - Parameter spoolCapacity: how many events the spool takes, 100,000 by default.
    package init(spoolCapacity: Int = 100_000) {
        self.spoolCapacity = spoolCapacity
    }

    /// Lets every call fail with an error from now on, as a broken disk does; nil mends it.
    package func fail(with error: (any Error)?) {
        failure = error
    }

    /// Every record, for a test to look at.
    package var allRecords: [MessageRecord] { Array(records.values) }

    private func check() throws {
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
        return saved
    }

    package func begin(_ record: MessageRecord) async throws -> IntentResult {
        guard case .sending = record.state else { throw NotAnIntent() }
        return try await save(record).map(IntentResult.begun) ?? .lost
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
            if let index = free.first(where: { records[notes[$0].id]?.settlement == nil }) ?? free.first {
                notes[index].holder = holder
                return notes[index].id
            }
        }
        guard !notes.contains(where: { $0.id == fresh }) else { throw IDInUse() }
        notes.append(Note(id: fresh, digest: digest, holder: holder, notedAt: now))
        return fresh
    }

    package func releaseAnonymousID(_ id: CommandID) async throws {
        if let failure { throw failure }
        notes.removeAll { $0.id == id }
    }

    package func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int {
        if let failure { throw failure }
        let over = records.values.filter { record in record.keepUntil.map { $0 <= now } ?? false }
        for record in over.prefix(Self.sweepBatch) { records[record.id] = nil }
        let old = Set(notes.filter { $0.notedAt < notesBefore }.prefix(Self.sweepBatch).map(\.id))
        notes.removeAll { old.contains($0.id) }
        return min(over.count, Self.sweepBatch) + old.count
    }

    package func openCounts() async throws -> OpenCounts {
        try check()
        var counts = OpenCounts(pending: 0, sending: 0, uncertain: 0)
        for record in records.values {
            switch record.state {
            case .pending: counts.pending += 1
            case .sending: counts.sending += 1
            case .uncertain: counts.uncertain += 1
            case .settled: break
            }
        }
        return counts
    }

    package func probe() async throws {
        try check()
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
        return receipts.count + keys.count
    }
}

extension InMemoryStore: EventSpool {
    package func spool(_ message: BrokerMessage, key: String, at moment: Timestamp) async throws -> Bool {
        if let failure { throw failure }
        guard spoolQueue.count < spoolCapacity else { return false }
        lastSpoolNumber += 1
        spoolQueue.append(SpooledEvent(number: lastSpoolNumber, key: key, message: message, at: moment))
        return true
    }

    package func spooled(limit: Int) async throws -> [SpooledEvent] {
        try check()
        return Array(spoolQueue.prefix(max(limit, 0)))
    }

    package func unspool(_ numbers: [Int64]) async throws {
        if let failure { throw failure }
        let gone = Set(numbers)
        spoolQueue.removeAll { gone.contains($0.number) }
    }

    package func spoolDepth() async throws -> SpoolDepth {
        try check()
        return SpoolDepth(waiting: spoolQueue.count, capacity: spoolCapacity)
    }
}
