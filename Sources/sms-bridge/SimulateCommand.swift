import App
import ArgumentParser
import Logging
import ServiceLifecycle
import Tools
import UnixSignals
import VonageSimulator

/// `sms-bridge simulate`: a local stand-in for Vonage.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a local stand-in for Vonage, with faults that can be set.",
        discussion: """
            Secrets are taken from the same variables as the service's, so that none need stand on the command line: \
            VONAGE_API_KEY with VONAGE_API_SECRET, and VONAGE_APPLICATION_ID with VONAGE_PRIVATE_KEY or \
            VONAGE_PRIVATE_KEY_PATH, of which requests may use either where both are given (without any, every key is \
            accepted); VONAGE_SIGNATURE_SECRET, which webhooks are signed with, for the account VONAGE_API_KEY; \
            WEBHOOK_TOKEN, which --webhooks gets as ?token=. A secret may be in a file instead, which \
            VONAGE_API_SECRET_FILE (or another <variable>_FILE) names.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "The address to listen on; 0.0.0.0 for every one, as in a container.")
    var host: String = "127.0.0.1"

    @Option(name: .long, help: "The port; 0 takes a free one.")
    var port: Int = 4000

    @Option(
        name: .long,
        help: """
            Where receipts and inbound messages go, as http://127.0.0.1:3000; WEBHOOK_TOKEN is added as ?token=, \
            unless one is there.
            """
    )
    var webhooks: String?

    @Option(name: .long, help: "How long each answer takes, as 50ms.")
    var latency: String = "0ms"

    @Option(name: .long, help: "Requests that are let through, as 30/s.")
    var rateLimit: String?

    @Option(name: .long, help: "The first delay before a webhook is repeated, as 5s.")
    var webhookRetry: String = "5s"

    @Option(name: .long, help: "A file that keeps messages and answered webhooks beyond the process's life.")
    var journal: String?

    func run() async throws {
        let settings = try common.settings()
        var configuration = SimulatorSettings.configuration(from: settings, webhooks: webhooks)
        configuration.host = host
        configuration.port = port
        configuration.journal = journal
        do {
            configuration.latency = try SimulatorSettings.duration(latency)
            configuration.webhookRetry = try SimulatorSettings.duration(webhookRetry)
            configuration.rateLimit = try rateLimit.map(SimulatorSettings.rate)
        } catch {
            throw ValidationError("\(error)")
        }
        let logger = Observability.start(settings.log)
        let simulator = try await VonageSimulator(configuration: configuration, logger: logger)
        logger.info("the simulator listens", metadata: ["http.url": "\(simulator.url)"])
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [simulator],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}
