package import Contracts
package import SMSCore

/// What becomes of a campaign's recipients.
extension CampaignStore where Self: SQLStore {
    package func pauseCampaign(_ campaign: Int64, _ isPaused: Bool, at now: Timestamp) async throws -> Bool {
        try await change(.campaign(campaign)) { connection in
            let sql = """
                UPDATE campaign SET is_paused = ?, version = version + 1, updated_at = ?
                WHERE number = ? AND state IN ('collecting', 'running')
                """
            return try connection.change(sql, [isPaused.column, now.column, campaign.column]) == 1
        }
    }

    package func cancelCampaign(_ campaign: Int64, at now: Timestamp) async throws -> Bool {
        try await change(.campaign(campaign)) { connection in
            let sql = """
                UPDATE campaign SET state = 'cancelling', version = version + 1, updated_at = ?
                WHERE number = ? AND state = 'running'
                """
            return try connection.change(sql, [now.column, campaign.column]) == 1
        }
    }

    package func claimRecipients(of campaign: Int64, limit: Int, at now: Timestamp) async throws -> [CampaignRecipient]
    {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return [] }
            let waiting = try connection.recipients(.waiting, of: campaign, limit: limit)
            guard let first = waiting.first, let last = waiting.last else { return [] }
            let sql = """
                UPDATE campaign_recipient SET state = 'handing', under_way_since = ?
                WHERE campaign = ? AND state = 'waiting' AND position BETWEEN ? AND ?
                """
            let changed = try connection.change(
                sql,
                [now.column, campaign.column, first.position.column, last.position.column]
            )
            try connection.count(changed, of: campaign, from: .waiting, to: .handing, at: now)
            return waiting.map(\.handing)
        }
    }

    package func handingRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try await read { try $0.recipients(.handing, of: campaign, limit: limit) }
    }

    package func noteHanded(_ positions: [Int64], of campaign: Int64, at now: Timestamp) async throws {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return }
            let sql = """
                UPDATE campaign_recipient SET state = 'handed', field_values = NULL
                WHERE campaign = ? AND position = ? AND state = 'handing'
                """
            var changed = 0
            for position in positions {
                changed += try connection.change(sql, [campaign.column, position.column])
            }
            try connection.count(changed, of: campaign, from: .handing, to: .handed, at: now)
        }
    }

    package func settleWaiting(
        of campaign: Int64,
        as outcome: Outcome,
        limit: Int,
        at now: Timestamp
    ) async throws -> Int {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return 0 }
            let state = RecipientState(outcome)
            let waiting = CampaignRecipientRow.table(of: .waiting, in: Connection.dialect)
            let sql = """
                UPDATE campaign_recipient SET state = ?1, is_told = 0, field_values = NULL
                WHERE campaign = ?2 AND state = 'waiting' AND position <= (
                    SELECT MAX(position) FROM (
                        SELECT position FROM \(waiting) WHERE campaign = ?2 AND state = 'waiting' ORDER BY position LIMIT ?3
                    ) AS earliest
                )
                """
            let changed = try connection.change(sql, [state.rawValue.column, campaign.column, max(limit, 0).column])
            guard changed > 0 else { return 0 }
            try connection.count(changed, of: campaign, from: .waiting, to: state, at: now)
            try connection.change(
                "UPDATE campaign SET untold = untold + ? WHERE number = ?",
                [changed.column, campaign.column]
            )
            return changed
        }
    }

    package func unpublishedRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try await read { try $0.recipients(.unpublished, of: campaign, limit: limit) }
    }

    package func noteRecipientsPublished(_ positions: [Int64], of campaign: Int64) async throws {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return }
            let sql = "UPDATE campaign_recipient SET is_told = 1 WHERE campaign = ? AND position = ? AND is_told = 0"
            var changed = 0
            for position in positions {
                changed += try connection.change(sql, [campaign.column, position.column])
            }
            try connection.change(
                "UPDATE campaign SET untold = untold - ? WHERE number = ?",
                [changed.column, campaign.column]
            )
        }
    }

    package func settleRecipient(
        _ key: String,
        ofCampaign id: CommandID,
        as outcome: Outcome,
        messageUUID: String?,
        error: EventError?,
        at now: Timestamp
    ) async throws -> Bool {
        let error = try error.jsonColumn
        let new = RecipientState(outcome)
        return try await change(.campaignNamed(id)) { connection in
            guard let campaign = try connection.lock(campaignNamed: id) else { return false }
            let search = "SELECT position, state FROM campaign_recipient WHERE campaign = ? AND key = ?"
            let known = try connection.first(search, [campaign.column, key.column]) {
                (position: try $0.next(as: Int64.self), state: RecipientState(rawValue: try $0.next()))
            }
            guard let known, let old = known.state, old.outcome == nil, old != new else { return false }
            let update = """
                UPDATE campaign_recipient SET state = ?, message_uuid = ?, error = ?, field_values = NULL,
                under_way_since = CASE WHEN ? = 1 THEN NULL ELSE under_way_since END
                WHERE campaign = ? AND position = ?
                """
            try connection.change(
                update,
                [
                    new.rawValue.column, messageUUID.column, error, (new.outcome != nil).column, campaign.column,
                    known.position.column,
                ]
            )
            try connection.count(1, of: campaign, from: old, to: new, at: now)
            return true
        }
    }

    package func recipientsUnderWay(
        of campaign: Int64,
        since moment: Timestamp,
        after position: Int64,
        limit: Int
    ) async throws -> [CampaignRecipient] {
        try await read { connection in
            let sql = CampaignRecipientRow.underWay(in: Connection.dialect)
            return try connection.recipients(
                sql,
                [campaign.column, moment.column, position.column, max(limit, 0).column]
            )
        }
    }

    package func recipients(of campaign: Int64, after position: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try await read { connection in
            let sql = "\(CampaignRecipientRow.select) WHERE campaign = ? AND position > ? ORDER BY position LIMIT ?"
            return try connection.recipients(sql, [campaign.column, position.column, max(limit, 0).column])
        }
    }

    package func sweepCampaigns(now: Timestamp) async throws -> Int {
        try await change(.other) { connection in
            guard try connection.maySweep() else { return 0 }
            let recipients = """
                DELETE FROM campaign_recipient WHERE (campaign, position) IN (
                    SELECT recipient.campaign, recipient.position
                    FROM campaign JOIN campaign_recipient AS recipient ON recipient.campaign = campaign.number
                    WHERE campaign.keep_until IS NOT NULL AND (campaign.keep_until <= ? OR campaign.state = 'invalid')
                    LIMIT ?
                )
                """
            let gone = try connection.change(recipients, [now.column, 2000.column])
            guard gone == 0 else { return gone }
            let over = "SELECT number FROM campaign WHERE keep_until <= ? ORDER BY keep_until LIMIT 100"
            let numbers = try connection.all(over, [now.column]) { try $0.next(as: Int64.self) }
            for number in numbers {
                for table in ["campaign_part", "campaign_reply"] {
                    try connection.change("DELETE FROM \(table) WHERE campaign = ?", [number.column])
                }
                try connection.change("DELETE FROM campaign WHERE number = ?", [number.column])
            }
            return numbers.count
        }
    }
}

extension SQLConnection {
    /// Moves so many recipients of a campaign from one count to another.
    fileprivate func count(
        _ number: Int,
        of campaign: Int64,
        from old: RecipientState,
        to new: RecipientState,
        at now: Timestamp
    ) throws {
        guard number > 0, old != new else { return }
        let sql = """
            UPDATE campaign SET \(old.rawValue) = \(old.rawValue) - ?1, \(new.rawValue) = \(new.rawValue) + ?1,
            version = version + 1, updated_at = ?2 WHERE number = ?3
            """
        try change(sql, [number.column, now.column, campaign.column])
    }

    /// The first recipients of a campaign in a group, in order.
    fileprivate func recipients(
        _ group: CampaignRecipientRow.Group,
        of campaign: Int64,
        limit: Int
    ) throws -> [CampaignRecipient] {
        try recipients(CampaignRecipientRow.select(group, in: Self.dialect), [campaign.column, max(limit, 0).column])
    }

    /// The recipients that a query finds.
    fileprivate func recipients(_ sql: String, _ arguments: [ColumnValue]) throws -> [CampaignRecipient] {
        try all(sql, arguments) { try CampaignRecipientRow.recipient(from: &$0) }
    }
}
