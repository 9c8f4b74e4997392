package import Contracts
import SMSCore
package import StoreSupport

extension PostgresStore: SQLStore {
    package func change<Value: Sendable>(
        _ subject: SQLChange,
        _ body: @escaping @Sendable (Session) throws -> Value
    ) async throws -> Value {
        switch subject {
        case .campaign(let number):
            return try await writer.write(at: .campaign(number)) { try body($0) }
        case .campaignNamed(let id):
            // Read first, since the number says in which place of its group the change is made.
            let number: Int64? = try await read {
                try $0.execute("SELECT number FROM campaign WHERE id = ?", [id.text.column]).first()
            }
            return try await writer.write(at: number.map(GroupWriter.Place.campaign) ?? .row("")) { try body($0) }
        case .campaignStart(let number):
            return try await writer.write(.asks, at: .campaign(number)) { try body($0) }
        case .bars:
            return try await writer.write(.changes) { try body($0) }
        case .row(let key):
            return try await writer.write(at: .row(key)) { try body($0) }
        case .receipts(let uuid):
            return try await writer.write(at: .receipts(of: uuid)) { try body($0) }
        case .single:
            return try await writer.write(at: .last) { try body($0) }
        case .other:
            return try await writer.write { try body($0) }
        }
    }
}

extension Session: SQLConnection {
    package static let dialect = SQLDialect.postgres

    @discardableResult
    package func change(_ sql: String, _ arguments: [ColumnValue]) throws -> Int {
        try execute(sql, arguments).changed
    }

    package func all<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        try execute(sql, arguments).map(read)
    }

    package func first<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout RowReader) throws -> Value
    ) throws -> Value? {
        try execute(sql, arguments).firstRow(read)
    }

    package func maySweep() throws -> Bool { try tryLock(.sweep) }

    package func lockReceipts(of messageUUID: String) throws {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' receipts ' || ?, 0))"
        _ = try execute(sql, [messageUUID.column])
    }

    package func takeOverAnonymousID(digest: String, holder: String) throws -> CommandID? {
        let sql = """
            UPDATE anonymous_id SET holder = ?2, acked_at = NULL WHERE number = (
                SELECT note.number FROM anonymous_id AS note LEFT JOIN message ON message.id = note.id
                WHERE note.digest = ?1 AND note.holder <> ?2
                ORDER BY note.acked_at IS NOT NULL, message.state IS NOT DISTINCT FROM 'settled', EXISTS (
                    SELECT 1 FROM replica WHERE starts_with(note.holder, replica.owner || '/')
                    AND heartbeat_at > clock_timestamp() - interval '30 seconds'
                ), note.noted_at, note.number
                LIMIT 1 FOR UPDATE OF note SKIP LOCKED
            ) RETURNING id
            """
        return try first(sql, [digest.column, holder.column]) { try $0.nextCommandID() }
    }
}
