package import Contracts
import GRDB
package import SMSCore

extension SQLiteStore: OptOutStore {
    package func add(_ optOuts: [OptOut], isImport: Bool, now: Timestamp) async throws -> [OptOut] {
        let digest = digest
        return try await writer.write { database in
            // The first evidence stays; only how late the number was opted out is brought up to date.
            let update = """
                UPDATE opt_out SET changed_at = MAX(changed_at, ?) WHERE number IN (?, ?) AND sender = ?
                """
            let known = try database.cachedStatement(sql: update)
            let insert = """
                INSERT INTO opt_out (number, sender, source, keyword, message_uuid, at, changed_at)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
                    SELECT 1 FROM opt_in WHERE number IN (?1, ?8) AND sender = ?2 AND at > ?7 AND at <= ?9
                )
                """
            let fresh = try database.cachedStatement(sql: insert)
            var added: [OptOut] = []
            for optOut in optOuts {
                let moment = (isImport ? now : optOut.at).milliseconds
                let hidden = digest.of(optOut.number)
                try known.execute(arguments: [moment, optOut.number, hidden, optOut.sender])
                guard database.changesCount == 0 else { continue }
                try fresh.execute(arguments: [
                    optOut.number, optOut.sender, optOut.source.rawValue, optOut.keyword, optOut.messageUUID,
                    optOut.at.milliseconds, moment, hidden, now.milliseconds,
                ])
                guard database.changesCount == 1 else { continue }
                try database.forgetOptIn(of: [optOut.number, hidden], sender: optOut.sender)
                try database.note(
                    .optOut,
                    optOut.number,
                    optOut.sender,
                    source: isImport ? .import : optOut.source,
                    optOut.keyword,
                    optOut.messageUUID,
                    at: optOut.at
                )
                added.append(optOut)
            }
            return added
        }
    }

    package func remove(_ optIn: OptIn, now: Timestamp) async throws -> OptOut? {
        let hidden = digest.of(optIn.number)
        return try await writer.write { database in
            let condition = "number IN (?, ?) AND sender = ?"
            let arguments: StatementArguments = [optIn.number, hidden, optIn.sender]
            let entry = try database.cachedStatement(sql: "\(OptOutRow.select) WHERE \(condition)")
            let standing = try Row.fetchOne(entry, arguments: arguments).map(OptOutRow.optOut)
            let last = try database.cachedStatement(sql: "SELECT MAX(changed_at) FROM opt_out WHERE \(condition)")
            let changedAt = try Int64.fetchOne(last, arguments: arguments)
            if optIn.hasToBeLater, let changedAt, changedAt >= optIn.at.milliseconds { return nil }
            let moment = max(optIn.at.milliseconds, changedAt ?? optIn.at.milliseconds)
            let tombstone = """
                INSERT INTO opt_in (number, sender, at, noted_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET at = MAX(at, excluded.at), noted_at = excluded.noted_at
                """
            try database.cachedStatement(sql: tombstone).execute(arguments: [
                optIn.number, optIn.sender, moment, now.milliseconds,
            ])
            guard let standing else { return nil }
            try database.cachedStatement(sql: "DELETE FROM opt_out WHERE \(condition)").execute(arguments: arguments)
            try database.note(
                .optIn,
                optIn.number,
                optIn.sender,
                source: optIn.source,
                optIn.keyword,
                optIn.messageUUID,
                at: optIn.at
            )
            return standing.naming(optIn.number)
        }
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        let digest = digest
        return try await lookUp { try $0.optOut(of: number, sender: sender, digest) }
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

    package func unpublishedOptOutChanges(after place: Int64, limit: Int) async throws -> [OptOutChange] {
        try await read { database in
            let sql = "\(OptOutChangeRow.select) WHERE place > ? ORDER BY place LIMIT ?"
            return try database.optOutChanges(sql, [place, max(0, limit)])
        }
    }

    package func unpublishedOptOutChanges(of number: String) async throws -> [OptOutChange] {
        try await lookUp { database in
            let sql = "\(OptOutChangeRow.select) WHERE number = ? ORDER BY place"
            return try database.optOutChanges(sql, [number])
        }
    }

    package func noteOptOutChangesPublished(_ places: [Int64]) async throws {
        guard !places.isEmpty else { return }
        try await writer.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM opt_out_change WHERE place = ?")
            for place in places { try statement.execute(arguments: [place]) }
        }
    }
}

extension Database {
    /// The entry that forbids a sender to write to a number; in a transaction it stays true until its end.
    func optOut(of number: String, sender: String, _ digest: NumberDigest) throws -> OptOut? {
        if let entry = try entry(of: number, sender: sender) { return entry }
        // A digest costs more than to see that there is none to compare it with.
        guard try hasForgottenNumbers() else { return nil }
        return try entry(of: digest.of(number), sender: sender)?.naming(number)
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

    private func hasForgottenNumbers() throws -> Bool {
        // From the prefix to the character after its colon: one look into the table's key.
        let sql = "SELECT EXISTS (SELECT 1 FROM opt_out WHERE number >= 'forgotten:' AND number < 'forgotten;')"
        return try Bool.fetchOne(cachedStatement(sql: sql)) == true
    }

    /// The number is on the list again; that it once left the list no longer matters.
    fileprivate func forgetOptIn(of numbers: [String], sender: String) throws {
        let statement = try cachedStatement(sql: "DELETE FROM opt_in WHERE number = ? AND sender = ?")
        for number in numbers { try statement.execute(arguments: [number, sender]) }
    }

    /// Notes a change that is to be published.
    fileprivate func note(
        _ kind: OptOutChange.Kind,
        _ number: String,
        _ sender: String,
        source: OptOut.Source,
        _ keyword: String?,
        _ messageUUID: String?,
        at moment: Timestamp
    ) throws {
        let sql = """
            INSERT INTO opt_out_change (kind, number, sender, source, keyword, message_uuid, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        try cachedStatement(sql: sql).execute(arguments: [
            kind.rawValue, number, sender, source.rawValue, keyword, messageUUID, moment.milliseconds,
        ])
    }

    fileprivate func optOutChanges(_ sql: String, _ arguments: StatementArguments) throws -> [OptOutChange] {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        var changes: [OptOutChange] = []
        while let row = try rows.next() { changes.append(try OptOutChangeRow.change(row)) }
        return changes
    }
}

extension OptOut {
    /// The entry of a number that the caller knows, though the list has forgotten it.
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

/// A change as a row of the table `opt_out_change`.
private enum OptOutChangeRow {
    static let select = "SELECT place, kind, number, sender, source, keyword, message_uuid, at FROM opt_out_change"

    static func change(_ row: Row) throws -> OptOutChange {
        var reader = RowReader(row)
        let place: Int64 = try reader.next()
        guard let kind = OptOutChange.Kind(rawValue: try reader.next()) else {
            throw StoreError.corrupt("The kind of a change of the suppression list")
        }
        let number: String = try reader.next()
        let sender: String = try reader.next()
        guard let source = OptOut.Source(rawValue: try reader.next()) else {
            throw StoreError.corrupt("The source of a change of the suppression list")
        }
        return OptOutChange(
            place: place,
            kind: kind,
            number: number,
            sender: sender,
            source: source,
            keyword: try reader.nextIfPresent(),
            messageUUID: try reader.nextIfPresent(),
            at: try reader.nextMoment()
        )
    }
}
