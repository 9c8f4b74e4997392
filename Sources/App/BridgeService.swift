package import AMQP
import Bridge
import Contracts
import FoundationEssentials
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

        var services: [any Service] = [publishing, consuming, StoreSweeper(store: store, logger: logger)]
        for lane in Lane.allCases {
            let consumer = try await consuming.consume(
                queue: names.queue(of: lane),
                prefetch: settings.sending.concurrency
            )
            services.append(
                OutboundWorker(
                    source: LaneSource(consumer: consumer),
                    flow: flow,
                    grace: settings.shutdownGrace,
                    logger: logger
                )
            )
            services.append(ReadyNotice(consumer: consumer, logger: logger))
        }
        // Started in this order, stopped in the reverse one: the intake first, the connections last.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0, successTerminationBehavior: .ignore) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
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
