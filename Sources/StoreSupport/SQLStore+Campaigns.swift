package import Contracts
package import SMSCore

/// How a campaign is looked up, collected and ended; `SQLStore+CampaignRecipients.swift` has what becomes of its recipients.
///
/// Changes of one campaign lock its row first, so that they are made one after the other, whatever process asks.
extension CampaignStore where Self: SQLStore {
    package func campaign(_ id: CommandID) async throws -> CampaignRecord? {
        try await read { try $0.campaign(id) }
    }

    package func openCampaigns() async throws -> [CampaignRecord] {
        try await read { try $0.all(CampaignRow.open, []) { try CampaignRow.record(from: &$0) } }
    }

    package func openCampaign(_ campaign: CampaignRecord) async throws -> CampaignRecord? {
        try await change(.other) { connection in
            var opened = campaign
            let known = try connection.campaign(campaign.id, Connection.dialect.forUpdate)
            if let known {
                guard known.state == .invalid else { return nil }
                opened.generation = known.generation + 1
                try connection.change("UPDATE campaign SET id = NULL WHERE number = ?", [known.number.column])
            }
            // Another process may open one under this id at the same time.
            let insert = "\(CampaignRow.insert) ON CONFLICT (id) DO NOTHING"
            guard try connection.change(insert, CampaignRow.values(of: opened)) == 1,
                let number: Int64 = try connection.lock(campaignNamed: campaign.id)
            else {
                guard known == nil else { throw StoreError(.busy, "Another process was faster.", isRetriable: true) }
                return nil
            }
            opened.number = number
            return opened
        }
    }

    package func openPart(_ part: Int, digest: String, of campaign: Int64) async throws -> PartProgress {
        try await change(.campaign(campaign)) { connection in
            let sql = """
                INSERT INTO campaign_part (campaign, part, digest, position, is_closed) VALUES (?, ?, ?, 0, 0)
                ON CONFLICT DO NOTHING
                """
            try connection.change(sql, [campaign.column, part.column, digest.column])
            return try connection.progress(ofPart: part, of: campaign)
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
        return try await change(.campaign(campaign)) { connection in
            guard let start = try connection.lock(campaign: campaign) else { return false }
            guard try connection.progress(ofPart: part, of: campaign)?.position == position else { return false }
            let insert = """
                INSERT INTO campaign_recipient (campaign, position, key, field_values, state, is_told, error)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (campaign, key) DO NOTHING
                """
            var next = start
            var invalid = 0
            for row in rows {
                let values = [
                    campaign.column, next.column, row.key.column, row.values, row.state.rawValue.column,
                    row.isPublished.column, row.error,
                ]
                guard try connection.change(insert, values) == 1 else { continue }
                next += 1
                if row.state == .invalid { invalid += 1 }
            }
            let added = next - start
            let update = """
                UPDATE campaign SET waiting = waiting + ?, invalid = invalid + ?, untold = untold + ?,
                duplicates = duplicates + ?, version = version + 1 WHERE number = ?
                """
            let counts = [added - invalid, invalid, invalid, rows.count - added].map(\.column)
            try connection.change(update, counts + [campaign.column])
            try connection.change(
                "UPDATE campaign_part SET position = position + ? WHERE campaign = ? AND part = ?",
                [rows.count.column, campaign.column, part.column]
            )
            return true
        }
    }

    package func closePart(_ part: Int, problems: ProblemList, of campaign: Int64, at now: Timestamp) async throws {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return }
            let sql = "UPDATE campaign_part SET is_closed = 1 WHERE campaign = ? AND part = ? AND is_closed = 0"
            guard try connection.change(sql, [campaign.column, part.column]) == 1, !problems.isEmpty else { return }
            try connection.change(problemsOf: campaign, at: now) { $0.add(problems) }
        }
    }

    package func addProblem(_ problem: Problem, to campaign: Int64, at now: Timestamp) async throws {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return }
            try connection.change(problemsOf: campaign, at: now) { problems in
                if !problems.listed.contains(problem) { problems.add([problem]) }
            }
        }
    }

    package func closedParts(of campaign: Int64) async throws -> Int {
        try await read { connection in
            let sql = "SELECT COUNT(*) FROM campaign_part WHERE campaign = ? AND is_closed = 1"
            return try connection.value(sql, [campaign.column]) ?? 0
        }
    }

    package func startCampaign(_ campaign: Int64, at now: Timestamp) async throws {
        try await change(.campaignStart(campaign)) { connection in
            let sql = """
                UPDATE campaign SET version = version + 1, updated_at = ?, state = CASE WHEN EXISTS (
                    SELECT 1 FROM cancellation WHERE kind = 'campaign' AND value = campaign.id
                ) THEN 'cancelling' ELSE 'running' END
                WHERE number = ? AND state = 'collecting'
                """
            try connection.change(sql, [now.column, campaign.column])
        }
    }

    package func noteCampaignPublished(_ campaign: Int64, at now: Timestamp) async throws {
        try await change(.campaign(campaign)) { connection in
            let sql = "UPDATE campaign SET is_start_told = 1, told_at = ? WHERE number = ?"
            try connection.change(sql, [now.column, campaign.column])
        }
    }

    package func endCampaign(
        _ campaign: Int64,
        as state: CampaignState,
        at now: Timestamp,
        keepUntil: Timestamp
    ) async throws {
        try await change(.campaign(campaign)) { connection in
            let sql = """
                UPDATE campaign SET state = ?, updated_at = ?, keep_until = ?,
                terms = \(Connection.dialect.emptied("terms", "text")) WHERE number = ? AND keep_until IS NULL
                """
            try connection.change(sql, [state.rawValue.column, now.column, keepUntil.column, campaign.column])
        }
    }

    package func addReply(_ reply: CampaignReply, to campaign: Int64) async throws {
        try await change(.campaign(campaign)) { connection in
            guard try connection.lock(campaign: campaign) != nil else { return }
            let sql = """
                INSERT INTO campaign_reply (campaign, reply_to, correlation, is_reused)
                SELECT ?1, ?2, ?3, ?4 WHERE (SELECT COUNT(*) FROM campaign_reply WHERE campaign = ?1) < ?5
                ON CONFLICT (campaign, reply_to, correlation) DO UPDATE SET is_reused = excluded.is_reused
                """
            let values = [
                campaign.column, reply.replyTo.column, (reply.correlationID ?? "").column, reply.isReused.column,
                CampaignReply.limit.column,
            ]
            try connection.change(sql, values)
        }
    }

    package func replies(of campaign: Int64) async throws -> [CampaignReply] {
        try await read { connection in
            let sql = "SELECT \(CampaignReplyRow.columns) FROM campaign_reply WHERE campaign = ? ORDER BY 1, 2"
            return try connection.all(sql, [campaign.column]) { try CampaignReplyRow.reply(from: &$0) }
        }
    }
}

