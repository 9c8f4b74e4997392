import Bridge
import Contracts
import HTTPAPI
import Logging
import SMSCore
import ServiceLifecycle
import StoreSupport
import Synchronization
import Telemetry
import UnixSignals

/// Waits for the store while another process serves it, or its server cannot be reached: alive, not ready, and consuming
/// nothing.
struct Standby {
    let settings: Settings
    let boot: BootID
    let signals: ShutdownSignals
    let logger: Logger

    /// Opens the store, as soon as no other process serves it and its server can be reached.
    ///
    /// - Returns: the store; nil when a signal came first.
    /// - Throws: `StoreError` when it cannot be opened for another reason.
    func openStore() async throws -> (any Store)? {
        do {
            return try await StoreOpening(settings: settings, boot: boot).open()
        } catch let error as StoreError where StoreOpening.isWorthWaiting(error) {
            logger.warning(
                settings.store.isShared
                    ? "the database cannot be reached; waiting for it"
                    : "another process serves this store; waiting for its end",
                metadata: ["error": "\(error)"]
            )
        }
        let opened = Mutex<(any Store)?>(nil)
        let waiting = StoreWait(opening: StoreOpening(settings: settings, boot: boot)) { store in
            opened.withLock { $0 = store }
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: StandbyHTTP(settings: settings, logger: logger)),
                    .init(service: waiting, successTerminationBehavior: .gracefullyShutdownGroup),
                    signals.service,
                ],
                logger: logger
            )
        )
        try await group.run()
        return opened.withLock { $0 }
    }
}

/// Tries to open the store every half second.
private final class StoreWait: Service {
    private let opening: StoreOpening
    private let onOpened: @Sendable (any Store) -> Void

    init(opening: StoreOpening, onOpened: @escaping @Sendable (any Store) -> Void) {
        self.opening = opening
        self.onOpened = onOpened
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    return self.onOpened(try await self.opening.open())
                } catch let error as StoreError where StoreOpening.isWorthWaiting(error) {
                    do { try await ContinuousClock().sleep(for: .milliseconds(500)) } catch { return }
                }
            }
        }
    }
}

/// Serves health while the service stands by; where the other process has the port, nothing.
private struct StandbyHTTP: Service, CustomStringConvertible {
    let settings: Settings
    let logger: Logger

    /// Without the keys among its settings, for a service group logs the services that it runs.
    let description = "StandbyHTTP"

    func run() async throws {
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(settings.http),
            webhooks: notYet,
            health: notYet,
            api: APIParts(messages: notYet, campaigns: NoCampaignsYet()),
            metrics: { Observability.metrics.render() },
            logger: logger
        )
        do {
            try await server.run()
        } catch {
            logger.warning("nothing is served while standing by", metadata: ["error": "\(error)"])
            try await gracefulShutdown()
        }
    }

    private var notYet: NotYet {
        NotYet(why: settings.store.isShared ? "the database cannot be reached" : "another process serves it")
    }

    private struct NotYet: WebhookReceiver, HealthSource, SendAPI {
        let why: String

        func receive(_ webhook: UnverifiedWebhook) async -> WebhookAnswer {
            .comeAgain(after: .seconds(5))
        }

        /// The process that serves the store notes what it misses; this one is not listening yet.
        func missed() async {}

        func send(_ order: SendOrder) async throws -> SendAnswer { throw NotServing() }

        func message(_ id: CommandID) async throws -> MessageView? { throw NotServing() }

        func cancel(_ id: CommandID) async throws -> CancelAnswer { throw NotServing() }

        func ready() async -> HealthReport { report }

        func webhooks() async -> HealthReport { report }

        private var report: HealthReport {
            HealthReport([
                HealthReport.Dependency("store", isHealthy: false, detail: why)
            ])
        }
    }
}
