import Contracts
package import Logging
package import SMSCore

/// Counts the outcomes of campaigns' commands.
///
/// `OutcomePublisher` counts every outcome, and every uncertainty, before the command is marked as published, so that
/// after a crash in between it is counted again. A recipient is counted once.
package struct CampaignLedger: Sendable {
    /// The header of a campaign's command that names the campaign.
    static let header = "sms-campaign"
    /// How many recipients one page has.
    private static let page = 500

    private let store: any CampaignStore
    private let retrier: Retrier
    private let logger: Logger

    /// A ledger over a store.
    package init(store: any CampaignStore, retrier: Retrier, logger: Logger) {
        self.store = store
        self.retrier = retrier
        self.logger = logger
    }

    /// Counts an outcome, or that a command is uncertain; does nothing for a command that no known campaign has made.
    ///
    /// - Parameters:
    ///   - settlement: its outcome.
    ///   - record: the command's record.
    ///   - message: the copy that this is about; its header names the campaign where the body was not read.
    /// - Throws: `CancellationError` alone.
    func count(_ settlement: Settlement, of record: MessageRecord, by message: BrokerMessage? = nil) async throws {
        if let campaign = record.facts.campaignID.flatMap({ CommandID($0) }),
            let number = record.facts.to.flatMap({ PhoneNumber(digits: String($0.drop { $0 == "+" })) })
        {
            guard record.id == CommandID.ofCampaign(campaign, recipient: number.digits) else { return }
            return try await count(settlement, of: record, as: number.digits, in: campaign)
        }
        guard let campaign = message?.properties.headers[Self.header]?.text.flatMap({ CommandID($0) }),
            let key = try await recipient(of: record.id, in: campaign)
        else { return }
        try await count(settlement, of: record, as: key, in: campaign)
    }

    private func count(
        _ settlement: Settlement,
        of record: MessageRecord,
        as key: String,
        in campaign: CommandID
    ) async throws {
        _ = try await retrier.untilDone("count outcome", record.metadata) {
            try await store.settleRecipient(
                key,
                ofCampaign: campaign,
                as: settlement.outcome,
                messageUUID: settlement.messageUUID,
                error: settlement.error,
                at: .now
            )
        }
    }

    /// Finds the recipient of a command that was not read; so few of a campaign are under way that all can be tried.
    private func recipient(of id: CommandID, in campaign: CommandID) async throws -> String? {
        let known = try await retrier.untilDone("look up campaign") { try await store.campaign(campaign) }
        guard let known else { return nil }
        var last: Int64 = -1
        while true {
            let after = last
            let page = try await retrier.untilDone("list recipients") {
                try await store.recipientsUnderWay(
                    of: known.number,
                    since: Timestamp(milliseconds: .max),
                    after: after,
                    limit: Self.page
                )
            }
            for recipient in page where CommandID.ofCampaign(campaign, recipient: recipient.key) == id {
                return recipient.key
            }
            guard let position = page.last?.position, page.count == Self.page else { return nil }
            last = position
        }
    }

    /// Whether a known campaign is over, so that there is nothing to cancel.
    ///
    /// - Throws: `CancellationError` alone.
    func isOver(_ campaign: String) async throws -> Bool {
        guard let id = CommandID(campaign) else { return false }
        let record = try await retrier.untilDone("look up campaign") { try await store.campaign(id) }
        // Another campaign may come under the id of an invalid one.
        return record.map { $0.state == .completed || $0.state == .cancelled } ?? false
    }

    /// Stops the fan-out of a running campaign; its cancellation is noted already.
    ///
    /// - Throws: `CancellationError` alone.
    func cancel(_ campaign: String) async throws {
        guard let id = CommandID(campaign) else { return }
        try await retrier.untilDone("cancel campaign", [BridgeLogKey.campaign.rawValue: "\(id)"]) {
            guard let record = try await store.campaign(id) else { return }
            if try await store.cancelCampaign(record.number, at: .now) {
                logger.notice("a campaign is cancelled", metadata: [BridgeLogKey.campaign.rawValue: "\(id)"])
            }
        }
    }
}
