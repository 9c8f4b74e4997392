package import Contracts
import GRDB
package import SMSCore

/// What becomes of a campaign's recipients.
extension SQLiteStore {
    package func pauseCampaign(_ campaign: Int64, _ isPaused: Bool, at now: Timestamp) async throws -> Bool {
        try await writer.write { database in
            let sql = """
                UPDATE campaign SET is_paused = ?, version = version + 1, updated_at = ?
                WHERE number = ? AND state IN ('collecting', 'running')
                """
            try database.cachedStatement(sql: sql).execute(arguments: [isPaused, now.milliseconds, campaign])
            return database.changesCount == 1
        }
    }

    package func cancelCampaign(_ campaign: Int64, at now: Timestamp) async throws -> Bool {
        try await writer.write { database in
            let sql = """
                UPDATE campaign SET state = 'cancelling', version = version + 1, updated_at = ?
                WHERE number = ? AND state = 'running'
                """
            try database.cachedStatement(sql: sql).execute(arguments: [now.milliseconds, campaign])
            return database.changesCount == 1
        }
    }

    package func claimRecipients(
        of campaign: Int64,
        limit: Int,
        at now: Timestamp
    ) async throws -> [CampaignRecipient] {
        try await writer.write { database in
            let waiting = try database.recipients(.waiting, of: campaign, limit: limit)
            guard let first = waiting.first, let last = waiting.last else { return [] }
            let sql = """
                UPDATE campaign_recipient SET state = 'handing', under_way_since = ?
                WHERE campaign = ? AND state = 'waiting' AND position BETWEEN ? AND ?
                """
            try database.cachedStatement(sql: sql).execute(arguments: [
                now.milliseconds, campaign, first.position, last.position,
            ])
            try database.count(database.changesCount, of: campaign, from: .waiting, to: .handing, at: now)
            return waiting.map(\.handing)
        }
    }

