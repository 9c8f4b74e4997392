package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore {
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
            return try database.change(sql, values) == 1
        }
    }

    package func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent] {
        try await read { database in
            let sql = "\(SpoolRow.select) WHERE number > ? ORDER BY number LIMIT ?"
            return try database.all(sql, [number.column, max(limit, 0).column]) { try SpoolRow.event(from: &$0) }
        }
    }

    package func unspool(_ numbers: [Int64]) async throws {
        guard !numbers.isEmpty else { return }
        try await writer.write { database in
            for number in numbers { try database.change("DELETE FROM spool WHERE number = ?", [number.column]) }
        }
    }

    package func spooledKeys() async throws -> Set<String> {
        try await read { Set(try $0.all("SELECT DISTINCT key FROM spool", []) { try $0.next(as: String.self) }) }
    }

    package func spoolDepth(of share: SpoolShare) async throws -> SpoolDepth {
        let (capacity, byteCapacity) = (spoolCapacity, spoolByteCapacity)
        return try await read { database in
            let sql = "SELECT waiting, bytes FROM spool_share WHERE share = ?"
            let depth = try database.first(sql, [share.rawValue.column]) {
                SpoolDepth(
                    waiting: try $0.next(),
                    capacity: capacity,
                    bytes: try $0.next(),
                    byteCapacity: byteCapacity
                )
            }
            guard let depth else { throw StoreError.corrupt("A share of the spool") }
            return depth
        }
    }
}
