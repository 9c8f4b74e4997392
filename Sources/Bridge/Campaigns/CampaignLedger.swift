import Contracts
package import Logging
package import SMSCore

/// Counts what becomes of campaigns' commands.
///
/// The outbound line tells it of every outcome, and of every doubt, before the command is marked as told, so that a crash in
/// between has it told again. A recipient is counted once.
package struct CampaignLedger: Sendable {
    private let store: any CampaignStore
    private let insist: Insistence
    private let logger: Logger

    /// A ledger over a store.
    package init(store: any CampaignStore, insistence: Insistence, logger: Logger) {
        self.store = store
        self.insist = insistence
        self.logger = logger
    }

    /// Counts an outcome, or that a command is uncertain; on a command that no campaign of ours has made it does nothing.
    ///
    /// - Throws: `CancellationError` alone.
    func count(_ settlement: Settlement, of record: MessageRecord) async throws {
        guard let campaign = record.facts.campaignID.flatMap(CommandID.init),
            let number = record.facts.to.flatMap({ PhoneNumber(digits: String($0.drop { $0 == "+" })) }),
            record.id == CommandID.ofCampaign(campaign, recipient: number.digits)
        else { return }
        _ = try await insist.on("count outcome", record.metadata) {
            try await store.settleRecipient(
                number.digits,
                ofCampaign: campaign,
                as: settlement.outcome,
                messageUUID: settlement.messageUUID,
                error: settlement.error,
                at: .now
            )
        }
    }

    /// Whether a campaign of ours is over, so that there is nothing to call back.
    ///
    /// - Throws: `CancellationError` alone.
    func isOver(_ campaign: String) async throws -> Bool {
        guard let id = CommandID(campaign) else { return false }
        let record = try await insist.on("look up campaign") { try await store.campaign(id) }
        // Another campaign may come under the id of an invalid one.
        return record.map { $0.state == .completed || $0.state == .cancelled } ?? false
    }

    /// Lets a running campaign hand over nothing more; its cancellation has been noted before.
    ///
    /// - Throws: `CancellationError` alone.
    func cancel(_ campaign: String) async throws {
        guard let id = CommandID(campaign) else { return }
        try await insist.on("cancel campaign", [BridgeLogKey.campaign.rawValue: "\(id)"]) {
            guard let record = try await store.campaign(id) else { return }
            if try await store.cancelCampaign(record.number, at: .now) {
                logger.notice("a campaign is cancelled", metadata: [BridgeLogKey.campaign.rawValue: "\(id)"])
            }
        }
    }
}
