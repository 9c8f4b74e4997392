/// The places on a campaign's way between two steps, where a process can die.
///
/// docs/campaigns.md has a row for each; tests kill the process at each by its name.
package enum CampaignStep: String, Sendable, CaseIterable {
    case campaignOpened = "campaign-opened"
    case partOpened = "part-opened"
    case recipientsAdded = "recipients-added"
    case partClosed = "part-closed"
    case campaignStarted = "campaign-started"
    case startPublished = "start-published"
    case startNoted = "start-noted"
    case ownOutcomesPublished = "own-outcomes-published"
    case ownOutcomesNoted = "own-outcomes-noted"
    case recipientsClaimed = "recipients-claimed"
    case commandsPublished = "commands-published"
    case recipientsHanded = "recipients-handed"
    case waitingSettled = "waiting-settled"
    case endPublished = "end-published"
    case endNoted = "end-noted"

    /// What is called after each step; throwing stands for dying there.
    package typealias Hook = @Sendable (CampaignStep) throws -> Void
}
