package import Contracts
package import SMSCore

/// How records are looked up; each store writes them in its own way.
extension MessageStore where Self: SQLStore {
    package func record(of id: CommandID) async throws -> MessageRecord? {
        try await record(by: ["id"], id.text)
    }

    package func record(ofReference reference: String) async throws -> MessageRecord? {
        // An id of up to 40 characters is its own reference; the column holds only the digests of longer ones.
        switch reference.utf8.count {
        case 40 where reference.hasPrefix("d:"): try await record(by: ["reference", "id"], reference)
        case ...40: try await record(by: ["id"], reference)
        default: nil
        }
    }

    package func record(ofMessageUUID uuid: String) async throws -> MessageRecord? {
        try await record(by: ["message_uuid", "proved_uuid"], uuid)
    }

    package func pending(
        ofCampaign campaignID: String,
        after id: CommandID?,
        limit: Int
    ) async throws -> [MessageRecord] {
        let arguments = [campaignID.column, (id?.text ?? "").column, max(limit, 0).column]
        return try await records(MessageRow.pendingOfCampaign, arguments)
    }

    package func acceptances(of sender: String, after: Timestamp, until: Timestamp) async throws -> Acceptances {
        try await read { connection in
            let counts = try connection.first(MessageRow.acceptances, [sender.column, after.column, until.column]) {
                Acceptances(count: try $0.next(), withReceipt: try $0.next())
            }
            return counts ?? Acceptances(count: 0, withReceipt: 0)
        }
    }

    package func openCounts() async throws -> OpenCounts {
        try await read { connection in
            var counts = OpenCounts(pending: 0, sending: 0, uncertain: 0, waiting: 0)
            _ = try connection.all(OpenCountsRow.select, []) { try OpenCountsRow.add(&$0, to: &counts) }
            counts.unpublished = try connection.value(OpenCountsRow.unpublished, []) ?? 0
            return counts
        }
    }

    /// The record with a value in the first of some columns in which one has it.
    private func record(by columns: [String], _ value: String) async throws -> MessageRecord? {
        let facts = facts
        return try await lookUp { connection in
            for column in columns {
                let sql = "\(MessageRow.select) WHERE \(column) = ? LIMIT 1"
                let record = try connection.first(sql, [value.column]) {
                    try MessageRow.record(from: &$0, facts: facts)
                }
                if let record { return record }
            }
            return nil
        }
    }
}

extension SQLStore {
    /// All the records that a query selects.
    func records(_ sql: String, _ arguments: [ColumnValue]) async throws -> [MessageRecord] {
        let facts = facts
        return try await read { connection in
            try connection.all(sql, arguments) { try MessageRow.record(from: &$0, facts: facts) }
        }
    }
}
