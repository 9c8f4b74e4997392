internal import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore {
    /// How many rows are looked at by one statement; libpq keeps its whole answer in memory.
    private static let searchStep = 500

    package func messages(_ query: MessageQuery) async throws -> MessagePage {
        let facts = facts
        let limit = max(query.limit, 0)
        return try await read { session in
            var query = query
            var page = MessagePage(records: [], next: nil)
            var looked = 0
            while page.records.count < limit, looked < MessageConditions.reach {
                let (sql, arguments) = Self.search(query)
                let answer = try session.execute(sql, arguments)
                for index in 0..<answer.count where page.records.count < limit {
                    looked += 1
                    var reader = answer.row(index)
                    let isMeant: Bool = try reader.next()
                    let id: String = try reader.next()
                    let createdAt = try reader.nextMoment()
                    page.next = MessagePlace(createdAt: createdAt, tie: id)
                    guard isMeant else { continue }
                    page.records.append(try MessageRow.record(from: &reader, facts: facts))
                }
                if page.records.count < limit, answer.count < Self.searchStep {
                    page.next = nil
                    break
                }
                query.after = page.next
            }
            return page
        }
    }

    /// The statement for some rows of a query: whether the row is meant, its place, and what `MessageRow.record` reads,
    /// which is NULL in rows that are not meant.
    private static func search(_ query: MessageQuery) -> (sql: String, arguments: [ColumnValue]) {
        let conditions = MessageConditions(query, tie: "id") { $0.column }
        let sql = """
            SELECT is_meant, place_id, place_at, \(MessageRow.selected) FROM (
                SELECT \(conditions.meant.map { "COALESCE(\($0), false)" } ?? "true") AS is_meant,
                id AS place_id, created_at AS place_at FROM message
                \(conditions.along.isEmpty ? "" : "WHERE \(conditions.along)")
                ORDER BY created_at DESC, id DESC LIMIT \(searchStep)
            ) AS looked LEFT JOIN message ON is_meant AND id = place_id
            ORDER BY place_at DESC, place_id DESC
            """
        return (sql, conditions.arguments)
    }
}
