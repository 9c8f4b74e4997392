package import Contracts
import CoreMetrics
package import SMSCore

/// Changes the suppression list for people and programs, and has each change published.
package struct OptOutDesk: Sendable {
    private let store: any OptOutStore
    private let announcer: OptOutAnnouncer

    /// A desk.
    ///
    /// - Parameters:
    ///   - store: the list.
    ///   - announcer: publishes the changes, later if it cannot now.
    package init(store: any OptOutStore, announcer: OptOutAnnouncer) {
        self.store = store
        self.announcer = announcer
    }

    /// Puts a number on the list.
    ///
    /// - Parameters:
    ///   - number: the handset.
    ///   - sender: who must not write to it; nil for every sender.
    ///   - source: who asked for it.
    ///   - now: the moment.
    /// - Returns: whether it is new.
    /// - Throws: what the store throws.
    package func add(
        _ number: PhoneNumber,
        sender: Sender?,
        source: OptOut.Source,
        now: Timestamp
    ) async throws -> Bool {
        let optOut = OptOut(number: number.e164, sender: sender.listed, source: source, at: now)
        let news = try await store.add([optOut], isImport: false, now: now)
        if !news.isEmpty { BridgeMetrics.optOuts("opt-out").increment() }
        await announcer.announce(optOut.number)
        return !news.isEmpty
    }

    /// Takes a number off the list, for one sender or the entry that holds for all.
    ///
    /// - Returns: whether it was there.
    /// - Throws: what the store throws.
    package func remove(
        _ number: PhoneNumber,
        sender: Sender?,
        source: OptOut.Source,
        now: Timestamp
    ) async throws -> Bool {
        let optIn = OptIn(number: number.e164, sender: sender.listed, source: source, at: now)
        let removed = try await store.remove(optIn, now: now)
        if removed != nil { BridgeMetrics.optOuts("opt-in").increment() }
        await announcer.announce(optIn.number)
        return removed != nil
    }

    /// Entries in the order of number and sender, after a place.
    ///
    /// - Throws: what the store throws.
    package func list(after place: OptOutPlace?, limit: Int) async throws -> [OptOut] {
        try await store.optOuts(after: place, limit: limit)
    }
}

extension Sender? {
    /// A sender as the list has it: as in events, `*` for all.
    fileprivate var listed: String { self?.display ?? OptOut.everySender }
}
