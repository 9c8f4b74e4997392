import Contracts
package import SMSCore

/// One thing that happened to a message, or was decided about it (docs/openapi.yaml).
package struct TimelineItem: Hashable, Sendable, Encodable {
    /// The words of ``what``, in the order of a message's life.
    package static let words = [
        "taken", "taken_again", "waiting", "attempt", "not_taken", "uncertain", "settled", "proved", "published",
        "receipt", "omitted",
    ]

    /// RFC 3339 in UTC.
    package let time: String
    package let what: String
    /// Why, in words, or of `waiting` as a ``WaitReason``; empty where there is nothing to say.
    package let detail: String
    /// Until when it waits, where it does.
    package let until: String?

    init(_ moment: Timestamp, _ what: String, _ detail: String, until: Timestamp? = nil) {
        time = moment.rfc3339
        self.what = what
        self.detail = detail
        self.until = until?.rfc3339
    }

    private enum CodingKeys: CodingKey {
        case time, what, detail, until
    }
}

extension TimelineItem {
    /// Everything that is known of a message, in order: from the ledger's record and its receipts.
    package static func all(of record: MessageRecord, receipts: [SeenReceipt]) -> [TimelineItem] {
        var items = [
            (record.createdAt, TimelineItem(record.createdAt, "taken", "from the lane \(record.lane.rawValue)"))
        ]
        let entries = record.history.entries
        items += entries.map { ($0.at, TimelineItem($0)) }
        if entries.isEmpty, let settlement = record.settlement {
            // A record that an older version of this program has written.
            items.append((settlement.at, TimelineItem(settlement.at, "settled", settlement.outcome.rawValue)))
        }
        items += receipts.map { ($0.seenAt, TimelineItem($0)) }
        // What happened at one moment stays in its order.
        let sorted = items.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        return sorted.map(\.element.1)
    }

    private init(_ entry: MessageHistory.Entry) {
        let (what, detail) =
            switch entry.what {
            case .takenAgain: ("taken_again", "carried out once more: \(entry.detail)")
            case .waiting: ("waiting", entry.detail)
            case .attempt: ("attempt", entry.detail.isEmpty ? "a request begins" : "request \(entry.detail) begins")
            case .notTaken: ("not_taken", entry.detail)
            case .uncertain: ("uncertain", entry.detail)
            case .settled: ("settled", entry.detail)
            case .proved: ("proved", "by a receipt: \(entry.detail)")
            case .published: ("published", "the broker has confirmed the event")
            case .omitted: ("omitted", "\(entry.detail) entries are left out")
            }
        self.init(entry.at, what, detail, until: entry.until)
    }

    private init(_ receipt: SeenReceipt) {
        var detail = receipt.status
        if !receipt.timestamp.isEmpty { detail += ", of \(receipt.timestamp)" }
        if let error = receipt.error {
            detail += ": " + [error.code, error.title, error.detail].compactMap(\.self).joined(separator: ", ")
        }
        self.init(receipt.seenAt, "receipt", detail)
    }
}
