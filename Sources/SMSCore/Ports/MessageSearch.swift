package import Contracts

/// Looking for commands' records, for people: newest first, page by page.
///
/// This is an internal seam: every store passes the same conformance suite. A page costs a bounded number of rows,
/// whatever the table holds. Every function throws when the store cannot be read.
package protocol MessageSearch: Sendable {
    /// The records that a query holds for, the newest first, after its place.
    func messages(_ query: MessageQuery) async throws -> MessagePage

    /// Some of the commands that wait, in no order: at most `limit`.
    func openMessages(_ kind: OpenKind, limit: Int) async throws -> [MessageRecord]

    /// The campaigns, the newest first, those with a lower number than one: at most `limit`.
    func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord]
}

/// Which commands are waiting.
package enum OpenKind: String, Hashable, Sendable, CaseIterable {
    /// It is not known whether the provider has them.
    case uncertain
    /// Nothing is under way, and they travel through a wait queue, or have.
    case waiting
}

/// What is looked for; what is nil does not matter.
package struct MessageQuery: Hashable, Sendable {
    /// The recipient, E.164 with `+`.
    package var to: String?
    /// The sender as events show it.
    package var from: String?
    package var state: MessageStateWord?
    package var campaignID: String?
    /// Created not before then.
    package var since: Timestamp?
    /// Created before then.
    package var until: Timestamp?
    /// How many at most, from 1.
    package var limit: Int
    /// Where the page before ended; nil for the first one.
    package var after: MessagePlace?

    /// A query for the newest messages.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Whether a record is meant, whatever the page.
    package func matches(_ record: MessageRecord) -> Bool {
        (to == nil || to == record.facts.to) && (from == nil || from == record.facts.from)
            && (state == nil || state == record.stateWord)
            && (campaignID == nil || campaignID == record.facts.campaignID)
            && since.map { record.createdAt >= $0 } ?? true && until.map { record.createdAt < $0 } ?? true
    }
}

/// A page of records, and where the next one begins.
package struct MessagePage: Hashable, Sendable {
    package var records: [MessageRecord]
    /// Nil at the end.
    ///
    /// A page can be short, even empty, and not be the last one: a store looks at so many rows for each page and no
    /// more.
    package var next: MessagePlace?

    /// A page.
    package init(records: [MessageRecord], next: MessagePlace?) {
        self.records = records
        self.next = next
    }
}

/// A place between two records, newest first; for clients it is a word without a meaning.
package struct MessagePlace: Hashable, Sendable {
    /// When the last record before it was created.
    package let createdAt: Timestamp
    /// The store's own order of those created at one moment.
    package let tie: String

    /// Behind a record.
    package init(createdAt: Timestamp, tie: String) {
        self.createdAt = createdAt
        self.tie = tie
    }
}

/// A record's state in a word: its name, or its outcome.
package enum MessageStateWord: String, Hashable, Sendable, CaseIterable {
    case pending, sending, uncertain
    case accepted, rejected, failed, suppressed, expired, invalid, cancelled

    /// Whether it is the outcome of a settled one.
    package var isOutcome: Bool { ![.pending, .sending, .uncertain].contains(self) }
}

extension MessageRecord {
    /// The state in one word.
    package var stateWord: MessageStateWord {
        switch state {
        case .pending: .pending
        case .sending: .sending
        case .uncertain: .uncertain
        case .settled(let settlement):
            switch settlement.outcome {
            case .accepted: .accepted
            case .rejected: .rejected
            case .failed: .failed
            case .suppressed: .suppressed
            case .expired: .expired
            case .invalid: .invalid
            case .cancelled: .cancelled
            case .uncertain: .uncertain
            }
        }
    }
}
