package import Contracts
import GRDB
package import SMSCore

/// How a campaign is looked up, collected and ended; `SQLiteStore+CampaignRecipients.swift` has what becomes of its
/// recipients.
extension SQLiteStore: CampaignStore {
    package func campaign(_ id: CommandID) async throws -> CampaignRecord? {
        try await read { database in
            let statement = try database.cachedStatement(sql: "\(CampaignRow.select) WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [id.text]).map(CampaignRow.record)
        }
    }

    package func openCampaigns() async throws -> [CampaignRecord] {
        try await read { database in
            let rows = try Row.fetchCursor(database.cachedStatement(sql: Self.openCampaigns))
            var campaigns: [CampaignRecord] = []
            while let row = try rows.next() { campaigns.append(try CampaignRow.record(from: row)) }
            return campaigns
        }
    }

    package func openCampaign(_ campaign: CampaignRecord) async throws -> CampaignRecord? {
        try await writer.write { database in
            var opened = campaign
            let statement = try database.cachedStatement(sql: "\(CampaignRow.select) WHERE id = ?")
            let known = try Row.fetchOne(statement, arguments: [campaign.id.text]).map(CampaignRow.record)
            if let known {
                guard known.state == .invalid else { return nil }
                opened.generation = known.generation + 1
                try database.cachedStatement(sql: "UPDATE campaign SET id = NULL WHERE number = ?")
                    .execute(arguments: [known.number])
            }
            try database.cachedStatement(sql: CampaignRow.insert)
                .execute(arguments: StatementArguments(CampaignRow.values(of: opened)))
            opened.number = database.lastInsertedRowID
            return opened
        }
    }

    package func openPart(_ part: Int, digest: String, of campaign: Int64) async throws -> PartProgress {
        try await writer.write { database in
            let sql = """
                INSERT INTO campaign_part (campaign, part, digest, position, is_closed) VALUES (?, ?, ?, 0, 0)
                ON CONFLICT DO NOTHING
                """
            try database.cachedStatement(sql: sql).execute(arguments: [campaign, part, digest])
            return try database.progress(ofPart: part, of: campaign)
                ?? PartProgress(digest: digest, position: 0, isClosed: false)
        }
    }

    package func part(_ part: Int, of campaign: Int64) async throws -> PartProgress? {
        try await read { try $0.progress(ofPart: part, of: campaign) }
    }

    package func addRecipients(
        _ entries: [CampaignEntry],
        toPart part: Int,
        of campaign: Int64,
        from position: Int
    ) async throws -> Bool {
        let rows = try entries.map { entry in
            let state: RecipientState = entry.error == nil ? .waiting : .invalid
            return (
                key: entry.key, values: try entry.values.jsonColumn, state: state,
                isPublished: entry.error == nil, error: try entry.error.jsonColumn
            )
        }
        return try await writer.write { database in
            guard try database.progress(ofPart: part, of: campaign)?.position == position else { return false }
            let count = """
                SELECT waiting + handing + handed + uncertain + accepted + rejected + failed + suppressed + expired
                + invalid + cancelled FROM campaign WHERE number = ?
                """
            guard let start = try Int.fetchOne(database.cachedStatement(sql: count), arguments: [campaign]) else {
                return false
            }
            let insert = """
                INSERT INTO campaign_recipient (campaign, position, key, field_values, state, is_told, error)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (campaign, key) DO NOTHING
                """
            let statement = try database.cachedStatement(sql: insert)
            var next = start
            var invalid = 0
            for row in rows {
                try statement.execute(arguments: [
                    campaign, next, row.key, row.values, row.state.rawValue, row.isPublished, row.error,
                ])
                guard database.changesCount == 1 else { continue }
                next += 1
                if row.state == .invalid { invalid += 1 }
            }
            let added = next - start
            let update = """
                UPDATE campaign SET waiting = waiting + ?, invalid = invalid + ?, untold = untold + ?,
                duplicates = duplicates + ?, version = version + 1 WHERE number = ?
                """
            try database.cachedStatement(sql: update)
                .execute(arguments: [added - invalid, invalid, invalid, rows.count - added, campaign])
            try database.cachedStatement(
                sql: "UPDATE campaign_part SET position = position + ? WHERE campaign = ? AND part = ?"
            ).execute(arguments: [rows.count, campaign, part])
            return true
        }
    }

    package func closePart(
        _ part: Int,
        problems: ProblemList,
        of campaign: Int64,
        at now: Timestamp
    ) async throws {
        try await writer.write { database in
            try database.cachedStatement(
                sql: "UPDATE campaign_part SET is_closed = 1 WHERE campaign = ? AND part = ? AND is_closed = 0"
            ).execute(arguments: [campaign, part])
            guard database.changesCount == 1, !problems.isEmpty else { return }
            try database.change(problemsOf: campaign, at: now) { $0.add(problems) }
        }
    }

    package func addProblem(_ problem: Problem, to campaign: Int64, at now: Timestamp) async throws {
        try await writer.write { database in
            try database.change(problemsOf: campaign, at: now) { problems in
                if !problems.listed.contains(problem) { problems.add([problem]) }
            }
        }
    }

    package func closedParts(of campaign: Int64) async throws -> Int {
        try await read { database in
            let sql = "SELECT COUNT(*) FROM campaign_part WHERE campaign = ? AND is_closed = 1"
            return try Int.fetchOne(database.cachedStatement(sql: sql), arguments: [campaign]) ?? 0
        }
    }

    package func startCampaign(_ campaign: Int64, at now: Timestamp) async throws {
        try await writer.write { database in
            let sql = """
                UPDATE campaign SET version = version + 1, updated_at = ?, state = CASE WHEN EXISTS (
                    SELECT 1 FROM cancellation WHERE kind = 'campaign' AND value = campaign.id
                ) THEN 'cancelling' ELSE 'running' END
                WHERE number = ? AND state = 'collecting'
                """
            try database.cachedStatement(sql: sql).execute(arguments: [now.milliseconds, campaign])
        }
    }

    package func noteCampaignPublished(_ campaign: Int64, at now: Timestamp) async throws {
        try await writer.write { database in
            let sql = "UPDATE campaign SET is_start_told = 1, told_at = ? WHERE number = ?"
            try database.cachedStatement(sql: sql).execute(arguments: [now.milliseconds, campaign])
        }
    }

    package func endCampaign(
        _ campaign: Int64,
        as state: CampaignState,
        at now: Timestamp,
        keepUntil: Timestamp
    ) async throws {
        try await writer.write { database in
            let sql = """
                UPDATE campaign SET state = ?, updated_at = ?, keep_until = ?, terms = json_set(terms, '$.text', '')
                WHERE number = ? AND keep_until IS NULL
                """
            try database.cachedStatement(sql: sql)
                .execute(arguments: [state.rawValue, now.milliseconds, keepUntil.milliseconds, campaign])
        }
    }

    package func addReply(_ reply: CampaignReply, to campaign: Int64) async throws {
        try await writer.write { database in
            let sql = """
                INSERT INTO campaign_reply (campaign, reply_to, correlation, is_reused)
                SELECT ?1, ?2, ?3, ?4 WHERE (SELECT COUNT(*) FROM campaign_reply WHERE campaign = ?1) < ?5
                ON CONFLICT DO UPDATE SET is_reused = excluded.is_reused
                """
            try database.cachedStatement(sql: sql).execute(arguments: [
                campaign, reply.replyTo, reply.correlationID ?? "", reply.isReused, CampaignReply.limit,
            ])
        }
    }

    package func replies(of campaign: Int64) async throws -> [CampaignReply] {
        try await read { database in
            let sql = "SELECT reply_to, correlation, is_reused FROM campaign_reply WHERE campaign = ?"
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [campaign])
            var replies: [CampaignReply] = []
            while let row = try rows.next() {
                var reader = RowReader(row)
                let replyTo: String = try reader.next()
                let correlation: String = try reader.next()
                replies.append(
                    CampaignReply(
                        replyTo: replyTo,
                        correlationID: correlation.isEmpty ? nil : correlation,
                        isReused: try reader.next()
                    )
                )
            }
            return replies
        }
    }
}

