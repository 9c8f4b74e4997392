package import Contracts
package import SMSCore

/// The messages without a final receipt, and the budget of reports.
struct OverdueShelf {
    struct Entry {
        var receipt: AwaitedReceipt
        var busyUntil = Timestamp(milliseconds: 0)
        var overdueAt: Timestamp?
        var askAt: Timestamp?
    }

    var entries: [String: Entry] = [:]
    var budget: (day: Int64, spent: Int) = (0, 0)

    mutating func awaitReceipt(of record: MessageRecord, seen: [SeenReceipt]) {
        guard let settlement = record.settlement, settlement.outcome == .accepted, !record.isPublished,
            let uuid = settlement.messageUUID, entries[uuid] == nil,
            !seen.contains(where: { $0.messageUUID == uuid && StatusEvent.finalStatuses.contains($0.status) })
        else { return }
        entries[uuid] = Entry(
            receipt: AwaitedReceipt(messageUUID: uuid, commandID: record.id, acceptedAt: settlement.at)
        )
    }

    mutating func end(_ receipt: SeenReceipt) {
        if StatusEvent.finalStatuses.contains(receipt.status) { entries[receipt.messageUUID] = nil }
    }

    mutating func sweep(before moment: Timestamp) -> Int {
        let gone = entries.filter { ($0.value.overdueAt ?? $0.value.receipt.acceptedAt) < moment }.keys
        for uuid in gone { entries[uuid] = nil }
        return gone.count
    }

    mutating func claim(
        _ moment: (Entry) -> Timestamp?,
        until end: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) -> [AwaitedReceipt] {
        let free = entries.values.filter { entry in
            entry.busyUntil <= now && (moment(entry).map { $0 <= end } ?? false)
        }
        let chosen = free.sorted { (moment($0) ?? end) < (moment($1) ?? end) }.prefix(max(limit, 0))
        for entry in chosen { entries[entry.receipt.messageUUID]?.busyUntil = now + lease }
        return chosen.map(\.receipt)
    }
}

extension InMemoryStore: OverdueStore {
    package func claimAwaited(
        acceptedUntil moment: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) async throws -> [AwaitedReceipt] {
        if let failure { throw failure }
        return overdueShelf.claim(
            { $0.overdueAt == nil ? $0.receipt.acceptedAt : nil },
            until: moment,
            limit: limit,
            now: now,
            lease: lease
        )
    }

    package func noteOverdue(_ messageUUID: String, at moment: Timestamp, askAt: Timestamp?) async throws {
        if let failure { throw failure }
        guard var entry = overdueShelf.entries[messageUUID], entry.overdueAt == nil else { return }
        entry.overdueAt = moment
        entry.askAt = askAt
        entry.busyUntil = Timestamp(milliseconds: 0)
        overdueShelf.entries[messageUUID] = entry
    }

    package func claimOverdue(limit: Int, now: Timestamp, lease: Duration) async throws -> [AwaitedReceipt] {
        if let failure { throw failure }
        return overdueShelf.claim(\.askAt, until: now, limit: limit, now: now, lease: lease)
    }

    package func noteAsked(_ messageUUID: String, askAt: Timestamp?) async throws {
        if let failure { throw failure }
        guard var entry = overdueShelf.entries[messageUUID] else { return }
        let old = entry.receipt
        entry.receipt = AwaitedReceipt(
            messageUUID: messageUUID,
            commandID: old.commandID,
            acceptedAt: old.acceptedAt,
            asks: old.asks + 1
        )
        entry.askAt = askAt
        entry.busyUntil = Timestamp(milliseconds: 0)
        overdueShelf.entries[messageUUID] = entry
    }

    package func overdueCount() async throws -> Int {
        try check()
        return overdueShelf.entries.values.count { $0.overdueAt != nil }
    }

    package func uncertain(from start: Timestamp, until end: Timestamp, limit: Int) async throws -> [MessageRecord] {
        try check()
        let ours = records.values.filter { record in
            guard case .uncertain(let since) = record.state else { return false }
            return since >= start && since <= end
        }
        return Array(ours.prefix(max(limit, 0)))
    }

    package func takeReports(_ wanted: Int, of budget: Int, day: Int64) async throws -> Int {
        if let failure { throw failure }
        let spent = overdueShelf.budget.day == day ? overdueShelf.budget.spent : 0
        let taken = max(0, min(wanted, budget - spent))
        overdueShelf.budget = (day, spent + taken)
        return taken
    }

    package func correctReports(by records: Int, day: Int64) async throws {
        if let failure { throw failure }
        let spent = overdueShelf.budget.day == day ? overdueShelf.budget.spent : 0
        overdueShelf.budget = (day, max(0, spent + records))
    }
}