extension SQLConnection {
    /// Locks a campaign until the transaction's end.
    ///
    /// - Returns: how many recipients it has; nil when it is unknown.
    func lock(campaign: Int64) throws -> Int? {
        let sql = "SELECT \(CampaignRow.size) FROM campaign WHERE number = ?\(Self.dialect.forUpdate)"
        return try value(sql, [campaign.column])
    }

    /// The same for the one that has an id; returns its number.
    func lock(campaignNamed id: CommandID) throws -> Int64? {
        try value("SELECT number FROM campaign WHERE id = ?\(Self.dialect.forUpdate)", [id.text.column])
    }

    fileprivate func campaign(_ id: CommandID, _ lock: String = "") throws -> CampaignRecord? {
        try first("\(CampaignRow.select) WHERE id = ?\(lock)", [id.text.column]) { try CampaignRow.record(from: &$0) }
    }

    fileprivate func progress(ofPart part: Int, of campaign: Int64) throws -> PartProgress? {
        let sql = "SELECT digest, position, is_closed FROM campaign_part WHERE campaign = ? AND part = ?"
        return try first(sql, [campaign.column, part.column]) {
            PartProgress(digest: try $0.next(), position: try $0.next(), isClosed: try $0.next())
        }
    }

    fileprivate func change(
        problemsOf campaign: Int64,
        at now: Timestamp,
        _ change: (inout ProblemList) -> Void
    ) throws {
        let known = try first("SELECT problems FROM campaign WHERE number = ?", [campaign.column]) {
            try $0.nextJSONIfPresent(ProblemList.self, what: "A campaign's problems") ?? ProblemList()
        }
        guard var problems = known else { return }
        change(&problems)
        try self.change(
            "UPDATE campaign SET problems = ?, version = version + 1, updated_at = ? WHERE number = ?",
            [try Optional(problems).jsonColumn, now.column, campaign.column]
        )
    }
}
