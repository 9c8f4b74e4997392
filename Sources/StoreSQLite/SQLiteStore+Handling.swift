package import Contracts
import GRDB
import StoreSupport

extension SQLiteStore {
    package func handlings(of key: String) async throws -> Int {
        try await lookUp { database in
            let statement = try database.cachedStatement(sql: "SELECT begun FROM handling WHERE key = ?")
            return try Int.fetchOne(statement, arguments: [key]) ?? 0
        }
    }

    package func beginHandling(_ key: String, at moment: Timestamp) async throws -> Int {
        try await writer.write { database in
            let sql = """
                INSERT INTO handling (key, begun, at) VALUES (?, 1, ?)
                ON CONFLICT DO UPDATE SET begun = begun + 1, at = excluded.at RETURNING begun
                """
            let statement = try database.cachedStatement(sql: sql)
            guard let begun = try Int.fetchOne(statement, arguments: [key, moment.milliseconds]) else {
                throw StoreError.corrupt("A mark of handling")
            }
            return begun
        }
    }

    package func withdrawHandling(_ key: String) async throws {
        try await writer.write { database in
            try database.cachedStatement(sql: "DELETE FROM handling WHERE key = ? AND begun <= 1")
                .execute(arguments: [key])
            try database.cachedStatement(sql: "UPDATE handling SET begun = begun - 1 WHERE key = ?")
                .execute(arguments: [key])
        }
    }

    package func endHandling(_ key: String) async throws {
        try await writer.write { database in
            try database.cachedStatement(sql: "DELETE FROM handling WHERE key = ?").execute(arguments: [key])
        }
    }
}
