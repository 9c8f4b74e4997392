/// The places between two steps of a campaign at which a process can end.
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

    /// What is called after each step; an error simulates a crash there.
    package typealias Hook = @Sendable (CampaignStep) throws -> Void
}
