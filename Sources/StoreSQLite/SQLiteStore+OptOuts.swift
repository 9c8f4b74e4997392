import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: OptOutStore {
    package func add(_ optOut: OptOut) async throws -> Bool { try await add([optOut]) == 1 }

    package func add(_ optOuts: [OptOut]) async throws -> Int {
        try await writer.write { database in
            let sql = """
                INSERT INTO opt_out (number, sender, source, keyword, message_uuid, at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
            let statement = try database.cachedStatement(sql: sql)
            var count = 0
            for optOut in optOuts {
                try statement.execute(
                    arguments: [
                        optOut.number, optOut.sender, optOut.source.rawValue, optOut.keyword, optOut.messageUUID,
                        optOut.at.milliseconds,
                    ]
                )
                count += database.changesCount
            }
            return count
        }
    }

    package func removeOptOut(of number: String, sender: String) async throws -> OptOut? {
        try await writer.write { database in
            let sql = "\(OptOutRow.select) WHERE number = ? AND sender = ?"
            let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [number, sender])
            guard let removed = try rows.next().map(OptOutRow.optOut) else { return nil }
            try database.cachedStatement(sql: "DELETE FROM opt_out WHERE number = ? AND sender = ?")
                .execute(arguments: [number, sender])
            return removed
        }
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        try await read { try $0.optOut(of: number, sender: sender) }
    }

    package func optOuts(after place: OptOutPlace?, limit: Int) async throws -> [OptOut] {
        try await read { database in
            let sql = "\(OptOutRow.select) WHERE (number, sender) > (?, ?) ORDER BY number, sender LIMIT ?"
            let rows = try Row.fetchCursor(
                database.cachedStatement(sql: sql),
                arguments: [place?.number ?? "", place?.sender ?? "", max(0, limit)]
            )
            var optOuts: [OptOut] = []
            while let row = try rows.next() { optOuts.append(try OptOutRow.optOut(row)) }
            return optOuts
        }
    }
}

extension Database {
    /// The entry that forbids a sender to write to a number; in a transaction it stays true until its end.
    func optOut(of number: String, sender: String) throws -> OptOut? {
        // The table's key is number and sender, so this is one look-up; a sender's own entry comes before that for all.
        let sql = "\(OptOutRow.select) WHERE number = ? AND sender IN (?, '*') ORDER BY sender = '*' LIMIT 1"
        let statement = try cachedStatement(sql: sql)
        statement.setUncheckedArguments([number, sender])
        let rows = try Row.fetchCursor(statement)
        return try rows.next().map(OptOutRow.optOut)
    }
}

/// An entry as a row of the table `opt_out`.
private enum OptOutRow {
    static let select = "SELECT number, sender, source, keyword, message_uuid, at FROM opt_out"

    static func optOut(_ row: Row) throws -> OptOut {
        var reader = RowReader(row)
        let number: String = try reader.next()
        let sender: String = try reader.next()
        guard let source = OptOut.Source(rawValue: try reader.next()) else {
            throw StoreError.corrupt("The source of an opt-out")
        }
        return OptOut(
            number: number,
            sender: sender,
            source: source,
            keyword: try reader.nextIfPresent(),
            messageUUID: try reader.nextIfPresent(),
            at: try reader.nextMoment()
        )
    }
}
