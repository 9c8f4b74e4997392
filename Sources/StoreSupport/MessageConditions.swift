package import SMSCore

/// A query for messages as conditions on the table `message`, the same in every store.
///
/// A number leads to its own messages. What is `sending` or `uncertain` is little, and sorted. Everything else is looked
/// through by age, as far as the reach of a page.
package struct MessageConditions {
    /// How many rows a page looks at, at most: some 50 ms of one reader.
    package static let reach = 20_000

    /// The index that a query goes along.
    package enum Index: String, Sendable {
        case creation = "message_by_creation"
        case recipient = "message_by_recipient"
        case open = "message_open"
    }

    /// Whether a row that is looked at is meant, as SQL; nil when every one is.
    package let meant: String?
    /// Which rows are looked at, as SQL; empty for all.
    package let along: String
    /// The arguments of both, in this order, the place's own last.
    package let arguments: [ColumnValue]
    package let index: Index

    /// The conditions of a query.
    ///
    /// - Parameters:
    ///   - query: which messages.
    ///   - tie: the column that orders messages of one moment.
    ///   - readTie: what a place says of it; nil for what no page of this store has said, which is no place then.
    package init(_ query: MessageQuery, tie: String, readTie: (String) -> ColumnValue?) {
        var conditions: [(sql: String, values: [ColumnValue])] = []
        if let from = query.from { conditions.append(("sender = ?", [from.column])) }
        if let campaign = query.campaignID { conditions.append(("campaign_id = ?", [campaign.column])) }
        var path: [(sql: String, values: [ColumnValue])] = []
        var index = Index.creation
        if let to = query.to {
            index = .recipient
            path.append(("recipient = ?", [to.column]))
        }
        if let state = query.state {
            let isOpen = query.to == nil && !state.isOutcome && state != .pending
            if isOpen {
                index = .open
                path.append(("state = ? AND state <> 'settled'", [state.rawValue.column]))
            } else {
                conditions.append(("\(state.isOutcome ? "outcome" : "state") = ?", [state.rawValue.column]))
            }
        }
        if let since = query.since { path.append(("created_at >= ?", [since.column])) }
        if let until = query.until { path.append(("created_at < ?", [until.column])) }
        if let place = query.after, let value = readTie(place.tie) {
            // The first of both is what an index is entered by.
            path.append(("created_at <= ?", [place.createdAt.column]))
            path.append(("(created_at, \(tie)) < (?, ?)", [place.createdAt.column, value]))
        }
        meant = conditions.isEmpty ? nil : conditions.map(\.sql).joined(separator: " AND ")
        along = path.map(\.sql).joined(separator: " AND ")
        arguments = (conditions + path).flatMap(\.values)
        self.index = index
    }
}
