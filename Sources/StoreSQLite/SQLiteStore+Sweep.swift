package import Contracts
import GRDB
import StoreSupport

extension SQLiteStore {
    /// How long cancellations, marks of handling, and notes of ids that were acked, are kept.
    private static let noteLife: Duration = .seconds(86_400)
    /// How long gaps of the listener are kept after their end.
    private static let gapLife: Duration = .seconds(2 * 86_400)

    package func sweep(now: Timestamp, notesBefore: Timestamp) async throws -> Int {
        try await writer.write { database in
            let yesterday = now - Self.noteLife
            return [
                try database.delete(from: "message", key: "rowid", where: "keep_until <= ? AND is_told = 1", now),
                try database.delete(from: "anonymous_id", key: "number", where: "noted_at < ?", notesBefore),
                try database.delete(from: "anonymous_id", key: "number", where: "acked_at < ?", yesterday),
                try database.delete(from: "cancellation", key: "rowid", where: "noted_at < ?", yesterday),
                try database.delete(from: "handling", key: "key", where: "at < ?", yesterday),
                try database.delete(from: "deafness", key: "number", where: "until < ?", now - Self.gapLife),
            ].reduce(0, +)
        }
    }
}

extension Database {
    /// How many rows one sweep takes, so that other writes do not wait long behind it.
    private static let sweepBatch = 2000

    /// Deletes the rows of a table that a condition on a moment holds for, at most `sweepBatch`; the key may have
    /// several columns.
    ///
    /// - Returns: how many went.
    func delete(from table: String, key: String, where condition: String, _ moment: Timestamp) throws -> Int {
        let sql = "DELETE FROM \(table) WHERE (\(key)) IN (SELECT \(key) FROM \(table) WHERE \(condition) LIMIT ?)"
        try cachedStatement(sql: sql).execute(arguments: [moment.milliseconds, Self.sweepBatch])
        return changesCount
    }
}
