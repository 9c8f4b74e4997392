import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: OptOutStore {
    package func add(_ optOut: OptOut) async throws -> Bool { try await !add([optOut]).isEmpty }

    package func add(_ optOuts: [OptOut]) async throws -> [OptOut] {
        let digest = digest
        return try await writer.write { database in
            let sql = """
                INSERT INTO opt_out (number, sender, source, keyword, message_uuid, at) SELECT ?1, ?2, ?3, ?4, ?5, ?6
                WHERE NOT EXISTS (SELECT 1 FROM opt_out WHERE number = ?7 AND sender = ?2) ON CONFLICT DO NOTHING
                """
            let statement = try database.cachedStatement(sql: sql)
            var added: [OptOut] = []
            for optOut in optOuts {
                try statement.execute(
                    arguments: [
                        optOut.number, optOut.sender, optOut.source.rawValue, optOut.keyword, optOut.messageUUID,
                        optOut.at.milliseconds, digest.of(optOut.number),
                    ]
                )
                if database.changesCount == 1 { added.append(optOut) }
            }
            return added
        }
    }

    package func removeOptOut(of number: String, sender: String) async throws -> OptOut? {
        let digest = digest.of(number)
        return try await writer.write { database in
            let condition = "number IN (?, ?) AND sender = ?"
            let rows = try Row.fetchCursor(
                database.cachedStatement(sql: "\(OptOutRow.select) WHERE \(condition)"),
                arguments: [number, digest, sender]
            )
            guard let removed = try rows.next().map(OptOutRow.optOut) else { return nil }
            try database.cachedStatement(sql: "DELETE FROM opt_out WHERE \(condition)")
                .execute(arguments: [number, digest, sender])
            return removed.naming(number)
        }
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        let digest = digest
        return try await read { try $0.optOut(of: number, sender: sender, digest) }
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
    func optOut(of number: String, sender: String, _ digest: NumberDigest) throws -> OptOut? {
        try entry(of: number, sender: sender) ?? entry(of: digest.of(number), sender: sender)?.naming(number)
    }

    /// A sender's own entry before that for all.
    ///
    /// The table's key begins with the number, and nearly every number has no entry: one seek, where a condition on the
    /// sender would make several and sort what they find.
    private func entry(of number: String, sender: String) throws -> OptOut? {
        let statement = try cachedStatement(sql: "\(OptOutRow.select) WHERE number = ?")
        statement.setUncheckedArguments([number])
        let rows = try Row.fetchCursor(statement)
        var forAll: OptOut?
        while let row = try rows.next() {
            let entry = try OptOutRow.optOut(row)
            if entry.sender == sender { return entry }
            if entry.sender == OptOut.everySender { forAll = entry }
        }
        return forAll
    }
}

extension OptOut {
    /// The entry for whoever knows the number already, though the list has forgotten it.
    fileprivate func naming(_ number: String) -> OptOut {
        OptOut(number: number, sender: sender, source: source, keyword: keyword, messageUUID: messageUUID, at: at)
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
