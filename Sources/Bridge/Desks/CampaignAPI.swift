package import Contracts

/// What the HTTP API can ask about campaigns (docs/openapi.yaml).
package protocol CampaignAPI: Sendable {
    /// Enqueues a campaign, and does not wait for its end: the request's body need not be kept for so long.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func send(_ order: SendOrder) async throws -> CampaignAnswer

    /// Waits for the end of a campaign that was enqueued, as long as the client wants to and the service runs.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func outcome(of id: CommandID, within wait: Duration) async throws -> CampaignAnswer

    /// The state of a campaign; nil for one that is unknown.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func campaign(_ id: CommandID) async throws -> CampaignEvent?

    /// Cancels a campaign; one that is unknown may be on its way, and is cancelled when it comes.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func cancel(_ id: CommandID) async throws -> CampaignChange

    /// Pauses the fan-out of a campaign, or lets it go on.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read or written.
    func pause(_ id: CommandID, _ isPaused: Bool) async throws -> CampaignChange
}

/// The result of a request to send a campaign.
package enum CampaignAnswer: Hashable, Sendable {
    /// It is over, with the result of each recipient.
    case over(CommandID, [CampaignResult])
    /// The broker has it, and it was not over within the wait.
    case pending(CommandID)
    /// Its key was used before, with another body.
    case keyReused(CommandID)
    /// It breaks rules; nothing was enqueued.
    case invalid(ProblemList)
    /// The broker did not confirm all of it; only the same id is safe to send again.
    case notTaken(CommandID)
}

/// The result of a campaign's recipient.
package struct CampaignResult: Hashable, Sendable {
    /// The number, or what the request had in its place.
    package let to: String
    /// The provider's id of an accepted message.
    package let messageUUID: String?
    /// Why it was not accepted, as a sentence.
    package let error: String?

    /// A result; without an error the message was accepted.
    package init(to: String, messageUUID: String?, error: String?) {
        self.to = to
        self.messageUUID = messageUUID
        self.error = error
    }

    /// Whether the provider took the message.
    package var isSuccess: Bool { error == nil }
}

/// The result of a request to change a campaign's course.
package enum CampaignChange: Hashable, Sendable {
    case done
    /// There is nothing left to change; with its state.
    case over(String)
    case unknown
    /// It was enqueued, and is still in its queue.
    case notYet
    /// The broker did not confirm it.
    case notTaken
}
