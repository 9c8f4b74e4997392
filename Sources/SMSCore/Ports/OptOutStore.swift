package import Contracts

/// The suppression list.
///
/// Of two changes of one number and sender the later one wins, in whatever order they come; at the same moment the
/// entry wins. Each change of the list is noted in the same transaction, until it has been published.
package protocol OptOutStore: Sendable {
    /// Puts numbers on the list for a sender each, or for all, in one transaction.
    ///
    /// An entry counts as asked for at its own moment, but for an import, which is asked for now. One that is older
    /// than the number's last opt-in is not added; an opt-in later than `now` was noted under a wrong clock and bars
    /// nothing.
    ///
    /// - Parameters:
    ///   - optOuts: the entries.
    ///   - isImport: whether they come from a list that is read in now.
    ///   - now: the present.
    /// - Returns: those that are news; of the others the entry and its evidence stay as they are.
    /// - Throws: the store's error.
    func add(_ optOuts: [OptOut], isImport: Bool, now: Timestamp) async throws -> [OptOut]

    /// Takes a number off the list for a sender; `*` for the entry that holds for all.
    ///
    /// A handset's opt-in changes nothing when an opt-out of the same moment or a later one is known; that of a person
    /// who keeps the list always holds. Its moment is kept, so that an older opt-out that comes later does not undo it.
    ///
    /// - Parameters:
    ///   - optIn: who, and when.
    ///   - now: the present.
    /// - Returns: the entry that was there; nil when nothing was changed.
    /// - Throws: the store's error.
    func remove(_ optIn: OptIn, now: Timestamp) async throws -> OptOut?

    /// The entry that forbids a sender to write to a number: its own, else that for all; nil when there is none.
    func optOut(of number: String, sender: String) async throws -> OptOut?

    /// Entries by number and sender, after one: at most `limit`.
    func optOuts(after place: OptOutPlace?, limit: Int) async throws -> [OptOut]

    // MARK: Publishing

    /// The changes that have not been published, the oldest first: at most `limit` after a place (0: from the beginning).
    func unpublishedOptOutChanges(after place: Int64, limit: Int) async throws -> [OptOutChange]

    /// The changes of one number that have not been published, the oldest first.
    func unpublishedOptOutChanges(of number: String) async throws -> [OptOutChange]

    /// Forgets changes that have been published, by their places.
    func noteOptOutChangesPublished(_ places: [Int64]) async throws
}

/// A place in the list, which is in the order of number and sender.
package struct OptOutPlace: Hashable, Sendable {
    package let number: String
    package let sender: String

    /// The place of an entry.
    package init(number: String, sender: String) {
        self.number = number
        self.sender = sender
    }
}
