package import Contracts

/// When the webhook listener was up, kept on disk: whether a missing receipt means something depends on it.
package protocol ListenerLog: Sendable {
    /// Notes that the listener is up; when the last such note is older than the tolerance, the time between is kept as a
    /// gap. A clock that was set back is followed, and what was noted of times that lie ahead of it is forgotten.
    func noteListening(at: Timestamp, tolerance: Duration) async throws

    /// Notes that a genuine webhook could not be taken.
    func noteFailedWebhook(at: Timestamp) async throws

    /// The gaps that touch a time, by their beginnings; those that ended more than two days ago are forgotten.
    func gaps(from: Timestamp, until: Timestamp) async throws -> [ListenerGap]
}

/// A time in which a receipt may have been missed.
package struct ListenerGap: Hashable, Sendable {
    /// Why a receipt may have been missed; the words are those of the stored rows.
    package enum Kind: String, Hashable, Sendable {
        /// The listener was not up.
        case down = "silence"
        /// A genuine webhook was not taken; the gap begins and ends at that moment.
        case failedWebhook = "failure"
    }

    package let kind: Kind
    package let from: Timestamp
    package let until: Timestamp

    /// A gap between two moments.
    package init(_ kind: Kind, from: Timestamp, until: Timestamp) {
        self.kind = kind
        self.from = from
        self.until = until
    }

    package var length: Duration { until - from }
}
