/// The suppression list.
package protocol OptOutStore: Sendable {
    /// Puts a number on the list for a sender, or for all.
    ///
    /// - Returns: false when it was there already; its entry and evidence stay as they are.
    func add(_ optOut: OptOut) async throws -> Bool

    /// Puts many numbers on the list, in one transaction.
    ///
    /// - Returns: those that were not there before.
    func add(_ optOuts: [OptOut]) async throws -> [OptOut]

    /// Takes a number off the list for a sender; `*` for the entry that holds for all.
    ///
    /// - Returns: the entry that was there; nil when there was none.
    func removeOptOut(of number: String, sender: String) async throws -> OptOut?

    /// The entry that forbids a sender to write to a number: its own, else that for all; nil when there is none.
    func optOut(of number: String, sender: String) async throws -> OptOut?

    /// Entries by number and sender, after one: at most `limit`.
    func optOuts(after place: OptOutPlace?, limit: Int) async throws -> [OptOut]
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
