package import GRDB
import SMSCore
package import StoreSupport

extension SQLiteStore: SQLStore {
    /// One process serves the file, so its writes need no order among themselves but that of asking.
    package func change<Value: Sendable>(
        _ subject: SQLChange,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await writer.write(body)
    }
}

extension SQLiteStore: CampaignStore, OptOutStore, ReplyStore {}

extension Database: SQLConnection {
    package static let dialect = SQLDialect(forUpdate: "", greater: "MAX", namesIndexes: true) {
        "json_set(\($0), '$.\($1)', '')"
    }

    package func change(_ sql: String, _ arguments: [ColumnValue]) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        return changesCount
    }

    package func all<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        try Row.fetchCursor(cachedStatement(sql: sql), arguments: StatementArguments(arguments)).read(read)
    }

    package func first<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout RowReader) throws -> Value
    ) throws -> Value? {
        // A copy: a row of a cursor is gone with it.
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(arguments))?.read(read)
    }

    /// Only one process writes.
    package func maySweep() -> Bool { true }
}
