import AMQP
package import Bridge
import Contracts
import CoreMetrics
import FoundationEssentials
import HTTPAPI
package import Logging
import SMSCore
import ServiceLifecycle
import StoreSQLite
import Telemetry
import Vonage

/// The composition root of `serve`: builds every part from the settings and runs them until a signal.
package struct BridgeService: Sendable {
    private let settings: Settings
    private let configuration: [ConfigurationValue]
    private let logger: Logger

    /// A service that is not running yet; the configuration is what its page shows of the settings.
    package init(settings: Settings, configuration: [ConfigurationValue] = [], logger: Logger) {
        self.settings = settings
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT, then drains; a second signal ends at once.
    ///
    /// - Throws: when the store cannot be opened or the credentials are unusable; the service waits for a
    ///   broker or a provider that is down, and for the end of another process that serves the same store.
    package func run() async throws {
        guard let credentials = settings.provider.credentials else {
            throw ConfigurationError([ConfigurationProblem("VONAGE_API_KEY", "no credentials are configured")])
        }
        let signals = ShutdownSignals(logger: logger)
        try await signals.during { try await run(credentials, until: signals) }
    }

    private func run(_ credentials: VonageCredentials, until signals: ShutdownSignals) async throws {
        let standby = Standby(settings: settings, signals: signals, logger: logger)
        guard let store = try await standby.openStore() else { return }
        let client = try VonageClient(
            configuration: VonageClientConfiguration(
                credentials: credentials,
                apiURL: settings.provider.apiURL,
                concurrency: settings.sending.concurrency,
                timeout: settings.sending.timeout
            ),
            logger: logger,
            onDate: { WallClock.isShown(elsewhere: Timestamp($0)) }
        )
        let result: Result<Void, any Error>
        do {
            try await ClockCheck(store: store, ask: { await client.askTime() }, logger: logger).run()
            try await serve(store: store, client: client, until: signals)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try await store.close()
        try result.get()
        logger.info("stopped")
    }

    private func serve(store: SQLiteStore, client: VonageClient, until signals: ShutdownSignals) async throws {
        if settings.provider.isInClear {
            logger.warning(
                "credentials and messages go to the provider unencrypted: set VONAGE_API_URL to an https:// URL",
                metadata: ["url": "\(settings.provider.apiURL)"]
            )
        }
        let executor = FlowExecutor(name: "commands")
        defer { executor.end() }
        let names = BrokerNames(prefix: settings.broker.prefix)
        let isDeclaring = settings.broker.isDeclaring
        let consuming = AMQPConnection(
            configuration: .consuming(settings.broker),
            topology: BrokerTopology.of(names, isDeclaring: isDeclaring),
            // Where nothing may be declared, the lock on the store alone keeps a second process out.
            locks: isDeclaring ? [names.instance] : [],
            logger: logger
        )
        let publishing = AMQPConnection(configuration: .publishing(settings.broker), logger: logger)
        let retrier = Retrier(logger: logger)
        let events = EventTap(names: names)
        let spans = SpanQueue()
        let export = TraceExport(settings.traces, spans, logger: logger)
        let traces = export.map { _ in ServiceTraces(spans, prefix: names.prefix) }
        let outlet = Outlet(
            publisher: BrokerPublisher(connection: publishing),
            // The provider is answered within 3 s, so an event that is not confirmed by then is spooled.
            promptPublisher: BrokerPublisher(connection: publishing, timeout: .milliseconds(1_500)),
            spool: store,
            names: names,
            retrier: retrier,
            logger: logger,
            tap: events
        )
        try await outlet.prepare()
        // The listener's gap is known before the first command is handled.
        try await store.noteListening(at: .now, tolerance: .zero)

        let lanes = try await Lane.allCases.asyncMap { lane in
            try await consuming.consume(
                queue: names.queue(of: lane),
                prefetch: settings.sending.prefetch,
                bodyLimitBytes: Settings.Sending.bodyLimitBytes
            )
        }
        let dues = try await Lane.allCases.asyncMap { lane in
            try await consuming.consume(
                queue: names.dueQueue(of: lane),
                prefetch: settings.sending.prefetch,
                bodyLimitBytes: Settings.Sending.bodyLimitBytes
            )
        }
        let cancels = try await consuming.consume(
            queue: names.cancel,
            prefetch: 16,
            bodyLimitBytes: Settings.Sending.bodyLimitBytes
        )
        let board = OutcomeBoard()
        let gateway = try await CommandGateway(connection: consuming, board: board, logger: logger)
        let sendFlow = SendFlow(
            SendFlow.Parts(
                // A client over HTTP is answered 503 rather than kept waiting.
                publisher: BrokerPublisher(connection: publishing, timeout: .seconds(5)),
                replies: gateway,
                board: board,
                messages: store,
                receipts: store,
                logger: logger
            ),
            names: names,
            defaultSender: settings.provider.defaultSender
        )
        let intake = try await consuming.consume(
            queue: names.campaign,
            prefetch: 4,
            bodyLimitBytes: 4 * CampaignCommand.Limit.bodyBytes
        )
        let clock = ServiceClock { client.clockOffset }
        let sweepTime = SweepTime(log: store, trust: { clock.trust() })
        let boot = BootID.random()
        let campaigns = CampaignParts(
            settings: settings,
            names: names,
            store: store,
            outlet: outlet,
            time: sweepTime,
            boot: boot,
            retrier: retrier,
            logger: logger
        )
        let outbound = OutboundParts(
            settings: settings,
            names: names,
            store: store,
            sender: client,
            outlet: outlet,
            campaigns: campaigns.ledger,
            boot: boot,
            retrier: retrier,
            traces: traces,
            logger: logger
        )
        let announcer = OptOutAnnouncer(store: store, names: names, outlet: outlet, logger: logger)
        let failures = FailureNotes(log: store, logger: logger)
        let receipts = ReceiptParts(
            settings: settings,
            names: names,
            store: store,
            failures: failures,
            outlet: outlet,
            announcer: announcer,
            onProved: outbound.proofs.publish,
            traces: traces,
            clock: clock,
            logger: logger
        )
        let draining = DrainFlag()
        let underWay = CommandsUnderWay()
        BridgeMetrics.webhooksAreVerified().record(settings.webhooks.verifiesAnything ? 1 : 0)
        let health = ServiceHealth(
            consuming: consuming,
            publishing: publishing,
            consumers: lanes + dues + [intake, cancels],
            gate: outbound.gate,
            probe: StoreProbe(store),
            spool: store,
            clock: clock,
            draining: draining,
            isVerifyingWebhooks: settings.webhooks.verifiesAnything,
            reports: receipts.reportsState
        )
        let queues = BrokerQueues(connection: consuming, consumers: lanes + dues + [intake, cancels], names: names)
        let metrics = ServiceMetrics(
            ServiceMetrics.Parts(
                registry: Observability.metrics,
                consuming: consuming,
                publishing: publishing,
                queues: queues,
                gate: outbound.gate,
                outbound: outbound.flow,
                messages: store,
                spool: store,
                overdue: store,
                ends: receipts.ends,
                campaigns: store,
                underWay: underWay,
                storePath: settings.store.path,
                health: health,
                logger: logger
            )
        )

        let desk = MessageDesk(messages: store, receipts: store)
        let console = ServiceConsole(
            desk: desk,
            search: store,
            letters: DeadLetterDesk(settings.broker),
            figures: ServiceOverview(
                ServiceOverview.Parts(
                    health: health,
                    gate: outbound.gate,
                    outlet: outlet,
                    messages: store,
                    desk: desk,
                    queues: queues,
                    events: events,
                    logger: logger
                )
            ),
            configuration: configuration,
            events: events
        )

        // Started in this order, stopped in the reverse one: first the intake of commands, then the listener (receipts
        // of what is in flight still come), then what both publish through.
        var services: [any Service] = [
            publishing, consuming,
            StoreSweeper(
                store: store,
                receipts: store,
                campaigns: store,
                time: sweepTime,
                retention: settings.store.retention,
                logger: logger
            ),
            SpoolWorker(outlet: outlet, logger: logger),
            OptOutWorker(announcer: announcer, logger: logger),
            outbound.proofs,
            receipts.worker,
            gateway,
            httpServer(
                webhooks: receipts.webhooks,
                health: health,
                metrics: metrics,
                api: APIParts(
                    messages: sendFlow,
                    campaigns: CampaignDesk(
                        flow: campaigns.flow,
                        publisher: BrokerPublisher(connection: publishing, timeout: .seconds(5))
                    ),
                    optOuts: OptOutDesk(store: store, announcer: announcer),
                    console: console
                )
            ),
            ListenerBeat(log: store, failures: failures, logger: logger),
            outbound.gate,
            campaigns.worker,
            CommandWorker(
                sources: [LaneSource(consumer: intake, names: names, logger: logger)],
                grace: settings.shutdownGrace,
                logger: logger,
                handle: campaigns.flow.handle
            ),
            CommandWorker(
                sources: [LaneSource(consumer: cancels, names: names, logger: logger)],
                grace: settings.shutdownGrace,
                logger: logger,
                handle: outbound.cancelFlow.handle
            ),
            CommandWorker(
                sources: (lanes + dues).map { LaneSource(consumer: $0, names: names, logger: logger) },
                grace: settings.shutdownGrace,
                executor: executor,
                logger: logger,
                handle: { try await underWay.during($0, outbound.flow.handle) },
                onStopped: outbound.gate.close
            ),
            ReadinessWatch(health: health, logger: logger),
            ReadyNotice(consumers: lanes + dues + [intake, cancels], logger: logger),
            draining,
        ]
        // The traces of what ends last go last.
        if let export { services.insert(export, at: 0) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0, successTerminationBehavior: .ignore) } + [signals.service],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            await receipts.shutdown()
            throw error
        }
        await receipts.shutdown()
    }

    private func httpServer(
        webhooks: WebhookFlow,
        health: ServiceHealth,
        metrics: ServiceMetrics,
        api: APIParts
    ) -> HTTPServer {
        if !settings.webhooks.verifiesAnything {
            logger.warning(
                "webhooks are not verified: set VONAGE_SIGNATURE_SECRET, WEBHOOK_TOKEN or WEBHOOK_ALLOWED_IPS"
            )
        }
        logAccess()
        return HTTPServer(
            configuration: HTTPServerConfiguration(settings.http),
            webhooks: webhooks,
            health: health,
            api: api,
            metrics: metrics.text,
            logger: logger
        )
    }

    /// Says once who is served by the API, where that is not decided by keys alone.
    private func logAccess() {
        switch (hasKeys: !settings.http.apiKeys.isEmpty, servesLoopback: settings.http.servesLoopback) {
        case (true, false):
            break
        case (true, true):
            logger.notice("API_LOOPBACK has no effect: with API_KEYS every request to the API needs a key")
        case (false, true):
            logger.warning(
                """
                the API is served without keys to clients on this host (API_LOOPBACK): for development, never behind a \
                proxy or a tunnel
                """
            )
        case (false, false):
            logger.notice("the API answers 403 to all requests: \(HTTPServerConfiguration.openingAdvice)")
        }
    }
}

extension HTTPServerConfiguration {
    /// Where and for whom the configuration says.
    init(_ http: Settings.HTTP) {
        self.init(
            host: http.host,
            port: http.port,
            webhookPort: http.webhookPort,
            apiKeys: http.apiKeys,
            servesLoopback: http.servesLoopback,
            trustedProxies: http.trustedProxies,
            apiRate: http.apiRate
        )
    }
}

extension Sequence {
    /// Maps one element after the other.
    fileprivate func asyncMap<Mapped>(_ transform: (Element) async throws -> Mapped) async rethrows -> [Mapped] {
        var mapped: [Mapped] = []
        for element in self { mapped.append(try await transform(element)) }
        return mapped
    }
}
