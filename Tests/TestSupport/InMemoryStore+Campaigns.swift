package import Contracts
package import SMSCore

/// The campaigns of a store in memory.
struct CampaignShelf {
    struct Row {
        let key: String
        var values: [String: String]?
        var state: RecipientState
        var isPublished: Bool
        var messageUUID: String?
        var error: EventError?
        var underWaySince: Timestamp?
    }

    struct Campaign {
        var record: CampaignRecord
        /// By position.
        var rows: [Row] = []
        var positions: [String: Int] = [:]
        var parts: [Int: PartProgress] = [:]
        var replies: [CampaignReply] = []
    }

    var campaigns: [Int64: Campaign] = [:]
    var current: [CommandID: Int64] = [:]
    var lastNumber: Int64 = 0

    func recipients(of number: Int64, limit: Int, where isWanted: @escaping (Row) -> Bool) -> [CampaignRecipient] {
        guard let rows = campaigns[number]?.rows else { return [] }
        let wanted = rows.enumerated().lazy.filter { isWanted($0.element) }.prefix(max(limit, 0))
        return wanted.map { Self.recipient($0.element, at: $0.offset) }
    }

    static func recipient(_ row: Row, at position: Int) -> CampaignRecipient {
        CampaignRecipient(
            position: Int64(position),
            key: row.key,
            values: row.values,
            state: row.state,
            messageUUID: row.messageUUID,
            error: row.error
        )
    }
}

extension CampaignShelf.Campaign {
    /// Gives a recipient a new state and counts it there.
    mutating func move(_ position: Int, to state: RecipientState, at now: Timestamp) {
        record.counts[rows[position].state] -= 1
        record.counts[state] += 1
        rows[position].state = state
        if state != .handing { rows[position].values = nil }
        if state == .handing { rows[position].underWaySince = now }
        touch(now)
    }

    mutating func touch(_ now: Timestamp) {
        record.version += 1
        record.updatedAt = now
    }
}

extension InMemoryStore: CampaignStore {
    package func campaign(_ id: CommandID) async throws -> CampaignRecord? {
        try check()
        return campaigns.current[id].flatMap { campaigns.campaigns[$0]?.record }
    }

    package func openCampaigns() async throws -> [CampaignRecord] {
        try check()
        return campaigns.campaigns.values.map(\.record).filter { $0.keepUntil == nil }.sorted { $0.number < $1.number }
    }

    package func openCampaign(_ campaign: CampaignRecord) async throws -> CampaignRecord? {
        if let failure { throw failure }
        var opened = campaign
        if let known = campaigns.current[campaign.id].flatMap({ campaigns.campaigns[$0]?.record }) {
            guard known.state == .invalid else { return nil }
            opened.generation = known.generation + 1
        }
        campaigns.lastNumber += 1
        opened.number = campaigns.lastNumber
        campaigns.campaigns[opened.number] = CampaignShelf.Campaign(record: opened)
        campaigns.current[opened.id] = opened.number
        return opened
    }

    package func openPart(_ part: Int, digest: String, of campaign: Int64) async throws -> PartProgress {
        if let failure { throw failure }
        let fresh = PartProgress(digest: digest, position: 0, isClosed: false)
        guard let known = campaigns.campaigns[campaign]?.parts[part] else {
            campaigns.campaigns[campaign]?.parts[part] = fresh
            return fresh
        }
        return known
    }

    package func part(_ part: Int, of campaign: Int64) async throws -> PartProgress? {
        try check()
        return campaigns.campaigns[campaign]?.parts[part]
    }

    package func addRecipients(
        _ entries: [CampaignEntry],
        toPart part: Int,
        of number: Int64,
        from position: Int
    ) async throws -> Bool {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number], let known = campaign.parts[part],
            known.position == position
        else { return false }
        for entry in entries {
            guard campaign.positions[entry.key] == nil else {
                campaign.record.counts.duplicates += 1
                continue
            }
            let state: RecipientState = entry.error == nil ? .waiting : .invalid
            campaign.positions[entry.key] = campaign.rows.count
            campaign.rows.append(
                CampaignShelf.Row(
                    key: entry.key,
                    values: entry.values,
                    state: state,
                    isPublished: entry.error == nil,
                    error: entry.error
                )
            )
            campaign.record.counts[state] += 1
            if entry.error != nil { campaign.record.counts.unpublished += 1 }
        }
        campaign.parts[part] = PartProgress(
            digest: known.digest,
            position: position + entries.count,
            isClosed: known.isClosed
        )
        campaign.record.version += 1
        campaigns.campaigns[number] = campaign
        return true
    }

    package func closePart(_ part: Int, problems: ProblemList, of number: Int64, at now: Timestamp) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number], let known = campaign.parts[part], !known.isClosed else {
            return
        }
        campaign.parts[part] = PartProgress(digest: known.digest, position: known.position, isClosed: true)
        if !problems.isEmpty {
            campaign.record.problems.add(problems)
            campaign.touch(now)
        }
        campaigns.campaigns[number] = campaign
    }

    package func addProblem(_ problem: Problem, to number: Int64, at now: Timestamp) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number] else { return }
        if !campaign.record.problems.listed.contains(problem) { campaign.record.problems.add([problem]) }
        campaign.touch(now)
        campaigns.campaigns[number] = campaign
    }

    package func closedParts(of campaign: Int64) async throws -> Int {
        try check()
        return campaigns.campaigns[campaign]?.parts.values.count(where: \.isClosed) ?? 0
    }

    package func startCampaign(_ number: Int64, at now: Timestamp) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number], campaign.record.state == .collecting else { return }
        let isCancelled = cancellations[.campaign(campaign.record.id.text)] != nil
        campaign.record.state = isCancelled ? .cancelling : .running
        campaign.touch(now)
        campaigns.campaigns[number] = campaign
    }

    package func noteCampaignPublished(_ campaign: Int64, at now: Timestamp) async throws {
        if let failure { throw failure }
        campaigns.campaigns[campaign]?.record.isStartPublished = true
        campaigns.campaigns[campaign]?.record.publishedAt = now
    }

    package func endCampaign(
        _ number: Int64,
        as state: CampaignState,
        at now: Timestamp,
        keepUntil: Timestamp
    ) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number], campaign.record.keepUntil == nil else { return }
        campaign.record.state = state
        campaign.record.updatedAt = now
        campaign.record.keepUntil = keepUntil
        campaign.record.terms.text = ""
        campaigns.campaigns[number] = campaign
    }

    package func addReply(_ reply: CampaignReply, to number: Int64) async throws {
        if let failure { throw failure }
        guard var campaign = campaigns.campaigns[number], campaign.replies.count < CampaignReply.limit else { return }
        campaign.replies.removeAll { $0.replyTo == reply.replyTo && $0.correlationID == reply.correlationID }
        campaign.replies.append(reply)
        campaign.replies.sort { ($0.replyTo, $0.correlationID ?? "") < ($1.replyTo, $1.correlationID ?? "") }
        campaigns.campaigns[number] = campaign
    }

    package func replies(of campaign: Int64) async throws -> [CampaignReply] {
        try check()
        return campaigns.campaigns[campaign]?.replies ?? []
    }
}
