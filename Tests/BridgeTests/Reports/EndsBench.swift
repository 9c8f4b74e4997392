import Contracts
import Foundation
import Logging
import SMSCore
import StoreSQLite
import Synchronization
import TestSupport

@testable import Bridge

/// A provider that knows how every message ended, and counts what it is asked.
final class ScriptedReports: ReceiptReports {
    private struct State {
        var ends: [String: ReceiptReport] = [:]
        var answers: [ReportsAnswer] = []
        var asked: [[String]] = []
        var searched: [String] = []
    }

    private let state = Mutex(State())

    var asked: [[String]] { state.withLock { $0.asked } }
    var searched: [String] { state.withLock { $0.searched } }

    func know(_ report: ReceiptReport) { state.withLock { $0.ends[report.messageUUID] = report } }

    /// Answers that come before any records.
    func answer(_ answers: [ReportsAnswer]) { state.withLock { $0.answers = answers } }

    func receipts(of messageUUIDs: [String]) async -> ReportsAnswer {
        state.withLock { state in
            state.asked.append(messageUUIDs)
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            let found = messageUUIDs.compactMap { state.ends[$0] }
            return .receipts(found, records: found.count)
        }
    }

    func receipts(to digits: String, from start: Timestamp, until end: Timestamp) async -> ReportsAnswer {
        state.withLock { state in
            state.searched.append(digits)
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            let found = state.ends.values.filter { $0.to == digits }
            return .receipts(Array(found), records: found.count)
        }
    }
}

/// The flow of receipts and its workers over a store; time passes only when a test moves it.
final class EndsBench<Store: Wiring.FlowStore & OverdueStore>: Sendable {
    static var start: Timestamp { Timestamp(milliseconds: 1_769_850_000_000) }

    let store: Store
    let publisher = RecordingPublisher()
    let reports: ScriptedReports
    let ends = EndLedger()
    let state = ReportsState()
    let flow: WebhookFlow
    private let time: Mutex<Timestamp>
    private let limit: Duration
    private let budget: Int

    init(
        _ store: Store,
        at moment: Timestamp = EndsBench.start,
        reports: ScriptedReports = ScriptedReports(),
        limit: Duration = .seconds(72 * 3_600),
        budget: Int = 1_000_000
    ) {
        self.store = store
        self.reports = reports
        self.limit = limit
        self.budget = budget
        time = Mutex(moment)
        flow = Wiring(
            store: store,
            publisher: publisher,
            policy: OutboundFlow.Policy(
                names: BrokerNames(),
                defaultSender: nil,
                decision: Decision.Policy(retention: .seconds(30 * 86_400)),
                boot: BootID("one")
            ),
            logger: .quiet
        )
        .webhookFlow(
            reader: ScriptedReader(),
            keywords: OptOutKeywords(stop: ["STOP"], start: ["START"]),
            ends: ends
        )
    }

    var now: Timestamp { time.withLock { $0 } }

    func pass(_ duration: Duration) { time.withLock { $0 = $0 + duration } }

    func overdueWorker(isReconciling: Bool = true) -> OverdueWorker {
        OverdueWorker(
            store: store,
            flow: flow,
            limit: limit,
            isReconciling: isReconciling,
            now: { [self] in now },
            logger: .quiet
        )
    }

    func reportsWorker() -> ReportsWorker {
        ReportsWorker(
            ReportsWorker.Parts(reports: reports, store: store, flow: flow, state: state, logger: .quiet),
            budget: budget,
            uncertainWait: .seconds(120),
            now: { [self] in now }
        )
    }

    /// Writes a command as accepted, as the outbound flow does.
    func accept(_ id: String, to digits: String = "14155550100", campaign: String? = nil) async throws {
        var facts = MessageFacts()
        facts.to = "+" + digits
        facts.from = "+14155550199"
        facts.campaignID = campaign
        facts.metadata = ["k": "v"]
        var record = MessageRecord(id: Samples.id(id), bodyDigest: "d", lane: .send, facts: facts, now: now)
        record.attempts = 1
        guard var saved = try await store.save(record) else { return }
        saved.state = .settled(Settlement(outcome: .accepted, messageUUID: "u-\(id)", error: nil, at: now))
        guard var settled = try await store.save(saved) else { return }
        settled.isPublished = true
        _ = try await store.save(settled)
    }

    /// A receipt of a command's message.
    func receipt(
        _ id: String,
        _ status: String,
        to digits: String = "14155550100",
        price: String? = "0.0333",
        code: String? = nil
    ) -> ReceiptReport {
        var report = ReceiptReport(
            messageUUID: "u-\(id)",
            to: digits,
            from: "14155550199",
            status: status,
            providerStatus: status
        )
        report.timestamp = Self.start + .milliseconds(1_234)
        report.reference = id
        report.usage = price.map { Usage(currency: "EUR", price: $0) }
        report.error = code.map { ReceiptError(code: $0, class: .unknown) }
        return report
    }

    /// The events of receipts, decoded.
    func events() throws -> [CloudEvent<StatusEvent>] {
        try publisher.published.filter { $0.exchange == "sms.status" }.map {
            try JSONDecoder().decode(CloudEvent<StatusEvent>.self, from: Data($0.body))
        }
    }
}
