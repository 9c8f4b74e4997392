import Bridge
import Contracts
import SMSCore
import ServiceLifecycle
import Vonage

/// What deals with receipts: those that come, those that do not, and those that are asked for.
struct ReceiptParts {
    let webhooks: WebhookFlow
    /// What messages came to, and what they have cost.
    let ends: EndLedger
    /// nil where the provider is not asked.
    let reportsState: ReportsState?
    /// Publishes what is overdue, and asks the provider.
    let worker: ReceiptWorker
    private let reports: VonageReports?

    init(
        settings: Settings,
        store: any Store,
        wiring: Wiring,
        onProved: @escaping @Sendable (CommandID) -> Void,
        clock: ServiceClock
    ) {
        let logger = wiring.logger
        ends = EndLedger()
        webhooks = wiring.webhookFlow(
            reader: VonageWebhookReader(policy: settings.webhooks),
            keywords: OptOutKeywords(settings.optOut),
            scope: settings.optOut.scope,
            replies: (settings.optOut.replies, settings.optOut.replyPause),
            ends: ends,
            onProved: onProved,
            onStep: FailPoint.hook()
        )
        let account = settings.receipts.reconciling == .reports ? settings.provider.account : nil
        reports = account.map {
            VonageReports(
                apiURL: settings.provider.apiURL,
                apiKey: $0.apiKey,
                apiSecret: $0.apiSecret,
                logger: logger
            )
        }
        let overdue = OverdueWorker(
            store: store,
            flow: webhooks,
            limit: settings.overdueAfter,
            isReconciling: reports != nil,
            // A clock that is ahead would have everything overdue at once.
            now: { clock.trust() == .wrong ? nil : .now },
            logger: logger
        )
        guard let reports else {
            reportsState = nil
            worker = ReceiptWorker(overdue: overdue, asking: nil)
            return
        }
        let state = ReportsState()
        reportsState = state
        let asking = ReportsWorker(
            ReportsWorker.Parts(reports: reports, store: store, flow: webhooks, state: state, logger: logger),
            budget: settings.receipts.reconcileBudget,
            uncertainWait: settings.retry.uncertainWait
        )
        worker = ReceiptWorker(overdue: overdue, asking: asking)
    }

    /// Closes the connections to the Reports API.
    func shutdown() async { await reports?.shutdown() }
}

/// Both workers of receipts that do not come, as one service.
struct ReceiptWorker: Service {
    let overdue: OverdueWorker
    /// nil where the provider is not asked.
    let asking: ReportsWorker?

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await overdue.run() }
            if let asking { group.addTask { try await asking.run() } }
        }
    }
}
