package import Contracts

/// When the webhook listener was up, kept on disk, so that silence can be told from deafness.
package protocol ListenerLog: Sendable {
    /// Notes that the listener is up; when the last such note is older than the tolerance, the time between is kept as a
    /// silence. A clock that was set back is followed, and what was noted of times that lie ahead of it is forgotten.
    func noteListening(at: Timestamp, tolerance: Duration) async throws

    /// Notes that a genuine webhook could not be taken.
    func noteFailedWebhook(at: Timestamp) async throws

    /// The silences and failures that touch a time, in order; older than two days they are forgotten.
    func gaps(from: Timestamp, until: Timestamp) async throws -> [ListenerGap]
}

/// A time in which a receipt may have been missed.
package struct ListenerGap: Hashable, Sendable {
    /// What kind of time it was.
    package enum Kind: String, Hashable, Sendable {
        /// The listener was not up.
        case silence
        /// A genuine webhook was not taken; it begins and ends at that moment.
        case failure
    }

    package let kind: Kind
    package let from: Timestamp
    package let until: Timestamp

    /// A time of a kind.
    package init(_ kind: Kind, from: Timestamp, until: Timestamp) {
        self.kind = kind
        self.from = from
        self.until = until
    }

    package var length: Duration { until - from }
}
