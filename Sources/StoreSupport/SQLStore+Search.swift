import Contracts
package import SMSCore

/// What is open, and campaigns; each store looks for messages in its own way.
extension MessageSearch where Self: SQLStore {
    package func openMessages(_ kind: OpenKind, limit: Int) async throws -> [MessageRecord] {
        try await records(MessageRow.open(kind, in: Connection.dialect), [max(limit, 0).column])
    }

    package func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord] {
        try await read { connection in
            let sql = "\(CampaignRow.select) WHERE number < ? ORDER BY number DESC LIMIT ?"
            return try connection.all(sql, [(number ?? .max).column, max(limit, 0).column]) {
                try CampaignRow.record(from: &$0)
            }
        }
    }
}
