package import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore: ListenerLog {
    package func noteListening(at moment: Timestamp, tolerance: Duration) async throws {
        try await writer.write { database in
            // What lies ahead was noted under a clock that has been put right since.
            let future = "DELETE FROM deafness WHERE until > ?1 AND since > ?1"
            try database.cachedStatement(sql: future).execute(arguments: [moment.milliseconds])
            let overhang = "UPDATE deafness SET until = ?1 WHERE until > ?1"
            try database.cachedStatement(sql: overhang).execute(arguments: [moment.milliseconds])
            // SQLite does the sums: an absurd time in the file then makes no trap.
            let gap = """
                INSERT INTO deafness (kind, since, until)
                SELECT 'silence', at, ?1 FROM listener_beat WHERE ?1 - at > ?2
                """
            try database.cachedStatement(sql: gap)
                .execute(arguments: [moment.milliseconds, tolerance.wholeMilliseconds])
            let beat = """
                INSERT INTO listener_beat (number, at) VALUES (1, ?)
                ON CONFLICT DO UPDATE SET at = excluded.at
                """
            try database.cachedStatement(sql: beat).execute(arguments: [moment.milliseconds])
        }
    }

    package func noteFailedWebhook(at moment: Timestamp) async throws {
        try await writer.write { database in
            // One a second is enough to know of, and keeps the table small however many fail.
            let sql = """
                INSERT INTO deafness (kind, since, until) SELECT 'failure', ?1, ?1 WHERE NOT EXISTS
                (SELECT 1 FROM deafness WHERE kind = 'failure' AND until > ?1 - 1000 AND until <= ?1)
                """
            try database.cachedStatement(sql: sql).execute(arguments: [moment.milliseconds])
        }
    }

    package func gaps(from start: Timestamp, until end: Timestamp) async throws -> [ListenerGap] {
        try await read { database in
            let sql =
                "SELECT \(ListenerGapRow.columns) FROM deafness WHERE until >= ? AND since <= ? ORDER BY since, number"
            let statement = try database.cachedStatement(sql: sql)
            let rows = try Row.fetchCursor(statement, arguments: [start.milliseconds, end.milliseconds])
            return try rows.read { try ListenerGapRow.gap(from: &$0) }
        }
    }
}
