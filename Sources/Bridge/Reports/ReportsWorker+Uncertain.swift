import Contracts
import SMSCore
import Synchronization

/// Requests without an answer have no id at the provider: they are searched for by recipient and time.
extension ReportsWorker {
    /// Records that one search is expected to cost: what else was sent to this recipient within some minutes.
    private static let searchCost = 5
    /// How far the provider's time of a request may be from ours.
    private static let margin: Duration = .seconds(60)

    /// Searches for one uncertain command, where one is due.
    ///
    /// Only a record that carries its reference settles it; none proves nothing.
    /// - Returns: how long to wait before the next request; nil when there was nothing to search for.
    func searchUncertain() async throws -> Duration? {
        let now = now()
        // Those whose wait is over have been settled, or are about to be.
        let records = try await parts.store.uncertain(
            from: now - uncertainWait - .seconds(900),
            until: now - uncertainWait / 4,
            limit: SearchedCommands.limit
        )
        guard let (record, since) = searched.next(of: records, wait: uncertainWait, now: now),
            let to = record.facts.to
        else { return nil }
        let day = ReportSchedule.day(of: now)
        guard try await parts.store.takeReports(Self.searchCost, of: budget, day: day) == Self.searchCost else {
            return spent()
        }
        let answer = await parts.reports.receipts(
            to: String(to.drop { $0 == "+" }),
            from: since - Self.margin,
            until: now + Self.margin
        )
        try await parts.store.correctReports(by: answer.recordCount - Self.searchCost, day: day)
        let reference = record.id.reference
        let ours: ReportsAnswer =
            if case .receipts(let reports, let count) = answer {
                .receipts(reports.filter { $0.reference == reference }, records: count)
            } else {
                answer
            }
        guard try await take(ours) != nil else {
            searched.forget(record.id)
            return pause(after: ours)
        }
        return ReportSchedule.pace
    }
}

/// How often each uncertain command has been searched for, in this process.
final class SearchedCommands: Sendable {
    /// How many are remembered; those of a set are forgotten when they are not uncertain any more.
    static let limit = 1_000

    private let counts = Mutex<[CommandID: Int]>([:])

    /// The first command that is due for a search; it counts as searched for.
    func next(of records: [MessageRecord], wait: Duration, now: Timestamp) -> (MessageRecord, since: Timestamp)? {
        counts.withLock { counts in
            let open = Set(records.map(\.id))
            counts = counts.filter { open.contains($0.key) }
            for record in records {
                guard case .uncertain(let since) = record.state else { continue }
                let done = counts[record.id, default: 0]
                guard ReportSchedule.searches(since: since, wait: wait, now: now) > done else { continue }
                counts[record.id] = ReportSchedule.searches(since: since, wait: wait, now: now)
                return (record, since)
            }
            return nil
        }
    }

    /// Takes back what `next` counted: the search could not be made.
    func forget(_ id: CommandID) { counts.withLock { $0[id] = nil } }
}