    package func handingRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try await read { try $0.recipients(.handing, of: campaign, limit: limit) }
    }

    package func noteHanded(_ positions: [Int64], of campaign: Int64, at now: Timestamp) async throws {
        try await writer.write { database in
            let sql = """
                UPDATE campaign_recipient SET state = 'handed', field_values = NULL
                WHERE campaign = ? AND position = ? AND state = 'handing'
                """
            let statement = try database.cachedStatement(sql: sql)
            var changed = 0
            for position in positions {
                try statement.execute(arguments: [campaign, position])
                changed += database.changesCount
            }
            try database.count(changed, of: campaign, from: .handing, to: .handed, at: now)
        }
    }

    package func settleWaiting(
        of campaign: Int64,
        as outcome: Outcome,
        limit: Int,
        at now: Timestamp
    ) async throws -> Int {
        try await writer.write { database in
            let state = RecipientState(outcome)
            let sql = """
                UPDATE campaign_recipient SET state = ?1, is_told = 0, field_values = NULL
                WHERE campaign = ?2 AND state = 'waiting' AND position <= (
                    SELECT MAX(position) FROM (
                        SELECT position FROM campaign_recipient INDEXED BY campaign_recipient_waiting
                        WHERE campaign = ?2 AND state = 'waiting' ORDER BY position LIMIT ?3
                    )
                )
                """
            try database.cachedStatement(sql: sql).execute(arguments: [state.rawValue, campaign, max(limit, 0)])
            let changed = database.changesCount
            guard changed > 0 else { return 0 }
            try database.count(changed, of: campaign, from: .waiting, to: state, at: now)
            try database.cachedStatement(sql: "UPDATE campaign SET untold = untold + ? WHERE number = ?")
                .execute(arguments: [changed, campaign])
            return changed
        }
    }

    package func unpublishedRecipients(of campaign: Int64, limit: Int) async throws -> [CampaignRecipient] {
        try await read { try $0.recipients(.unpublished, of: campaign, limit: limit) }
    }

    package func noteRecipientsPublished(_ positions: [Int64], of campaign: Int64) async throws {
        try await writer.write { database in
            let sql = """
                UPDATE campaign_recipient SET is_told = 1 WHERE campaign = ? AND position = ? AND is_told = 0
                """
            let statement = try database.cachedStatement(sql: sql)
            var changed = 0
            for position in positions {
                try statement.execute(arguments: [campaign, position])
                changed += database.changesCount
            }
            try database.cachedStatement(sql: "UPDATE campaign SET untold = untold - ? WHERE number = ?")
                .execute(arguments: [changed, campaign])
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
        return try await writer.write { database in
            let search = """
                SELECT campaign.number, recipient.position, recipient.state
                FROM campaign JOIN campaign_recipient AS recipient ON recipient.campaign = campaign.number
                WHERE campaign.id = ? AND recipient.key = ?
                """
            let statement = try database.cachedStatement(sql: search)
            guard let row = try Row.fetchOne(statement, arguments: [id.text, key]) else { return false }
            var reader = RowReader(row)
            let campaign: Int64 = try reader.next()
            let position: Int64 = try reader.next()
            let old = RecipientState(rawValue: try reader.next())
            guard let old, old.outcome == nil, old != new else { return false }
            let update = """
                UPDATE campaign_recipient SET state = ?, message_uuid = ?, error = ?, field_values = NULL,
                under_way_since = CASE WHEN ? THEN NULL ELSE under_way_since END
                WHERE campaign = ? AND position = ?
                """
            try database.cachedStatement(sql: update)
                .execute(arguments: [new.rawValue, messageUUID, error, new.outcome != nil, campaign, position])
            try database.count(1, of: campaign, from: old, to: new, at: now)
            return true
        }
    }

    package func recipientsUnderWay(
        of campaign: Int64,
        since moment: Timestamp,
        after position: Int64,
        limit: Int
    ) async throws -> [CampaignRecipient] {
        try await read { database in
            try database.recipients(Self.recipientsUnderWay, [campaign, moment.milliseconds, position, max(limit, 0)])
        }
    }

    /// Arguments: the campaign, the last moment, the position to begin after, the limit.
    static let recipientsUnderWay = """
        \(CampaignRecipientRow.select) INDEXED BY campaign_recipient_under_way
        WHERE campaign = ? AND under_way_since <= ? AND position > ? AND state IN ('handed', 'uncertain')
        ORDER BY position LIMIT ?
        """

    package func recipients(
        of campaign: Int64,
        after position: Int64,
        limit: Int
    ) async throws -> [CampaignRecipient] {
        try await read { database in
            let sql = "\(CampaignRecipientRow.select) WHERE campaign = ? AND position > ? ORDER BY position LIMIT ?"
            return try database.recipients(sql, [campaign, position, max(limit, 0)])
        }
    }

    package func sweepCampaigns(now: Timestamp) async throws -> Int {
        try await writer.write { database in
            let recipients = """
                DELETE FROM campaign_recipient WHERE (campaign, position) IN (
                    SELECT recipient.campaign, recipient.position
                    FROM campaign JOIN campaign_recipient AS recipient ON recipient.campaign = campaign.number
                    WHERE campaign.keep_until IS NOT NULL AND (campaign.keep_until <= ? OR campaign.state = 'invalid')
                    LIMIT ?
                )
                """
            try database.cachedStatement(sql: recipients).execute(arguments: [now.milliseconds, Self.sweepBatch])
            let gone = database.changesCount
            guard gone == 0 else { return gone }
            let over = "SELECT number FROM campaign WHERE keep_until <= ? ORDER BY keep_until LIMIT 100"
            let numbers = try Int64.fetchAll(database.cachedStatement(sql: over), arguments: [now.milliseconds])
            for number in numbers {
                for table in ["campaign_part", "campaign_reply"] {
                    try database.cachedStatement(sql: "DELETE FROM \(table) WHERE campaign = ?")
                        .execute(arguments: [number])
                }
                try database.cachedStatement(sql: "DELETE FROM campaign WHERE number = ?").execute(arguments: [number])
            }
            return numbers.count
        }
    }

    /// How many rows one sweep takes.
    private static var sweepBatch: Int { 2000 }
}

extension CampaignRecipient {
    /// The recipient once its command is being published.
    fileprivate var handing: CampaignRecipient {
        CampaignRecipient(
            position: position,
            key: key,
            values: values,
            state: .handing,
            messageUUID: messageUUID,
            error: error
        )
    }
}
