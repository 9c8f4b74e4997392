package import AMQP
import Bridge
import Contracts
import FoundationEssentials
import HTTPAPI
package import Logging
import SMSCore
import ServiceLifecycle
import StoreSQLite
import UnixSignals
import Vonage

/// The composition root of `serve`: builds every part from the settings and runs them until a signal.
package struct BridgeService: Sendable {
    private let settings: Settings
    private let logger: Logger

    /// A service that is not running yet.
    package init(settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT, then drains.
    ///
    /// - Throws: when the store cannot be opened or the credentials are unusable; trouble with the broker or the
    ///   provider is waited for instead.
    package func run() async throws {
        guard let credentials = settings.provider.credentials else {
            throw ConfigurationError([ConfigurationProblem("VONAGE_API_KEY", "no credentials are configured")])
        }
        let store = try SQLiteStore(path: settings.store.path)
        let client = try VonageClient(
            configuration: VonageClientConfiguration(
                credentials: credentials,
                apiURL: settings.provider.apiURL,
                concurrency: settings.sending.concurrency,
                timeout: settings.sending.timeout
            ),
            logger: logger
        )
        let result: Result<Void, any Error>
        do {
            try await serve(store: store, client: client)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try await store.close()
        try result.get()
        logger.info("stopped")
    }

    private func serve(store: SQLiteStore, client: VonageClient) async throws {
        let names = BrokerNames(prefix: settings.broker.prefix)
        let consuming = AMQPConnection(
            configuration: .consuming(settings.broker),
            topology: BrokerTopology.of(names, isDeclaring: settings.broker.isDeclaring),
            logger: logger
        )
        let publishing = AMQPConnection(configuration: .publishing(settings.broker), logger: logger)
        let flow = outboundFlow(store: store, client: client, publishing: publishing, names: names)
        let outlet = EventOutlet(
            // The provider is answered within 3 s, so an event that is not confirmed by then is spooled.
            publisher: BrokerPublisher(connection: publishing, timeout: .milliseconds(1_500)),
            spool: store,
            logger: logger
        )
        try await outlet.prepare()
        let draining = DrainFlag()
        var consumers: [Lane: AMQPConsumer] = [:]
        for lane in Lane.allCases {
            consumers[lane] = try await consuming.consume(
                queue: names.queue(of: lane),
                prefetch: settings.sending.concurrency
            )
        }
        let health = ServiceHealth(
            consuming: consuming,
            publishing: publishing,
            consumers: Lane.allCases.compactMap { consumers[$0] },
            messages: store,
            spool: store,
            draining: draining,
            isVerifyingWebhooks: settings.webhooks.verifiesAnything
        )

        // Started in this order, stopped in the reverse one: first the intake of commands, then the listener (receipts of
        // what is in flight still come), then what both publish through.
        var services: [any Service] = [
            publishing, consuming,
            StoreSweeper(store: store, receipts: store, retention: settings.store.retention, logger: logger),
            SpoolWorker(outlet: outlet, logger: logger),
            httpServer(store: store, outlet: outlet, health: health, names: names),
        ]
        for (lane, consumer) in consumers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            services.append(
                OutboundWorker(
                    source: LaneSource(consumer: consumer),
                    flow: flow,
                    grace: settings.shutdownGrace,
                    logger: logger
                )
            )
            services.append(ReadyNotice(consumer: consumer, lane: lane, logger: logger))
        }
        services.append(draining)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0, successTerminationBehavior: .ignore) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    private func httpServer(
        store: SQLiteStore,
        outlet: EventOutlet,
        health: ServiceHealth,
        names: BrokerNames
    ) -> HTTPServer {
        if !settings.webhooks.verifiesAnything {
            logger.warning(
                "webhooks are not verified: set VONAGE_SIGNATURE_SECRET, WEBHOOK_TOKEN or WEBHOOK_ALLOWED_IPS"
            )
        }
        return HTTPServer(
            configuration: HTTPServerConfiguration(
                host: settings.http.host,
                port: settings.http.port,
                webhookPort: settings.http.webhookPort
            ),
            webhooks: WebhookFlow(
                WebhookFlow.Parts(
                    verifier: WebhookVerifier(policy: settings.webhooks),
                    messages: store,
                    receipts: store,
                    outlet: outlet,
                    logger: logger
                ),
                names: names,
                retention: settings.store.retention
            ),
            health: health,
            logger: logger
        )
    }

    private func outboundFlow(
        store: SQLiteStore,
        client: VonageClient,
        publishing: AMQPConnection,
        names: BrokerNames
    ) -> OutboundFlow {
        let insistence = Insistence(logger: logger)
        let teller = OutboundTeller(
            publisher: BrokerPublisher(connection: publishing),
            names: names,
            insistence: insistence,
            logger: logger
        )
        return OutboundFlow(
            OutboundFlow.Parts(
                store: store,
                sender: VonageSender(client: client),
                teller: teller,
                insistence: insistence,
                logger: logger
            ),
            policy: OutboundFlow.Policy(
                names: names,
                defaultSender: settings.provider.defaultSender,
                schedule: RetrySchedule(
                    maxAttempts: settings.retry.maxAttempts,
                    delays: settings.retry.delays,
                    maxAge: settings.retry.maxAge
                ),
                retention: settings.store.retention,
                boot: BootID(UUID().uuidString.lowercased())
            )
        )
    }
}

extension AMQPConfiguration {
    /// The connection that consumes; a broker in alarm does not stop its acks.
    package static func consuming(_ broker: Settings.Broker) -> AMQPConfiguration {
        named("sms-bridge consume", broker)
    }

    /// The connection that publishes.
    package static func publishing(_ broker: Settings.Broker) -> AMQPConfiguration {
        named("sms-bridge publish", broker)
    }

    /// A connection of a command-line tool.
    package static func tool(_ name: String, _ broker: Settings.Broker) -> AMQPConfiguration {
        named("sms-bridge \(name)", broker)
    }

    private static func named(_ name: String, _ broker: Settings.Broker) -> AMQPConfiguration {
        var configuration = AMQPConfiguration(endpoints: broker.endpoints, connectionName: name)
        configuration.heartbeat = broker.heartbeat
        return configuration
    }
}
