package import Contracts

/// The last acceptances, as far as the rule about the account's trouble needs them.
///
/// A request that was under way when a command met the trouble proves nothing by being accepted afterwards. So an
/// acceptance has the time at which its request was granted.
package struct AcceptanceMemory: Hashable, Sendable {
    private struct Acceptance: Hashable {
        let id: CommandID
        let sentAt: Timestamp
    }

    private var latest: Acceptance?
    /// The latest of another command than the one in `latest`.
    private var latestOther: Acceptance?

    /// A memory of nothing.
    package init() {}

    /// A command was accepted, whose request was granted at a moment.
    package mutating func note(_ id: CommandID, sentAt: Timestamp) {
        let new = Acceptance(id: id, sentAt: sentAt)
        guard let latest, sentAt < latest.sentAt else {
            if latest?.id != id { latestOther = latest }
            latest = new
            return
        }
        // An answer that was long under way.
        if latest.id != id, sentAt > latestOther?.sentAt ?? Timestamp(milliseconds: .min) { latestOther = new }
    }

    /// Whether a request of another command was sent after a moment, and accepted.
    package func wasAnotherAccepted(after moment: Timestamp, than id: CommandID) -> Bool {
        let other = latest?.id == id ? latestOther : latest
        return other.map { $0.sentAt > moment } ?? false
    }
}
