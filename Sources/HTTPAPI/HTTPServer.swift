package import Bridge
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// What answers the requests of the API.
package struct APIParts: Sendable {
    package var messages: any SendAPI
    package var campaigns: (any CampaignAPI)?
    /// Nil while another process serves the list: then it is answered 503, for 404 would read as "not on the list".
    package var optOuts: OptOutDesk?
    /// What a page about the service shows; nil while another process serves, as above.
    package var console: (any ConsoleAPI)?

    /// The parts, from the composition root.
    package init(
        messages: any SendAPI,
        campaigns: (any CampaignAPI)? = nil,
        optOuts: OptOutDesk? = nil,
        console: (any ConsoleAPI)? = nil
    ) {
        self.messages = messages
        self.campaigns = campaigns
        self.optOuts = optOuts
        self.console = console
    }
}

/// The HTTP server: webhooks, health and the API, on one port or two.
///
/// On graceful shutdown it stops accepting, answers every request whose head it has read (with `Connection: close`),
/// closes idle connections at once, and ends when the last handler is done.
package struct HTTPServer: Service {
    /// A port that is being listened on.
    package struct Listening: Sendable, Equatable {
        /// Which of the two it is.
        package enum Listener: String, Sendable {
            /// The configured port; serves everything that no other port serves.
            case main
            /// The webhooks' own port.
            case webhooks
        }

        /// Which of the two it is.
        package let listener: Listener
        /// The port; where the configuration said 0, the one that the system gave.
        package let port: Int
    }

    private let configuration: HTTPServerConfiguration
    private let webhooks: WebhookRoutes
    private let access: AccessCheck
    private let health: HealthRoutes
    private let api: APIParts?
    private let metrics: (@Sendable () async -> String)?
    private let logger: Logger
    private let onListening: @Sendable (Listening) async -> Void

    /// A server that does not run yet.
    ///
    /// - Parameters:
    ///   - configuration: where to listen, and what a client may cost.
    ///   - webhooks: takes the webhooks.
    ///   - health: reports how the service is.
    ///   - api: answers the requests of the API; without it there is none.
    ///   - metrics: gives what `/metrics` shows; without it there is no such path.
    ///   - logger: for what is listened on, for limits that are met, and for method and path of requests that were
    ///     turned away; nothing else that a request said is ever logged.
    ///   - onListening: called for each port once it is listened on.
    package init(
        configuration: HTTPServerConfiguration,
        webhooks: any WebhookReceiver,
        health: any HealthSource,
        api: APIParts? = nil,
        metrics: (@Sendable () async -> String)? = nil,
        logger: Logger,
        onListening: @escaping @Sendable (Listening) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.webhooks = WebhookRoutes(receiver: webhooks, bodyLimit: configuration.limits.webhookBodyBytes)
        access = AccessCheck(configuration)
        self.health = HealthRoutes(health: health, access: access)
        self.api = api
        self.metrics = metrics
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// Cancellation ends the input of every connection and cancels the handlers.
    ///
    /// - Throws: the system's error when an address cannot be bound; then nothing is served.
    package func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for (listener, port, routes) in listeners() {
                group.addTask { try await serve(listener, port: port, routes: routes) }
            }
        }
    }

    /// What is served where.
    func listeners() -> [(Listening.Listener, port: Int, RouteTable)] {
        var main = RouteTable()
        health.addOverall(to: &main)
        // On both ports: an operator asks the one, a load balancer in front of the webhooks the other.
        health.addWebhooks(to: &main)
        ContractRoutes.add(to: &main)
        if let metrics { MetricsRoutes.add(to: &main, text: metrics) }
        if let api {
            let guarded = APIRoutes(configuration, access: access, logger: logger)
            MessageRoutes(api: api.messages).add(to: &main, through: guarded)
            InspectRoutes.add(to: &main, through: guarded)
            if let campaigns = api.campaigns { CampaignRoutes(api: campaigns).add(to: &main, through: guarded) }
            OptOutRoutes(desk: api.optOuts).add(to: &main, through: guarded)
            ConsoleRoutes(api: api.console, sends: api.messages).add(to: &main, through: guarded)
            EventStreamRoutes(tap: api.console?.events).add(to: &main, through: guarded)
            ConsolePageRoutes.add(to: &main)
        }
        guard let webhookPort = configuration.webhookPort else {
            webhooks.add(to: &main)
            return [(.main, configuration.port, main)]
        }
        var own = RouteTable()
        health.addWebhooks(to: &own)
        webhooks.add(to: &own)
        return [(.main, configuration.port, main), (.webhooks, webhookPort, own)]
    }

    private func serve(_ listener: Listening.Listener, port: Int, routes: RouteTable) async throws {
        // It is not known what would have come over a connection that was refused.
        let servesWebhooks = listener == .webhooks || configuration.webhookPort == nil
        let receiver: (any WebhookReceiver)? = servesWebhooks ? webhooks.receiver : nil
        let application = Application(
            responder: routes.responder(logger: logger),
            server: HTTPServerBuilder { [configuration, logger] responder in
                GuardedHTTP1Channel(
                    configuration,
                    deadlines: { routes.deadlines(of: $0, otherwise: configuration.limits.deadlines) },
                    logger: logger,
                    onRefused: { if let receiver { await receiver.missed() } },
                    responder: responder
                )
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: port),
                backlog: 1024
            ),
            onServerRunning: { channel in
                await announce(Listening(listener: listener, port: channel.localAddress?.port ?? port))
            },
            logger: quiet
        )
        try await application.run()
    }

    private func announce(_ listening: Listening) async {
        logger.info(
            "listening",
            metadata: [
                HTTPLogKey.listener: "\(listening.listener.rawValue)",
                HTTPLogKey.host: "\(configuration.host)",
                HTTPLogKey.port: .stringConvertible(listening.port),
            ]
        )
        await onListening(listening)
    }

    /// What Hummingbird logs with: below `warning` it quotes requests, and their query holds the webhooks' token.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}

/// Names itself and no more: its parts hold keys and tokens, and a service group logs the services that it runs.
extension HTTPServer: CustomStringConvertible {
    package var description: String { "HTTPServer" }
}
