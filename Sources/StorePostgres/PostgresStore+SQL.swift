internal import Contracts
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
        case .optOuts:
            return try await writer.write(.changes) { try body($0) }
        case .other:
            return try await writer.write { try body($0) }
        }
    }
}

extension PostgresStore: CampaignStore, OptOutStore, ReplyStore {}

extension Session: SQLConnection {
    package static let dialect = SQLDialect(forUpdate: " FOR UPDATE", greater: "GREATEST", namesIndexes: false) {
        "jsonb_set(\($0)::jsonb, '{\($1)}', '\"\"')::text"
    }

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
}
