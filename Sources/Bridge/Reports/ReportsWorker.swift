package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Asks the provider what became of messages that are overdue, and of requests without an answer (`RECONCILE=reports`).
///
/// At most ``ReceiptReportsLimit/ids`` ids in a request and five requests a second, within a day's budget of records.
/// What the provider says is an ordinary receipt: it settles what it proves, and nothing else does.
package struct ReportsWorker: Service {
    /// What it works with.
    package struct Parts: Sendable {
        package var reports: any ReceiptReports
        package var store: any OverdueStore
        package var flow: WebhookFlow
        package var state: ReportsState
        package var logger: Logger

        /// The parts, from the composition root.
        package init(
            reports: any ReceiptReports,
            store: any OverdueStore,
            flow: WebhookFlow,
            state: ReportsState,
            logger: Logger
        ) {
            self.reports = reports
            self.store = store
            self.flow = flow
            self.state = state
            self.logger = logger
        }
    }

    /// A claim outlives the longest request and the pauses before it.
    private static let lease: Duration = .seconds(120)

    let parts: Parts
    let budget: Int
    let uncertainWait: Duration
    let now: @Sendable () -> Timestamp
    private let clock: any Clock<Duration>
    private let interval: Duration
    let searched = SearchedCommands()

    /// A worker.
    ///
    /// - Parameters:
    ///   - parts: what it works with.
    ///   - budget: records a day.
    ///   - uncertainWait: `UNCERTAIN_WAIT`: how long commands without an answer wait to be settled.
    ///   - now: the wall-clock time.
    ///   - clock: what the pauses run on.
    ///   - interval: between two looks when there was nothing to ask (default: 2 s).
    package init(
        _ parts: Parts,
        budget: Int,
        uncertainWait: Duration,
        now: @escaping @Sendable () -> Timestamp = { .now },
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(2)
    ) {
        self.parts = parts
        self.budget = budget
        self.uncertainWait = uncertainWait
        self.now = now
        self.clock = clock
        self.interval = interval
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let pause = await step()
                do { try await clock.sleep(for: pause ?? interval) } catch { return }
            }
        }
    }

    /// Makes one request, where there is something to ask.
    ///
    /// - Returns: how long to wait before the next; nil when there was nothing to ask.
    func step() async -> Duration? {
        do {
            if let pause = try await searchUncertain() { return pause }
            return try await askOverdue()
        } catch is CancellationError {
            return nil
        } catch {
            parts.logger.error(
                "receipts could not be asked for",
                metadata: [BridgeLogKey.error.rawValue: "\(error)"]
            )
            BridgeMetrics.stepFailures("ask for receipts").increment()
            return nil
        }
    }

    private func askOverdue() async throws -> Duration? {
        let now = now()
        let day = ReportSchedule.day(of: now)
        let due = try await parts.store.claimOverdue(limit: ReceiptReportsLimit.ids, now: now, lease: Self.lease)
        guard !due.isEmpty else { return nil }
        // Taken before the request, so that a crash in between cannot exceed the budget.
        let granted = try await parts.store.takeReports(due.count, of: budget, day: day)
        guard granted > 0 else { return spent() }
        let claimed = Array(due.prefix(granted))
        let answer = await parts.reports.receipts(of: claimed.map(\.messageUUID))
        try await parts.store.correctReports(by: answer.recordCount - granted, day: day)
        guard let reports = try await take(answer) else {
            if case .refused = answer { try await noteAsked(claimed, knowing: [], now: now) }
            return pause(after: answer)
        }
        try await noteAsked(claimed, knowing: reports, now: now)
        return ReportSchedule.pace
    }

    /// What came to no end is asked about again, some times.
    private func noteAsked(_ claimed: [AwaitedReceipt], knowing reports: [ReceiptReport], now: Timestamp) async throws {
        let ended = Set(reports.filter { StatusEvent.finalStatuses.contains($0.status) }.map(\.messageUUID))
        for awaited in claimed where !ended.contains(awaited.messageUUID) {
            let next = ReportSchedule.next(afterAsks: awaited.asks + 1, now: now)
            try await parts.store.noteAsked(awaited.messageUUID, askAt: next)
        }
    }

    /// Publishes what an answer says.
    ///
    /// - Returns: the receipts in it; nil for an answer without.
    func take(_ answer: ReportsAnswer) async throws -> [ReceiptReport]? {
        BridgeMetrics.reportRequests(answer.label).increment()
        guard case .receipts(let reports, _) = answer else { return nil }
        _ = parts.state.note(.well)
        // What the spool has no room for is asked for again when its claim is over.
        for report in reports where try await !parts.flow.take(reported: report) { return nil }
        return reports
    }

    /// How long to wait after an answer without receipts; the log says so when it is news.
    func pause(after answer: ReportsAnswer) -> Duration {
        let standing: ReportsState.Standing
        switch answer {
        case .receipts: return ReportSchedule.pause(afterFailures: 1)
        case .noAccess(let problem): standing = .noAccess(problem)
        case .refused(let problem):
            let status = problem.status.map(String.init) ?? "?"
            standing = .failing("it refuses the request (\(status) \(problem.title ?? ""))")
        case .later(let reason, _): standing = .failing(reason)
        }
        let (isNews, failures) = parts.state.note(standing)
        if isNews, let detail = parts.state.detail {
            parts.logger.error("receipts cannot be asked for", metadata: [BridgeLogKey.error.rawValue: "\(detail)"])
        }
        switch answer {
        case .noAccess: return ReportSchedule.noAccessPause
        case .later(_, let pause?): return min(max(pause, ReportSchedule.pace), .seconds(300))
        default: return ReportSchedule.pause(afterFailures: failures)
        }
    }

    /// The day's budget is used up: a message waits until tomorrow.
    func spent() -> Duration {
        if parts.state.note(.budgetSpent).isNews, let detail = parts.state.detail {
            parts.logger.warning("receipts are not asked for", metadata: [BridgeLogKey.error.rawValue: "\(detail)"])
        }
        return .seconds(60)
    }
}

extension ReportsAnswer {
    /// What was paid for.
    var recordCount: Int {
        if case .receipts(_, let records) = self { records } else { 0 }
    }

    /// A word from a closed set, for metrics.
    var label: String {
        switch self {
        case .receipts: "answered"
        case .noAccess: "no_access"
        case .refused: "refused"
        case .later: "failed"
        }
    }

    /// Every ``label``.
    static let labels = ["answered", "no_access", "refused", "failed"]
}
