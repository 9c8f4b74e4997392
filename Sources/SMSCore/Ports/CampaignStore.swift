package import Contracts

/// The ledger of campaigns and their recipients.
///
/// This is an internal seam: both stores pass the same conformance suite. Every function throws when the store cannot
/// be read or written, and nothing has been changed then. Every write that returns has reached the disk. No write
/// touches more than some thousand rows, so that others do not wait long behind it. Counts change in the same
/// transaction as the recipients that they count.
package protocol CampaignStore: Sendable {
    /// The campaign of an id, the latest one; nil when it is unknown.
    func campaign(_ id: CommandID) async throws -> CampaignRecord?

    /// The campaigns that are not over, the oldest first.
    func openCampaigns() async throws -> [CampaignRecord]

    // MARK: Collecting

    /// Writes a campaign in state `collecting`.
    ///
    /// One that is `invalid` under the same id gives way to one of the next generation.
    /// - Returns: the campaign with its number; nil when there is another under its id: read again, decide anew.
    func openCampaign(_ campaign: CampaignRecord) async throws -> CampaignRecord?

    /// Notes that a part has come, by its body's digest, unless it is known.
    ///
    /// It returns how far the part has been written, and the digest that came first.
    func openPart(_ part: Int, digest: String, of campaign: Int64) async throws -> PartProgress

    /// What is known of a part; nil when it has not come.
    func part(_ part: Int, of campaign: Int64) async throws -> PartProgress?

    /// Adds a part's next recipients; a number that is there already counts as a duplicate.
    ///
    /// The position is how many of the part have been added before; where that is not so, nothing is added, and it
    /// answers false.
    func addRecipients(
        _ entries: [CampaignEntry],
        toPart part: Int,
        of campaign: Int64,
        from position: Int
    ) async throws -> Bool

    /// Notes that a part is complete, with what is wrong with it; once only.
    func closePart(_ part: Int, problems: ProblemList, of campaign: Int64, at: Timestamp) async throws

    /// Adds a problem to a campaign that is collecting, unless it has it.
    func addProblem(_ problem: Problem, to campaign: Int64, at: Timestamp) async throws

    /// How many parts are complete.
    func closedParts(of campaign: Int64) async throws -> Int

    /// Lets a collecting campaign run; where its cancellation has been noted it is cancelled from the start.
    ///
    /// On one that is not collecting this does nothing.
    func startCampaign(_ campaign: Int64, at: Timestamp) async throws

    // MARK: Running

    /// Stops or lets go on what enters the lane; returns false when the campaign is over or being cancelled.
    func pauseCampaign(_ campaign: Int64, _ isPaused: Bool, at: Timestamp) async throws -> Bool

    /// Calls a running campaign back; returns false when it was not running.
    func cancelCampaign(_ campaign: Int64, at: Timestamp) async throws -> Bool

    /// Takes recipients out of `waiting` to `handing`, in order.
    func claimRecipients(of campaign: Int64, limit: Int, at: Timestamp) async throws -> [CampaignRecipient]

    /// The recipients in `handing`, as a crash leaves them.
    func handingRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient]

    /// Notes that commands are in the lane; one that has come further meanwhile stays there.
    func noteHanded(_ positions: [Int64], of campaign: Int64, at: Timestamp) async throws

    /// Gives recipients in `waiting` an outcome of our own, which is still to be published; returns how many.
    func settleWaiting(of campaign: Int64, as outcome: Outcome, limit: Int, at: Timestamp) async throws -> Int

    /// Recipients whose outcome is still to be published, in order.
    func unpublishedRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient]

    /// Notes that outcomes have been published.
    func noteRecipientsPublished(_ positions: [Int64], of campaign: Int64) async throws

    /// Notes what became of a recipient's command; an outcome that it has already stands.
    ///
    /// - Returns: whether this changed anything; false for an unknown campaign or recipient.
    func settleRecipient(
        _ key: String,
        ofCampaign id: CommandID,
        as outcome: Outcome,
        messageUUID: String?,
        error: EventError?,
        at: Timestamp
    ) async throws -> Bool

    /// Recipients in `handed` or `uncertain` whose command has been under way since a moment or longer, by position,
    /// after one: at most `limit`.
    func recipientsUnderWay(
        of campaign: Int64,
        since moment: Timestamp,
        after position: Int64,
        limit: Int
    ) async throws -> [CampaignRecipient]

    // MARK: Publishing and ending

    /// Notes that an event about a campaign has been confirmed; the first one is `started`.
    func noteCampaignPublished(_ campaign: Int64, at: Timestamp) async throws

    /// Ends a campaign; its text and its recipients' values go. On one that is over this does nothing.
    func endCampaign(_ campaign: Int64, as state: CampaignState, at: Timestamp, keepUntil: Timestamp) async throws

    /// Notes who wants a campaign's end as a reply, at most some dozens.
    func addReply(_ reply: CampaignReply, to campaign: Int64) async throws

    /// Who wants a campaign's end as a reply.
    func replies(of campaign: Int64) async throws -> [CampaignReply]

    /// A campaign's recipients by position, after one: at most `limit`.
    func recipients(of campaign: Int64, after position: Int64, limit: Int) async throws -> [CampaignRecipient]

    /// Deletes recipients of campaigns that are invalid, and campaigns whose time is over, some thousand rows at a
    /// time.
    ///
    /// It returns how many went; call again while that is not 0.
    func sweepCampaigns(now: Timestamp) async throws -> Int
}

/// How far a part of a campaign has been written.
package struct PartProgress: Hashable, Sendable {
    /// Of the body that came first.
    package let digest: String
    /// How many of its recipients have been added.
    package let position: Int
    package let isClosed: Bool

    /// Progress of a part.
    package init(digest: String, position: Int, isClosed: Bool) {
        self.digest = digest
        self.position = position
        self.isClosed = isClosed
    }
}

/// Who wants a campaign's end as a reply.
package struct CampaignReply: Hashable, Sendable {
    /// How many are kept of one campaign.
    package static let limit = 64

    package let replyTo: String
    package let correlationID: String?
    /// Whether it asked with another campaign under the same id.
    package let isReused: Bool

    /// A queue to answer to.
    package init(replyTo: String, correlationID: String?, isReused: Bool = false) {
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.isReused = isReused
    }
}
