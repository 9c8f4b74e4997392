package import Contracts

/// The ledger of commands.
///
/// This is an internal seam: both stores pass the same conformance suite. Every function throws when the store cannot
/// be read or written, and nothing has been changed then. Every write that returns has reached the disk.
package protocol MessageStore: Sendable {
    /// The record of a command; nil when it is unknown.
    func record(of id: CommandID) async throws -> MessageRecord?

    /// The record of the command whose `CommandID.reference` the provider echoes; nil when there is none.
    func record(ofReference reference: String) async throws -> MessageRecord?

    /// The record that a provider's message id settled or proved; nil when there is none.
    func record(ofMessageUUID uuid: String) async throws -> MessageRecord?

    /// Writes a record if the stored one still has the version that this one was read at (0: if there is none yet).
    ///
    /// - Returns: the record with its new version; nil when another writer was faster: read again, decide anew.
    func save(_ record: MessageRecord) async throws -> MessageRecord?

    /// Writes the intent to send, a record in state `sending`, and in the same transaction looks once more for what
    /// forbids it; a command that is barred stays as it was.
    func begin(_ record: MessageRecord) async throws -> IntentResult

    /// What forbids to send a command; nil when nothing is noted.
    func bar(on record: MessageRecord) async throws -> Bar?

    /// Notes that commands must not be sent any more, also such as are not known yet; `sweep` forgets it after a day.
    func cancel(_ target: CancelTarget, at: Timestamp) async throws

    /// The records of a campaign that are `pending`, by id, after one: at most `limit`.
    func pending(ofCampaign campaignID: String, after id: CommandID?, limit: Int) async throws -> [MessageRecord]

    /// How many messages of a sender (as `MessageFacts.from` has it) were accepted after a moment and not after
    /// another, and how many of them have had a receipt.
    func acceptances(of sender: String, after: Timestamp, until: Timestamp) async throws -> Acceptances

    /// How often the handling of a delivery was begun and not ended; 0 for one without a mark.
    func handlings(of key: String) async throws -> Int

    /// Notes that a delivery is being handled that may have killed the process before.
    ///
    /// - Returns: how often that was begun and not ended, this time included.
    func beginHandling(_ key: String, at: Timestamp) async throws -> Int

    /// Takes back one mark of `beginHandling`, for the process lives; on a delivery without a mark this does nothing.
    func withdrawHandling(_ key: String) async throws

    /// Notes that a delivery did no harm: all its marks go.
    func endHandling(_ key: String) async throws

    /// Gives a command without an id of its own a lasting one.
    ///
    /// A first delivery takes `fresh` and notes it with the body's digest. A redelivery takes over a noted id of the
    /// same digest that no delivery of this `holder` (the boot id and the number of the channel) has claimed: one not
    /// acked first, one not settled first among them, and then one whose ack may have been lost with its channel, which
    /// is not acked any more by that; without any it is a first one.
    func claimAnonymousID(
        digest: String,
        isRedelivered: Bool,
        holder: String,
        fresh: CommandID,
        now: Timestamp
    ) async throws -> CommandID

    /// Notes that the command with an id of ours was acked, and forgets the notes of others whose acks are proved to
    /// have reached the broker; what is not noted, or not acked, stays as it is.
    func noteAnonymousAck(of id: CommandID, proved: [CommandID], at: Timestamp) async throws

    /// Deletes records that were published and whose time is over, notes of anonymous ids made before a moment, and
    /// such notes that were acked, cancellations and marks of handling that are older than a day, some thousand at a
    /// time.
    ///
    /// It returns how many went; call again while that is not 0.
    func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int

    /// How many commands are open, or settled and not published, for metrics.
    func openCounts() async throws -> OpenCounts

    /// Writes and reads something that is not kept, to see whether the store works.
    func probe() async throws
}

/// What became of the wish to send.
package enum IntentResult: Hashable, Sendable {
    /// The intent is on disk; this caller, and no other, sends now.
    case begun(MessageRecord)
    /// Another writer changed the record: read again, decide anew.
    case lost
    /// It must not be sent any more.
    case barred(Bar)
}

/// What forbids to send a command.
package enum Bar: Hashable, Sendable {
    /// It, or its campaign, was cancelled.
    case cancelled
    /// The recipient has opted out of its sender's messages, or of all senders'.
    case optedOut(OptOut)
}

/// What a cancellation is about.
package enum CancelTarget: Hashable, Sendable {
    /// One command.
    case command(CommandID)
    /// Every command of a campaign.
    case campaign(String)
}

/// What became of a sender's messages, as far as it is known.
package struct Acceptances: Hashable, Sendable {
    /// How many the provider accepted.
    package let count: Int
    /// How many of these have had at least one receipt.
    package let withReceipt: Int

    /// So many of so many.
    package init(count: Int, withReceipt: Int) {
        self.count = count
        self.withReceipt = withReceipt
    }
}

/// How many commands are open, or settled and not published.
package struct OpenCounts: Hashable, Sendable {
    package var pending: Int
    package var sending: Int
    package var uncertain: Int
    /// Those of `pending` and `uncertain` that travel through a wait queue, or have.
    package var waiting: Int
    /// Settled ones whose outcome has not been published.
    package var unpublished: Int

    /// Counts by state.
    package init(pending: Int, sending: Int, uncertain: Int, waiting: Int, unpublished: Int = 0) {
        self.pending = pending
        self.sending = sending
        self.uncertain = uncertain
        self.waiting = waiting
        self.unpublished = unpublished
    }
}
