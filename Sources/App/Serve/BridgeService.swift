import AMQP
package import Bridge
import Contracts
import CoreMetrics
import FoundationEssentials
import HTTPAPI
package import Logging
import SMSCore
import ServiceLifecycle
import Telemetry
import Vonage

/// The composition root of `serve`: builds every part from the settings and runs them until a signal.
package struct BridgeService: Sendable {
    let settings: Settings
    private let configuration: [ConfigurationValue]
    let logger: Logger

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
        let boot = BootID.random()
        let standby = Standby(settings: settings, boot: boot, signals: signals, logger: logger)
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
            try await serve(store: store, boot: boot, client: client, until: signals)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try await store.close()
        try result.get()
        logger.info("stopped")
    }

    private func serve(
        store: any Store,
        boot: BootID,
        client: VonageClient,
        until signals: ShutdownSignals
    ) async throws {
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
            // Where nothing may be declared, the lock on the store alone keeps a second process out; replicas that share a
            // store need none.
            locks: isDeclaring && !settings.store.isShared ? [names.instance] : [],
            logger: logger
        )
        let publishing = AMQPConnection(configuration: .publishing(settings.broker), logger: logger)
        let events = EventTap(names: names)
        let spans = SpanQueue()
        let export = TraceExport(settings.traces, spans, logger: logger)
        let wiring = Wiring(
            store: store,
            publisher: BrokerPublisher(connection: publishing),
            // The provider is answered within 3 s, so an event that is not confirmed by then is spooled.
            promptPublisher: BrokerPublisher(connection: publishing, timeout: .milliseconds(1_500)),
            policy: OutboundFlow.Policy(settings, names: names, boot: boot),
            replicas: store as? any ReplicaStore,
            tap: events,
            traces: export.map { _ in ServiceTraces(spans, prefix: names.prefix) },
            logger: logger
        )
        // From here on others know that this process lives, and leave its attempts alone.
        try await wiring.replicas?.beat()
        try await wiring.outlet.prepare()
        // The listener's gap is known before the first command is handled.
        let tolerance = ListenerBeat.toleranceAtStart(isAlone: wiring.replicas == nil)
        try await store.noteListening(at: .now, tolerance: tolerance)

        let consumers = try await Consumers(consuming, names: names, prefetch: settings.sending.prefetch)
        let board = OutcomeBoard()
        let gateway = try await CommandGateway(connection: consuming, board: board, logger: logger)
        // A client over HTTP is answered 503 rather than kept waiting.
        let clientPublisher = BrokerPublisher(connection: publishing, timeout: .seconds(5))
        let sendFlow = SendFlow(
            SendFlow.Parts(
                publisher: clientPublisher,
                replies: gateway,
                board: board,
                messages: store,
                receipts: store,
                logger: logger
            ),
            names: names,
            defaultSender: settings.provider.defaultSender
        )
        let clock = ServiceClock { client.clockOffset }
        let sweepTime = SweepTime(log: store, trust: { clock.trust() })
        let campaigns = CampaignParts(settings: settings.sending, wiring: wiring, time: sweepTime)
        let outbound = OutboundParts(settings: settings.sending, wiring: wiring, sender: client)
        let receipts = ReceiptParts(
            settings: settings,
            store: store,
            wiring: wiring,
            onProved: outbound.proofs.publish,
            clock: clock
        )
        let draining = DrainFlag()
        let underWay = CommandsUnderWay()
        let isVerifying = settings.webhooks.verifiesAnything
        BridgeMetrics.webhooksAreVerified().record(isVerifying ? 1 : 0)
        let views = ServiceViews(
            ServiceViews.Parts(
                settings: settings,
                configuration: configuration,
                isVerifying: isVerifying,
                store: store,
                consuming: consuming,
                publishing: publishing,
                consumers: consumers.all,
                wiring: wiring,
                outbound: outbound,
                receipts: receipts,
                events: events,
                clock: clock,
                draining: draining,
                underWay: underWay
            )
        )
        func worker(
            of consumers: [AMQPConsumer],
            executor: FlowExecutor? = nil,
            onStopped: @escaping @Sendable () -> Void = {},
            _ handle: @escaping @Sendable (CommandDelivery) async throws -> Void
        ) -> CommandWorker {
            CommandWorker(
                sources: consumers.map { LaneSource(consumer: $0, names: names, logger: logger) },
                grace: settings.shutdownGrace,
                executor: executor,
                logger: logger,
                handle: handle,
                onStopped: onStopped
            )
        }

        // Started in this order, stopped in the reverse one: first the intake of commands, then the listener (receipts
        // of what is in flight still come), then what both publish through.
        var services: [any Service] = [publishing, consuming]
        if let replicas = wiring.replicas {
            services.append(ReplicaBeat(replicas: replicas, outlet: wiring.outlet, logger: logger))
        }
        services += [
            StoreSweeper(
                store: store,
                receipts: store,
                campaigns: store,
                time: sweepTime,
                retention: settings.store.retention,
                logger: logger
            ),
            SpoolWorker(outlet: wiring.outlet, logger: logger),
            OptOutWorker(announcer: wiring.announcer, replicas: wiring.replicas, logger: logger),
            outbound.proofs,
            receipts.worker,
            gateway,
            httpServer(
                webhooks: receipts.webhooks,
                isVerifying: isVerifying,
                health: views.health,
                metrics: views.metrics,
                api: APIParts(
                    messages: sendFlow,
                    campaigns: CampaignDesk(flow: campaigns.flow, publisher: clientPublisher),
                    optOuts: OptOutDesk(store: store, announcer: wiring.announcer),
                    console: views.console
                )
            ),
            ListenerBeat(log: store, failures: wiring.failures, logger: logger),
            outbound.gate,
            campaigns.worker,
            worker(of: [consumers.campaigns], campaigns.flow.handle),
            worker(of: [consumers.cancels], outbound.cancelFlow.handle),
            worker(of: consumers.lanes, executor: executor, onStopped: outbound.gate.close) {
                try await underWay.during($0, outbound.flow.handle)
            },
            ReadinessWatch(health: views.health, logger: logger),
            ReadyNotice(consumers: consumers.all, logger: logger),
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
}
