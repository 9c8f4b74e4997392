package import Contracts
import GRDB
import SMSCore
import StoreSupport

extension SQLiteStore: SweepLog {
    package func sweepMoment() async throws -> Timestamp? {
        try await read { try Int64.fetchOne($0, sql: "SELECT at FROM sweep_clock").map(Timestamp.init(milliseconds:)) }
    }

    package func noteSweepMoment(_ moment: Timestamp) async throws {
        try await writer.write { database in
            let sql = "INSERT INTO sweep_clock (number, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at"
            try database.cachedStatement(sql: sql).execute(arguments: [moment.milliseconds])
        }
    }
}
