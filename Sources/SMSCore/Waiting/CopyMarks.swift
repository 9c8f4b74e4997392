package import Contracts

/// What a copy of a command carries in its headers; only the service, and the replay of dead letters, write them.
///
/// A command that waits travels through the wait queues as a copy with a number of its own, so that an older copy is
/// recognised.
package struct CopyMarks: Hashable, Sendable {
    /// The number of the copy, counted up with each way through the wait queues; 0 when it comes from outside (header
    /// `sms-wait`).
    package var wait: Int
    /// Requests made when it went to wait (header `sms-attempt`).
    package var attempts: Int
    /// When the command was first seen; nil when it comes from outside (header `sms-first-seen`).
    package var firstSeen: Timestamp?
    /// The number of its replay from the dead letters; 0 for none (header `sms-replay`).
    package var replay: Int
    /// Whether that replay may send a second time (header `sms-force`).
    package var isForced: Bool

    /// Marks; those of a copy from outside unless given.
    package init(
        wait: Int = 0,
        attempts: Int = 0,
        firstSeen: Timestamp? = nil,
        replay: Int = 0,
        isForced: Bool = false
    ) {
        self.wait = wait
        self.attempts = attempts
        self.firstSeen = firstSeen
        self.replay = replay
        self.isForced = isForced
    }
}
