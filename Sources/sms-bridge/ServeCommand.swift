import App
import ArgumentParser
import Logging
import Tools

/// `sms-bridge serve`: the service.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the service until SIGTERM or SIGINT, then drain and exit 0."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, configuration) = try common.loaded(needing: [.credentials])
        let logger = Observability.start(settings.log)
        do {
            try await BridgeService(settings: settings, configuration: configuration, logger: logger).run()
        } catch {
            logger.critical("the service cannot run", metadata: ["error": "\(error)"])
            throw ExitCode(Sysexits.unavailable)
        }
    }
}
