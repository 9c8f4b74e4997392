package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore: EventSpool {
    package func spool(
        _ message: BrokerMessage,
        key: String,
        share: SpoolShare,
        at moment: Timestamp
    ) async throws -> Bool {
        let values =
            try SpoolRow.values(of: message, key: key, share: share, at: moment)
            + [spoolCapacity.column, spoolByteCapacity.column]
        return try await writer.write { database in
            // Triggers keep `spool_share`, so that the bounds cost no counting.
            let sql = """
                INSERT INTO spool (key, exchange, routing_key, properties, body, at, share, bytes)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
                WHERE EXISTS (SELECT 1 FROM spool_share WHERE share = ?7 AND waiting < ?9 AND bytes < ?10)
                """
            try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
            return database.changesCount == 1
        }
    }

    package func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent] {
        try await read { database in
            let sql = "\(SpoolRow.select) WHERE number > ? ORDER BY number LIMIT ?"
            let arguments: StatementArguments = [number, max(limit, 0)]
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
            return try rows.read { try SpoolRow.event(from: &$0) }
        }
    }

    package func unspool(_ numbers: [Int64]) async throws {
        guard !numbers.isEmpty else { return }
        try await writer.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM spool WHERE number = ?")
            for number in numbers { try statement.execute(arguments: [number]) }
        }
    }

    package func spooledKeys() async throws -> Set<String> {
        try await read { Set(try String.fetchAll($0, sql: "SELECT DISTINCT key FROM spool")) }
    }

    package func spoolDepth(of share: SpoolShare) async throws -> SpoolDepth {
        let (capacity, byteCapacity) = (spoolCapacity, spoolByteCapacity)
        return try await read { database in
            let sql = "SELECT waiting, bytes FROM spool_share WHERE share = ?"
            let row = try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [share.rawValue])
            guard let row else { throw StoreError.corrupt("A share of the spool") }
            var reader = RowReader(row)
            return SpoolDepth(
                waiting: try reader.next(),
                capacity: capacity,
                bytes: try reader.next(),
                byteCapacity: byteCapacity
            )
        }
    }
}
