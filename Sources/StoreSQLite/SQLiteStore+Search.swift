import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: MessageSearch {
    /// How many rows a page looks at, at most: some 50 ms of one reader.
    static let searchReach = 20_000

    package func messages(_ query: MessageQuery) async throws -> MessagePage {
        let facts = facts
        let limit = max(query.limit, 0)
        return try await read { database in
            let (sql, arguments) = Self.search(query)
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
            var page = MessagePage(records: [], next: nil)
            var looked = 0
            while page.records.count < limit, let row = try rows.next() {
                looked += 1
                var reader = RowReader(row)
                let isMeant: Bool = try reader.next()
                let number: Int64 = try reader.next()
                let createdAt = try reader.nextMoment()
                page.next = MessagePlace(createdAt: createdAt, tie: "\(number)")
                guard isMeant else { continue }
                page.records.append(try MessageRow.record(from: reader, facts: facts))
            }
            if page.records.count < limit, looked < Self.searchReach { page.next = nil }
            return page
        }
    }

    package func openMessages(_ kind: OpenKind, limit: Int) async throws -> [MessageRecord] {
        try await records(kind == .uncertain ? Self.uncertainMessages : Self.waitingMessages, [max(limit, 0)])
    }

    package func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord] {
        try await read { database in
            let sql = "\(CampaignRow.select) WHERE number < ? ORDER BY number DESC LIMIT ?"
            let arguments: StatementArguments = [number ?? Int64.max, max(limit, 0)]
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
            var campaigns: [CampaignRecord] = []
            while let row = try rows.next() { campaigns.append(try CampaignRow.record(from: row)) }
            return campaigns
        }
    }
}

/// The queries, each along one index, so that a page costs what it looks at.
extension SQLiteStore {
    /// Argument: the limit.
    static let uncertainMessages = "\(open) WHERE state = 'uncertain' AND state <> 'settled' LIMIT ?"
    /// Argument: the limit.
    static let waitingMessages = "\(open) WHERE state = 'pending' AND state <> 'settled' AND wait > 0 LIMIT ?"

    /// The index is one of what is not settled, and taken only where the condition says so.
    private static let open = "\(MessageRow.select) INDEXED BY message_open"

    /// The statement for a query: whether the row is meant, its place, and what `MessageRow.record` reads.
    ///
    /// A number leads to its own messages. What is `sending` or `uncertain` is little, and sorted. Everything else is
    /// looked through by age, as far as the reach of a page.
    static func search(_ query: MessageQuery) -> (sql: String, arguments: StatementArguments) {
        var conditions: [(sql: String, value: (any DatabaseValueConvertible)?)] = []
        if let from = query.from { conditions.append(("sender = ?", from)) }
        if let campaign = query.campaignID { conditions.append(("campaign_id = ?", campaign)) }
        var path: [(sql: String, value: (any DatabaseValueConvertible)?)] = []
        var index = "message_by_creation"
        if let to = query.to {
            index = "message_by_recipient"
            path.append(("recipient = ?", to))
        }
        if let state = query.state {
            if state.isOutcome {
                conditions.append(("outcome = ?", state.rawValue))
            } else if query.to == nil, state != .pending {
                index = "message_open"
                path.append(("state = ?", state.rawValue))
                path.append(("state <> 'settled'", nil))
            } else {
                conditions.append(("state = ?", state.rawValue))
            }
        }
        if let since = query.since { path.append(("created_at >= ?", since.milliseconds)) }
        if let until = query.until { path.append(("created_at < ?", until.milliseconds)) }
        if let place = query.after, let number = Int64(place.tie) {
            path.append(("created_at <= ?", place.createdAt.milliseconds))
            path.append(("(created_at, rowid) < (?, ?)", nil))
            return statement(conditions, path, index, place: (place.createdAt.milliseconds, number))
        }
        return statement(conditions, path, index, place: nil)
    }

    private static func statement(
        _ conditions: [(sql: String, value: (any DatabaseValueConvertible)?)],
        _ path: [(sql: String, value: (any DatabaseValueConvertible)?)],
        _ index: String,
        place: (Int64, Int64)?
    ) -> (sql: String, arguments: StatementArguments) {
        let meant = conditions.isEmpty ? "1" : "IFNULL(\(conditions.map(\.sql).joined(separator: " AND ")), 0)"
        let along = path.isEmpty ? "" : "WHERE " + path.map(\.sql).joined(separator: " AND ")
        let sql = """
            SELECT \(meant), rowid, created_at, \(MessageRow.selected) FROM message INDEXED BY \(index)
            \(along) ORDER BY created_at DESC, rowid DESC LIMIT \(searchReach)
            """
        var values = (conditions + path).compactMap(\.value)
        if let place { values += [place.0, place.1] }
        return (sql, StatementArguments(values))
    }
}
