import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore {
    package func messages(_ query: MessageQuery) async throws -> MessagePage {
        let facts = facts
        let limit = max(query.limit, 0)
        return try await read { database in
            let (sql, arguments) = Self.search(query)
            var page = MessagePage(records: [], next: nil)
            var looked = 0
            try database.each(sql, arguments) { reader in
                looked += 1
                let isMeant: Bool = try reader.next()
                let number: Int64 = try reader.next()
                let createdAt = try reader.nextMoment()
                page.next = MessagePlace(createdAt: createdAt, tie: "\(number)")
                if isMeant { page.records.append(try MessageRow.record(from: &reader, facts: facts)) }
                return page.records.count < limit
            }
            if page.records.count < limit, looked < MessageConditions.reach { page.next = nil }
            return page
        }
    }

    /// The statement for a query, along one index so that a page costs what it looks at: whether the row is meant, its place,
    /// and what `MessageRow.record` reads.
    static func search(_ query: MessageQuery) -> (sql: String, arguments: [ColumnValue]) {
        let conditions = MessageConditions(query, tie: "rowid") { Int64($0)?.column }
        let sql = """
            SELECT \(conditions.meant.map { "IFNULL(\($0), 0)" } ?? "1"), rowid, created_at, \(MessageRow.selected)
            FROM message INDEXED BY \(conditions.index.rawValue)
            \(conditions.along.isEmpty ? "" : "WHERE \(conditions.along)")
            ORDER BY created_at DESC, rowid DESC LIMIT \(MessageConditions.reach)
            """
        return (sql, conditions.arguments)
    }
}