extension SQLiteStore {
    /// The campaigns that are not over.
    static let openCampaigns = "\(CampaignRow.select) WHERE keep_until IS NULL ORDER BY number"
}

extension Database {
    fileprivate func progress(ofPart part: Int, of campaign: Int64) throws -> PartProgress? {
        let sql = "SELECT digest, position, is_closed FROM campaign_part WHERE campaign = ? AND part = ?"
        guard let row = try Row.fetchOne(cachedStatement(sql: sql), arguments: [campaign, part]) else { return nil }
        var reader = RowReader(row)
        return PartProgress(digest: try reader.next(), position: try reader.next(), isClosed: try reader.next())
    }

    fileprivate func change(problemsOf campaign: Int64, at now: Timestamp, _ change: (inout ProblemList) -> Void) throws
    {
        let statement = try cachedStatement(sql: "SELECT problems FROM campaign WHERE number = ?")
        guard let row = try Row.fetchOne(statement, arguments: [campaign]) else { return }
        var reader = RowReader(row)
        var problems = try reader.nextJSONIfPresent(ProblemList.self, what: "A campaign's problems") ?? ProblemList()
        change(&problems)
        try cachedStatement(
            sql: "UPDATE campaign SET problems = ?, version = version + 1, updated_at = ? WHERE number = ?"
        ).execute(arguments: [try Optional(problems).jsonColumn, now.milliseconds, campaign])
    }
}
