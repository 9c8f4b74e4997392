package import Contracts
package import SMSCore

/// When the listener was up, as far as is known.
extension ListenerLog where Self: SQLStore {
    package func noteListening(at moment: Timestamp, tolerance: Duration) async throws {
        try await change(.single) { connection in
            let gaps = Connection.dialect.gaps
            // One process at a time: the listener is up while one of them is.
            let last: Timestamp? = try connection.value(
                "SELECT at FROM listener_beat WHERE number = 1\(Connection.dialect.forUpdate)",
                []
            )
            // What lies ahead was noted under a clock that has been put right since.
            try connection.change("DELETE FROM \(gaps) WHERE until > ?1 AND since > ?1", [moment.column])
            try connection.change("UPDATE \(gaps) SET until = ?1 WHERE until > ?1", [moment.column])
            if let last, last.isFollowed(by: moment, afterMoreThan: tolerance) {
                let gap = "INSERT INTO \(gaps) (kind, since, until) VALUES ('silence', ?, ?)"
                try connection.change(gap, [last.column, moment.column])
            }
            let beat = """
                INSERT INTO listener_beat (number, at) VALUES (1, ?) ON CONFLICT (number) DO UPDATE SET at = excluded.at
                """
            try connection.change(beat, [moment.column])
        }
    }

    package func noteFailedWebhook(at moment: Timestamp) async throws {
        try await change(.single) { connection in
            let gaps = Connection.dialect.gaps
            // One a second is enough to know of, and keeps the table small however many fail.
            let sql = """
                INSERT INTO \(gaps) (kind, since, until) SELECT 'failure', ?1, ?1 WHERE NOT EXISTS
                (SELECT 1 FROM \(gaps) WHERE kind = 'failure' AND until > ?1 - 1000 AND until <= ?1)
                """
            _ = try connection.change(sql, [moment.column])
        }
    }

    package func gaps(from start: Timestamp, until end: Timestamp) async throws -> [ListenerGap] {
        try await read { connection in
            let sql = """
                SELECT \(ListenerGapRow.columns) FROM \(Connection.dialect.gaps)
                WHERE until >= ? AND since <= ? ORDER BY since, number
                """
            return try connection.all(sql, [start.column, end.column]) { try ListenerGapRow.gap(from: &$0) }
        }
    }
}

extension Timestamp {
    /// Whether another moment is later by more than a time; an absurd one in the table overflows, and makes no trap.
    fileprivate func isFollowed(by later: Timestamp, afterMoreThan time: Duration) -> Bool {
        let (length, isTooLong) = later.milliseconds.subtractingReportingOverflow(milliseconds)
        return isTooLong ? later > self : length > time.wholeMilliseconds
    }
}
