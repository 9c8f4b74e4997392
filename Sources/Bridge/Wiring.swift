package import Contracts
package import Logging
package import SMSCore

/// What the flows of one process share, and the flows made of it: the service and the tests of the flows use the same.
package struct Wiring: Sendable {
    /// What the flows ask of a store.
    package typealias FlowStore = MessageStore & ReceiptStore & CampaignStore & OptOutStore & ReplyStore & EventSpool
        & ListenerLog

    package let outlet: Outlet
    package let retrier: Retrier
    /// Publishes the changes of the suppression list.
    package let announcer: OptOutAnnouncer
    /// Notes the webhooks that could not be taken.
    package let failures: FailureNotes
    private let store: any FlowStore
    /// The other processes that share the store; nil where there are none.
    package let replicas: (any ReplicaStore)?
    package let policy: OutboundFlow.Policy
    private let traces: (any TraceSink)?
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Timestamp
    package let logger: Logger

    /// A wiring; its outlet has to be prepared before the first message.
    ///
    /// - Parameters:
    ///   - store: keeps what has to outlast the process.
    ///   - publisher: waits for each confirm without a limit.
    ///   - promptPublisher: gives up early enough for a webhook to be answered; nil for `publisher`.
    ///   - policy: the rules that come from configuration.
    ///   - replicas: the other processes that share the store; nil where there are none.
    ///   - tap: sees what is published; nil where it is not looked at.
    ///   - traces: where traces go; nil makes none.
    ///   - clock: what short waits and the pauses between tries run on.
    ///   - now: the wall-clock time.
    ///   - logger: for all of them.
    package init(
        store: any FlowStore,
        publisher: any EventPublisher,
        promptPublisher: (any EventPublisher)? = nil,
        policy: OutboundFlow.Policy,
        replicas: (any ReplicaStore)? = nil,
        tap: EventTap? = nil,
        traces: (any TraceSink)? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Timestamp = { .now },
        logger: Logger
    ) {
        self.store = store
        self.policy = policy
        self.replicas = replicas
        self.traces = traces
        self.clock = clock
        self.now = now
        self.logger = logger
        retrier = Retrier(logger: logger, clock: clock)
        outlet = Outlet(
            publisher: publisher,
            promptPublisher: promptPublisher,
            spool: store,
            names: policy.names,
            retrier: retrier,
            logger: logger,
            tap: tap
        )
        announcer = OptOutAnnouncer(store: store, names: policy.names, outlet: outlet, logger: logger)
        failures = FailureNotes(log: store, logger: logger)
    }

    /// The path of a command.
    ///
    /// - Parameters:
    ///   - sender: the provider.
    ///   - gate: gives the slots.
    ///   - slices: this process' part of the rates; nil where it has them alone.
    ///   - onStep: called after each step.
    /// - Returns: the flow.
    package func outboundFlow(
        sender: any SMSSender,
        gate: SendGate,
        slices: RateSlices? = nil,
        onStep: @escaping OutboundStep.Hook = { _ in }
    ) -> OutboundFlow {
        OutboundFlow(
            OutboundFlow.Parts(
                store: store,
                listener: store,
                sender: sender,
                gate: gate,
                outlet: outlet,
                campaigns: CampaignLedger(store: store, retrier: retrier, logger: logger),
                replicas: replicas,
                slices: slices,
                retrier: retrier,
                logger: logger,
                now: now,
                onStep: onStep,
                traces: traces
            ),
            policy: policy,
            clock: clock
        )
    }

    /// The path of a campaign's messages; `onStep` is called after each step.
    package func campaignFlow(onStep: @escaping CampaignStep.Hook = { _ in }) -> CampaignFlow {
        CampaignFlow(
            CampaignFlow.Parts(
                store: store,
                messages: store,
                outlet: outlet,
                retrier: retrier,
                logger: logger,
                now: now,
                onStep: onStep
            ),
            policy: CampaignFlow.Policy(
                names: policy.names,
                defaultSender: policy.defaultSender,
                retention: policy.decision.retention,
                boot: policy.boot,
                keepsWindows: !policy.decision.windows.isEmpty
            )
        )
    }

    /// The path of a webhook.
    ///
    /// - Parameters:
    ///   - reader: the provider's.
    ///   - keywords: what opts out, in, and asks for help.
    ///   - scope: whom a STOP is for.
    ///   - replies: what is answered to keywords, and how long not again; nil answers none.
    ///   - ends: counts what messages came to.
    ///   - onProved: called when a receipt has settled a command that waits in the broker.
    ///   - onStep: called after each step of a handset's message.
    /// - Returns: the flow.
    package func webhookFlow(
        reader: any WebhookReader,
        keywords: OptOutKeywords,
        scope: OptOutScope = .sender,
        replies: (texts: ReplyTexts, pause: Duration)? = nil,
        ends: EndLedger = EndLedger(),
        onProved: @escaping @Sendable (CommandID) -> Void = { _ in },
        onStep: @escaping InboundStep.Hook = { _ in }
    ) -> WebhookFlow {
        WebhookFlow(
            WebhookFlow.Parts(
                reader: reader,
                messages: store,
                receipts: store,
                optOuts: InboundOptOuts(store: store, keywords: keywords, scope: scope, announcer: announcer),
                replies: replies.map {
                    KeywordReplies(store: store, texts: $0.texts, pause: $0.pause, outlet: outlet)
                },
                failures: failures,
                outlet: outlet,
                replicas: replicas,
                logger: logger,
                ends: ends,
                onProved: onProved,
                now: now,
                onStep: onStep,
                traces: traces
            ),
            names: policy.names,
            retention: policy.decision.retention,
            privacy: policy.privacy
        )
    }
}
