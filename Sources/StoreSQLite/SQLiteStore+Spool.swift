package import Contracts
import FoundationEssentials
import GRDB
package import SMSCore

extension SQLiteStore: EventSpool {
    package func spool(_ message: BrokerMessage, key: String, at moment: Timestamp) async throws -> Bool {
        let values: [DatabaseValue] = [
            key.databaseValue,
            message.exchange.databaseValue,
            message.routingKey.databaseValue,
            try Optional(message.properties).jsonColumn,
            Data(message.body).databaseValue,
            moment.column,
            spoolCapacity.databaseValue,
        ]
        return try await writer.write { database in
            // Triggers keep `spool_size`, so that the bound costs no counting.
            let sql = """
                INSERT INTO spool (key, exchange, routing_key, properties, body, at)
                SELECT ?, ?, ?, ?, ?, ? WHERE (SELECT waiting FROM spool_size) < ?
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

    package func spoolDepth() async throws -> SpoolDepth {
        let waiting = try await read { try Int.fetchOne($0, sql: "SELECT waiting FROM spool_size") ?? 0 }
        return SpoolDepth(waiting: waiting, capacity: spoolCapacity)
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
