package import Contracts
import FoundationEssentials
import GRDB
package import SMSCore

extension SQLiteStore: EventSpool {
    package func spool(
        _ message: BrokerMessage,
        key: String,
        share: SpoolShare,
        at moment: Timestamp
    ) async throws -> Bool {
        let properties = String(decoding: try JSONBytes.encode(message.properties), as: UTF8.self)
        let values: [DatabaseValue] = [
            key.databaseValue,
            message.exchange.databaseValue,
            message.routingKey.databaseValue,
            properties.databaseValue,
            Data(message.body).databaseValue,
            moment.column,
            share.rawValue.databaseValue,
            (message.body.count + properties.utf8.count).databaseValue,
            spoolCapacity.databaseValue,
            spoolByteCapacity.databaseValue,
        ]
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
            let sql = """
                SELECT number, key, exchange, routing_key, properties, body, at FROM spool
                WHERE number > ? ORDER BY number LIMIT ?
                """
            let arguments: StatementArguments = [number, max(limit, 0)]
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
            var events: [SpooledEvent] = []
            while let row = try rows.next() { events.append(try Self.event(from: row)) }
            return events
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

    private static func event(from row: Row) throws -> SpooledEvent {
        var reader = RowReader(row)
        let number: Int64 = try reader.next()
        let key: String = try reader.next()
        let exchange: String = try reader.next()
        let routingKey: String = try reader.next()
        let properties = try reader.nextJSONIfPresent(
            BrokerMessage.Properties.self,
            what: "The properties of a spooled event"
        )
        guard let properties else { throw StoreError.corrupt("The properties of a spooled event") }
        let body: Data = try reader.next()
        return SpooledEvent(
            number: number,
            key: key,
            message: BrokerMessage(
                exchange: exchange,
                routingKey: routingKey,
                properties: properties,
                body: Array(body)
            ),
            at: try reader.nextMoment()
        )
    }
}
