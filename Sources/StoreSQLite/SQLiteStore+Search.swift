import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore: MessageSearch {
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
                page.records.append(try MessageRow.record(from: &reader, facts: facts))
            }
            if page.records.count < limit, looked < MessageConditions.reach { page.next = nil }
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
            return try rows.read { try CampaignRow.record(from: &$0) }
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
    static func search(_ query: MessageQuery) -> (sql: String, arguments: StatementArguments) {
        let conditions = MessageConditions(query, tie: "rowid") { Int64($0)?.column }
        let sql = """
            SELECT \(conditions.meant.map { "IFNULL(\($0), 0)" } ?? "1"), rowid, created_at, \(MessageRow.selected)
            FROM message INDEXED BY \(conditions.index.rawValue)
            \(conditions.along.isEmpty ? "" : "WHERE \(conditions.along)")
            ORDER BY created_at DESC, rowid DESC LIMIT \(MessageConditions.reach)
            """
        return (sql, StatementArguments(conditions.arguments))
    }
}
