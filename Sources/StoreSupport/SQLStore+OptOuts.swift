package import Contracts
package import SMSCore

/// The suppression list; how a number is looked up in it is each store's own.
extension OptOutStore where Self: SQLStore {
    package func add(_ optOuts: [OptOut], isImport: Bool, now: Timestamp) async throws -> [OptOut] {
        let digest = digest
        return try await change(.bars) { connection in
            var added: [OptOut] = []
            for optOut in optOuts {
                let moment = isImport ? now : optOut.at
                let names = [optOut.number.column, digest.of(optOut.number).column, optOut.sender.column]
                if try connection.add(optOut, asOf: moment, names: names, now: now) {
                    try connection.note(
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
            }
            return added
        }
    }

    package func remove(_ optIn: OptIn, now: Timestamp) async throws -> OptOut? {
        let names = [optIn.number.column, digest.of(optIn.number).column, optIn.sender.column]
        return try await change(.bars) { connection in
            let condition = "number IN (?, ?) AND sender = ?"
            let standing = try connection.first("\(OptOutRow.select) WHERE \(condition)", names) {
                try OptOutRow.optOut(from: &$0)
            }
            let changedAt: Int64? = try connection.value(
                "SELECT MAX(changed_at) FROM opt_out WHERE \(condition)",
                names
            )
            if optIn.hasToBeLater, let changedAt, changedAt >= optIn.at.milliseconds { return nil }
            let moment = max(optIn.at.milliseconds, changedAt ?? optIn.at.milliseconds)
            let tombstone = """
                INSERT INTO opt_in (number, sender, at, noted_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (number, sender)
                DO UPDATE SET at = \(Connection.dialect.greater)(opt_in.at, excluded.at), noted_at = excluded.noted_at
                """
            try connection.change(tombstone, [names[0], names[2], moment.column, now.column])
            guard let standing else { return nil }
            try connection.change("DELETE FROM opt_out WHERE \(condition)", names)
            try connection.note(
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

    package func optOuts(after place: OptOutPlace?, limit: Int) async throws -> [OptOut] {
        try await read { connection in
            let sql = "\(OptOutRow.select) WHERE (number, sender) > (?, ?) ORDER BY number, sender LIMIT ?"
            let arguments = [(place?.number ?? "").column, (place?.sender ?? "").column, max(0, limit).column]
            return try connection.all(sql, arguments) { try OptOutRow.optOut(from: &$0) }
        }
    }

    package func unpublishedOptOutChanges(after place: Int64, limit: Int) async throws -> [OptOutChange] {
        try await read { connection in
            let sql = "\(OptOutChangeRow.select) WHERE place > ? ORDER BY place LIMIT ?"
            return try connection.all(sql, [place.column, max(0, limit).column]) {
                try OptOutChangeRow.change(from: &$0)
            }
        }
    }

    package func unpublishedOptOutChanges(of number: String) async throws -> [OptOutChange] {
        try await lookUp { connection in
            let sql = "\(OptOutChangeRow.select) WHERE number = ? ORDER BY place"
            return try connection.all(sql, [number.column]) { try OptOutChangeRow.change(from: &$0) }
        }
    }

    package func noteOptOutChangesPublished(_ places: [Int64]) async throws {
        guard !places.isEmpty else { return }
        try await change(.other) { connection in
            for place in places {
                try connection.change("DELETE FROM opt_out_change WHERE place = ?", [place.column])
            }
        }
    }
}

extension SQLConnection {
    /// Puts a number on the list; `names` are the number, its digest and the sender.
    ///
    /// - Returns: whether that is news.
    fileprivate func add(_ optOut: OptOut, asOf moment: Timestamp, names: [ColumnValue], now: Timestamp) throws -> Bool
    {
        // The first evidence stays; only how late the number was opted out is brought up to date.
        let update = """
            UPDATE opt_out SET changed_at = \(Self.dialect.greater)(changed_at, ?4) WHERE number IN (?1, ?2) AND sender = ?3
            """
        guard try change(update, names + [moment.column]) == 0 else { return false }
        let insert = """
            INSERT INTO opt_out (number, sender, source, keyword, message_uuid, at, changed_at)
            SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (
                SELECT 1 FROM opt_in WHERE number IN (?1, ?2) AND sender = ?3 AND at > ?8 AND at <= ?9
            )
            """
        let arguments =
            names + [
                optOut.source.rawValue.column, optOut.keyword.column, optOut.messageUUID.column, optOut.at.column,
                moment.column, now.column,
            ]
        guard try change(insert, arguments) == 1 else { return false }
        // The number is on the list again; that it once left the list no longer matters.
        try change("DELETE FROM opt_in WHERE number IN (?, ?) AND sender = ?", names)
        return true
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
        try change(
            sql,
            [
                kind.rawValue.column, number.column, sender.column, source.rawValue.column, keyword.column,
                messageUUID.column, moment.column,
            ]
        )
    }
}
