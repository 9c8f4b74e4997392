package import Contracts
package import SMSCore

extension InMemoryStore {
    package func pauseCampaign(_ number: Int64, _ isPaused: Bool, at now: Timestamp) async throws -> Bool {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number],
            campaign.record.state == .collecting || campaign.record.state == .running
        else { return false }
        campaign.record.isPaused = isPaused
        campaign.touch(now)
        campaigns.campaigns[number] = campaign
        return true
    }

    package func cancelCampaign(_ number: Int64, at now: Timestamp) async throws -> Bool {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number], campaign.record.state == .running else { return false }
        campaign.record.state = .cancelling
        campaign.touch(now)
        campaigns.campaigns[number] = campaign
        return true
    }

    package func claimRecipients(
        of number: Int64,
        limit: Int,
        at now: Timestamp
    ) async throws -> [CampaignRecipient] {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number] else { return [] }
        let waiting = campaign.rows.indices.filter { campaign.rows[$0].state == .waiting }.prefix(max(limit, 0))
        for position in waiting { campaign.move(position, to: .handing, at: now) }
        campaigns.campaigns[number] = campaign
        return waiting.map { CampaignShelf.recipient(campaign.rows[$0], at: $0) }
    }

    package func handingRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try check()
        return campaigns.recipients(of: campaign, limit: limit) { $0.state == .handing }
    }

    package func noteHanded(_ positions: [Int64], of number: Int64, at now: Timestamp) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number] else { return }
        for position in positions.map(Int.init) where campaign.rows[position].state == .handing {
            campaign.move(position, to: .handed, at: now)
        }
        campaigns.campaigns[number] = campaign
    }

    package func settleWaiting(
        of number: Int64,
        as outcome: Outcome,
        limit: Int,
        at now: Timestamp
    ) async throws -> Int {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number] else { return 0 }
        let waiting = campaign.rows.indices.filter { campaign.rows[$0].state == .waiting }.prefix(max(limit, 0))
        for position in waiting {
            campaign.move(position, to: RecipientState(outcome), at: now)
            campaign.rows[position].isPublished = false
            campaign.record.counts.unpublished += 1
        }
        campaigns.campaigns[number] = campaign
        return waiting.count
    }

    package func unpublishedRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try check()
        return campaigns.recipients(of: campaign, limit: limit) { !$0.isPublished }
    }

    package func noteRecipientsPublished(_ positions: [Int64], of number: Int64) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number] else { return }
        for position in positions.map(Int.init) where !campaign.rows[position].isPublished {
            campaign.rows[position].isPublished = true
            campaign.record.counts.unpublished -= 1
        }
        campaigns.campaigns[number] = campaign
    }

    package func settleRecipient(
        _ key: String,
        ofCampaign id: CommandID,
        as outcome: Outcome,
        messageUUID: String?,
        error: EventError?,
        at now: Timestamp
    ) async throws -> Bool {
        if let failure { throw failure }
        guard let number = campaigns.current[id], let position = campaigns.campaigns[number]?.positions[key],
            let old = campaigns.campaigns[number]?.rows[position].state, old.outcome == nil,
            old != RecipientState(outcome)
        else { return false }
        campaigns.campaigns[number]?.move(position, to: RecipientState(outcome), at: now)
        campaigns.campaigns[number]?.rows[position].messageUUID = messageUUID
        campaigns.campaigns[number]?.rows[position].error = error
        return true
    }

    package func recipientsUnderWay(
        of campaign: Int64,
        since moment: Timestamp,
        after position: Int64,
        limit: Int
    ) async throws -> [CampaignRecipient] {
        try check()
        let underWay = campaigns.recipients(of: campaign, limit: .max) { row in
            (row.state == .handed || row.state == .uncertain) && (row.underWaySince.map { $0 <= moment } ?? false)
        }
        return Array(underWay.filter { $0.position > position }.prefix(max(limit, 0)))
    }

    package func recipients(
        of campaign: Int64,
        after position: Int64,
        limit: Int
    ) async throws -> [CampaignRecipient] {
        try check()
        let rows = campaigns.recipients(of: campaign, limit: .max) { _ in true }
        return Array(rows.filter { $0.position > position }.prefix(max(limit, 0)))
    }

    package func sweepCampaigns(now: Timestamp) async throws -> Int {
        if let failure { throw failure }
        var gone = 0
        for (number, campaign) in campaigns.campaigns {
            guard let keepUntil = campaign.record.keepUntil else { continue }
            let isOver = keepUntil <= now
            if isOver || campaign.record.state == .invalid {
                gone += campaign.rows.count
                campaigns.campaigns[number]?.rows = []
                campaigns.campaigns[number]?.positions = [:]
            }
            guard isOver else { continue }
            campaigns.campaigns[number] = nil
            if campaigns.current[campaign.record.id] == number { campaigns.current[campaign.record.id] = nil }
            gone += 1
        }
        return gone
    }
}
