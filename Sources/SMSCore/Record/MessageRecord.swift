package import Contracts

/// What is remembered of one command: the ledger's row, by command id.
///
/// A record never holds the text; the command's own message carries it until it is settled.
package struct MessageRecord: Hashable, Sendable {
    package let id: CommandID
    /// How often the row has been written; 0 for one that is not in the store yet.
    ///
    /// Every write is conditional on it.
    package var version: Int64
    /// SHA-256 of the command's body, in hexadecimal, by which a repeat differs from another command under the same id.
    package var bodyDigest: String
    package var lane: Lane
    package var state: MessageState
    /// What the command's events echo.
    package var facts: MessageFacts {
        // Borrowed and not copied, for nearly every reader wants a single field.
        _read { yield sharedFacts.value }
        set { sharedFacts = SharedFacts(newValue) }
    }
    /// Behind a reference, since a record is passed on at every step of its command and its facts hardly ever change.
    private var sharedFacts: SharedFacts
    /// Requests made at the provider; a 429 is none.
    package var attempts: Int
    /// When the first attempt that failed was made; `RETRY_MAX_AGE` counts from here.
    package var firstFailureAt: Timestamp?
    /// The number of the copy that carries the command through the wait queues; 0 before the first wait.
    package var wait: Int
    /// Until when the command waits, for whatever reason; nil when it does not wait.
    package var notBefore: Timestamp?
    /// The slot that its sender's rate has kept for it; nil when none is.
    package var reservedSlot: Timestamp?
    /// When it last met an error of the account or the set-up (401, 402 …); nil when it never did.
    package var troubledAt: Timestamp?
    /// The number of the last replay from the dead letters; 0 before the first.
    package var replay: Int
    /// The provider's message id that a receipt has proved, whatever the state says.
    package var provedUUID: String?
    /// Whether the settled outcome's event has been confirmed by the broker.
    package var isPublished: Bool
    /// Whether the `uncertain` event of this command has been confirmed.
    package var isUncertainPublished: Bool
    /// Whether a request before the present state may have arrived.
    ///
    /// One without an answer that another one followed, or one before a replay. A part of ``mayHaveReachedHandset``,
    /// which is what is asked.
    package var hasEarlierDoubt: Bool
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// When the row may go; set when it is settled.
    package var keepUntil: Timestamp?
    /// What was decided about it, for its timeline.
    package var history = MessageHistory()

    /// A record of a command seen for the first time.
    package init(id: CommandID, bodyDigest: String, lane: Lane, facts: MessageFacts, now: Timestamp) {
        self.id = id
        self.version = 0
        self.bodyDigest = bodyDigest
        self.lane = lane
        self.state = .pending
        self.sharedFacts = SharedFacts(facts)
        self.attempts = 0
        self.wait = 0
        self.replay = 0
        self.isPublished = false
        self.isUncertainPublished = false
        self.hasEarlierDoubt = false
        self.createdAt = now
        self.updatedAt = now
    }
}

/// Facts that copies of a record share.
private final class SharedFacts: Hashable, Sendable {
    let value: MessageFacts

    init(_ value: MessageFacts) {
        self.value = value
    }

    static func == (left: SharedFacts, right: SharedFacts) -> Bool { left === right || left.value == right.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// What a command's events and receipts echo of it.
package struct MessageFacts: Hashable, Sendable, Codable {
    /// The recipient, E.164 with `+`.
    package var to: String?
    /// The sender as events show it.
    package var from: String?
    package var clientRef: String?
    package var metadata: [String: String]?
    package var campaignID: String?
    package var segments: Int?
    /// `gsm7` or `ucs2`.
    package var encoding: String?
    package var replaced: [Replacement]?
    /// The command's AMQP `correlation_id`.
    package var correlationID: String?
    /// The command's W3C trace context.
    package var traceparent: String?
    package var sendAt: Timestamp?
    package var expiresAt: Timestamp?
    /// The opening of its window that it waits for, or waited for last; nil when it never waited for one.
    package var opensAt: Timestamp?
    /// Fields that were ignored and look like misspelt ones; nil when there are none.
    package var warnings: [Problem]?

    /// Facts, each absent unless set.
    package init() {}
}

/// Where a command stands.
package enum MessageState: Hashable, Sendable {
    /// Nothing is under way. Can go to: sending, settled, and by a receipt's proof to settled (accepted).
    case pending
    /// A request is being made. Can go to: pending (surely not taken), uncertain, settled.
    case sending(Attempt)
    /// A request, made at that moment, was written and no answer came. Can go to: sending (again), settled.
    case uncertain(since: Timestamp)
    /// The end. Can go to: pending, by a replay; a failure as uncertain can be proved accepted.
    indirect case settled(Settlement)
}

/// A request that is being made.
package struct Attempt: Hashable, Sendable {
    /// Counted from 1.
    package let number: Int
    package let since: Timestamp
    /// The boot id of the process that makes it, by which replicas know whose attempt is still under way.
    package let owner: BootID

    /// An attempt by a process.
    package init(number: Int, since: Timestamp, owner: BootID) {
        self.number = number
        self.since = since
        self.owner = owner
    }
}

/// How a command ended.
package struct Settlement: Hashable, Sendable {
    /// Never `uncertain`.
    package let outcome: Outcome
    /// The provider's id; only when accepted.
    package let messageUUID: String?
    /// Why; with every outcome but `accepted`.
    package let error: EventError?
    package let at: Timestamp

    /// An end with its reason.
    package init(outcome: Outcome, messageUUID: String?, error: EventError?, at: Timestamp) {
        self.outcome = outcome
        self.messageUUID = messageUUID
        self.error = error
        self.at = at
    }
}

/// One run of the service: a random word, made once per process.
package struct BootID: Hashable, Sendable {
    package let text: String

    /// A new boot id, 128 random bits in hexadecimal.
    ///
    /// A process makes one, in its composition, for all its parts.
    package static func random() -> BootID { BootID(String(UInt128.random(in: 0...UInt128.max), radix: 16)) }

    /// A boot id that was stored.
    package init(_ text: String) {
        self.text = text
    }
}
