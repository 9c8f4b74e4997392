package import Contracts
package import SMSCore

/// The suppression list of a store in memory.
struct OptOutShelf {
    var entries: [OptOutPlace: OptOut] = [:]
    /// When each entry was asked for last.
    var changedAt: [OptOutPlace: Timestamp] = [:]
    /// Numbers that have left the list.
    var optIns: [OptOutPlace: (at: Timestamp, notedAt: Timestamp)] = [:]
    /// In the order of their places.
    var changes: [OptOutChange] = []
    var lastChange: Int64 = 0

    mutating func note(
        _ kind: OptOutChange.Kind,
        _ place: OptOutPlace,
        source: OptOut.Source,
        keyword: String?,
        messageUUID: String?,
        at moment: Timestamp
    ) {
        lastChange += 1
        changes.append(
            OptOutChange(
                place: lastChange,
                kind: kind,
                number: place.number,
                sender: place.sender,
                source: source,
                keyword: keyword,
                messageUUID: messageUUID,
                at: moment
            )
        )
    }

    /// Forgets moments of opt-ins; returns how many.
    mutating func sweep(before moment: Timestamp) -> Int {
        let gone = optIns.filter { $0.value.notedAt < moment }.keys
        for place in gone { optIns[place] = nil }
        return gone.count
    }
}

extension InMemoryStore: OptOutStore {
    package func add(_ optOuts: [OptOut], isImport: Bool, now: Timestamp) async throws -> [OptOut] {
        if let failure { throw failure }
        var added: [OptOut] = []
        for optOut in optOuts {
            let place = OptOutPlace(number: optOut.number, sender: optOut.sender)
            let moment = isImport ? now : optOut.at
            if optOutShelf.entries[place] != nil {
                optOutShelf.changedAt[place] = max(optOutShelf.changedAt[place] ?? moment, moment)
                continue
            }
            if let optIn = optOutShelf.optIns[place], optIn.at > moment, optIn.at <= now { continue }
            optOutShelf.optIns[place] = nil
            optOutShelf.entries[place] = optOut
            optOutShelf.changedAt[place] = moment
            optOutShelf.note(
                .optOut,
                place,
                source: isImport ? .import : optOut.source,
                keyword: optOut.keyword,
                messageUUID: optOut.messageUUID,
                at: optOut.at
            )
            added.append(optOut)
        }
        return added
    }

    package func remove(_ optIn: OptIn, now: Timestamp) async throws -> OptOut? {
        if let failure { throw failure }
        let place = OptOutPlace(number: optIn.number, sender: optIn.sender)
        let changedAt = optOutShelf.changedAt[place]
        if optIn.hasToBeLater, let changedAt, changedAt >= optIn.at { return nil }
        let moments = [optIn.at, changedAt, optOutShelf.optIns[place]?.at].compactMap(\.self)
        optOutShelf.optIns[place] = (at: moments.max() ?? optIn.at, notedAt: now)
        optOutShelf.changedAt[place] = nil
        guard let entry = optOutShelf.entries.removeValue(forKey: place) else { return nil }
        optOutShelf.note(
            .optIn,
            place,
            source: optIn.source,
            keyword: optIn.keyword,
            messageUUID: optIn.messageUUID,
            at: optIn.at
        )
        return entry
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        try check()
        return standingOptOut(of: number, sender: sender)
    }

    package func optOuts(after place: OptOutPlace?, limit: Int) async throws -> [OptOut] {
        try check()
        let sorted = optOutShelf.entries.values.sorted { ($0.number, $0.sender) < ($1.number, $1.sender) }
        return Array(
            sorted.filter { ($0.number, $0.sender) > (place?.number ?? "", place?.sender ?? "") }.prefix(max(0, limit))
        )
    }

    package func unpublishedOptOutChanges(after place: Int64, limit: Int) async throws -> [OptOutChange] {
        try check()
        return Array(optOutShelf.changes.filter { $0.place > place }.prefix(max(0, limit)))
    }

    package func unpublishedOptOutChanges(of number: String) async throws -> [OptOutChange] {
        try check()
        return optOutShelf.changes.filter { $0.number == number }
    }

    package func noteOptOutChangesPublished(_ places: [Int64]) async throws {
        if let failure { throw failure }
        optOutShelf.changes.removeAll { places.contains($0.place) }
    }

    func standingOptOut(of number: String, sender: String) -> OptOut? {
        optOutShelf.entries[OptOutPlace(number: number, sender: sender)]
            ?? optOutShelf.entries[OptOutPlace(number: number, sender: OptOut.everySender)]
    }
}

/// Shorter ways for tests that do not care about the time.
extension OptOutStore {
    /// Puts a number on the list at its entry's own moment; returns whether it is news.
    package func add(_ optOut: OptOut) async throws -> Bool {
        try await !add([optOut], isImport: false, now: optOut.at).isEmpty
    }

    /// Puts numbers on the list at their entries' own moments.
    package func add(_ optOuts: [OptOut]) async throws -> [OptOut] {
        try await add(optOuts, isImport: false, now: optOuts.map(\.at).max() ?? Samples.moment)
    }

    /// Takes a number off the list, as a person who keeps the list does.
    package func removeOptOut(
        of number: String,
        sender: String,
        at moment: Timestamp = Samples.moment
    ) async throws -> OptOut? {
        try await remove(OptIn(number: number, sender: sender, source: .api, at: moment), now: moment)
    }

    /// Forgets every change that is to be published.
    package func noteEveryOptOutChangePublished() async throws {
        try await noteOptOutChangesPublished(unpublishedOptOutChanges(after: 0, limit: 1_000).map(\.place))
    }
}
