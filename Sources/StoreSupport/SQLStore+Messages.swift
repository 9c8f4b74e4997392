package import Contracts
package import SMSCore

/// How records are looked up; each store writes them in its own way.
extension MessageStore where Self: SQLStore {
    package func record(of id: CommandID) async throws -> MessageRecord? {
        try await record(where: "id = ?", id.text)
    }

    package func record(ofReference reference: String) async throws -> MessageRecord? {
        // An id of up to 40 characters is its own reference; the column holds only the digests of longer ones.
        if reference.utf8.count == 40, reference.hasPrefix("d:"),
            let record = try await record(where: "reference = ?", reference)
        {
            return record
        }
        return reference.utf8.count <= 40 ? try await record(where: "id = ?", reference) : nil
    }

    package func record(ofMessageUUID uuid: String) async throws -> MessageRecord? {
        if let record = try await record(where: "message_uuid = ?", uuid) { return record }
        return try await record(where: "proved_uuid = ?", uuid)
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

    private func record(where condition: String, _ value: String) async throws -> MessageRecord? {
        let facts = facts
        return try await lookUp { connection in
            try connection.first("\(MessageRow.select) WHERE \(condition) LIMIT 1", [value.column]) {
                try MessageRow.record(from: &$0, facts: facts)
            }
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
