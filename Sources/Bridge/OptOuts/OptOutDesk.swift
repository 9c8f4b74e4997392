package import Contracts
import CoreMetrics
package import SMSCore

/// Changes the suppression list for people and programs, and tells of each change.
package struct OptOutDesk: Sendable {
    private let store: any OptOutStore
    private let publish: @Sendable (BrokerMessage, _ key: String) async throws -> Void
    private let events: OptOutEvents

    /// A desk.
    ///
    /// - Parameters:
    ///   - store: the list.
    ///   - names: of our exchanges.
    ///   - publish: hands an event on; what it throws reaches the caller, with the list changed all the same.
    package init(
        store: any OptOutStore,
        names: BrokerNames,
        publish: @escaping @Sendable (BrokerMessage, _ key: String) async throws -> Void
    ) {
        self.store = store
        self.publish = publish
        self.events = OptOutEvents(names: names)
    }

    /// Puts a number on the list.
    ///
    /// - Parameters:
    ///   - number: the handset.
    ///   - sender: who must not write to it; nil for all of our senders.
    ///   - source: who asked for it.
    ///   - now: the moment.
    /// - Returns: whether it is news.
    /// - Throws: what the store and `publish` throw.
    package func add(
        _ number: PhoneNumber,
        sender: Sender?,
        source: OptOut.Source,
        now: Timestamp
    ) async throws -> Bool {
        let optOut = OptOut(number: number.e164, sender: sender.listed, source: source, at: now)
        guard try await store.add(optOut) else { return false }
        BridgeMetrics.optOuts("opt-out").increment()
        try await publish(events.optedOut(optOut, now: now), optOut.number)
        return true
    }

    /// Takes a number off the list, for one sender or the entry that holds for all.
    ///
    /// - Returns: whether it was there.
    /// - Throws: what the store and `publish` throw.
    package func remove(
        _ number: PhoneNumber,
        sender: Sender?,
        source: OptOut.Source,
        now: Timestamp
    ) async throws -> Bool {
        guard let removed = try await store.removeOptOut(of: number.e164, sender: sender.listed) else { return false }
        BridgeMetrics.optOuts("opt-in").increment()
        try await publish(events.optedIn(removed, by: source, now: now), removed.number)
        return true
    }

    /// Puts many numbers on the list in one go; whoever calls tells of it, by ``announcements(of:now:)``.
    ///
    /// - Returns: those that are news.
    /// - Throws: what the store throws.
    package func add(_ optOuts: [OptOut]) async throws -> [OptOut] { try await store.add(optOuts) }

    /// The events of a list's having been read in, one for each entry.
    ///
    /// - Throws: when they cannot be encoded.
    package func announcements(of optOuts: [OptOut], now: Timestamp) throws -> [BrokerMessage] {
        try optOuts.map { try events.optedOut($0, by: .import, now: now) }
    }

    /// Entries in the order of number and sender, after a place.
    ///
    /// - Throws: what the store throws.
    package func list(after place: OptOutPlace?, limit: Int) async throws -> [OptOut] {
        try await store.optOuts(after: place, limit: limit)
    }
}

extension Sender? {
    /// How the list has a sender: as events show it, `*` for all.
    fileprivate var listed: String { self?.display ?? OptOut.everySender }
}
