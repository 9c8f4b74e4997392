package import Contracts
package import SMSCore
internal import StoreSupport

/// Each replica's events are its own: only it publishes them, in order, as long as it lives. Those of one that is gone are
/// taken over, see `PostgresStore+Replicas.swift`.
extension PostgresStore {
    package func spool(
        _ message: BrokerMessage,
        key: String,
        share: SpoolShare,
        at moment: Timestamp
    ) async throws -> Bool {
        let values = try SpoolRow.values(of: message, key: key, share: share, at: moment)
        let (owner, options) = (options.owner.text.column, options)
        return try await writer.write { session in
            // The last of the values is the size of the event.
            let room = """
                INSERT INTO spool_share (owner, share, waiting, bytes) VALUES (?1, ?2, 1, ?3)
                ON CONFLICT (owner, share)
                DO UPDATE SET waiting = spool_share.waiting + 1, bytes = spool_share.bytes + ?3
                WHERE spool_share.waiting < ?4 AND spool_share.bytes < ?5
                """
            let bounds = [options.spoolCapacity.column, options.spoolByteCapacity.column]
            guard options.spoolCapacity > 0 else { return false }
            let taken = try session.execute(room, [owner, share.rawValue.column, values[values.count - 1]] + bounds)
            guard taken.changed == 1 else { return false }
            let insert = """
                INSERT INTO spool (key, exchange, routing_key, properties, body, at, share, bytes, owner)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            _ = try session.execute(insert, values + [owner])
            return true
        }
    }

    package func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent] {
        let owner = options.owner.text.column
        return try await read { session in
            let sql = "\(SpoolRow.select) WHERE owner = ? AND number > ? ORDER BY number LIMIT ?"
            return try session.execute(sql, [owner, number.column, max(limit, 0).column])
                .map { try SpoolRow.event(from: &$0) }
        }
    }

    package func unspool(_ numbers: [Int64]) async throws {
        guard !numbers.isEmpty else { return }
        try await writer.write { session in
            for number in numbers {
                let sql = """
                    WITH gone AS (DELETE FROM spool WHERE number = ? RETURNING owner, share, bytes)
                    UPDATE spool_share SET waiting = waiting - 1, bytes = spool_share.bytes - gone.bytes
                    FROM gone WHERE spool_share.owner = gone.owner AND spool_share.share = gone.share
                    """
                _ = try session.execute(sql, [number.column])
            }
        }
    }

    package func spooledKeys() async throws -> Set<String> {
        let owner = options.owner.text.column
        return try await read { session in
            let sql = "SELECT DISTINCT key FROM spool WHERE owner = ?"
            return Set(try session.execute(sql, [owner]).map { try $0.next(as: String.self) })
        }
    }

    package func spoolDepth(of share: SpoolShare) async throws -> SpoolDepth {
        let options = options
        return try await read { session in
            let sql = "SELECT waiting, bytes FROM spool_share WHERE owner = ? AND share = ?"
            let depth = try session.execute(sql, [options.owner.text.column, share.rawValue.column]).firstRow {
                (waiting: try $0.next(as: Int.self), bytes: try $0.next(as: Int.self))
            }
            return SpoolDepth(
                waiting: depth?.waiting ?? 0,
                capacity: options.spoolCapacity,
                bytes: depth?.bytes ?? 0,
                byteCapacity: options.spoolByteCapacity
            )
        }
    }
}
