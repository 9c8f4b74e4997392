import Bridge
import Contracts
import HTTPAPI
import Logging
import Metrics
import SMSCore
import ServiceLifecycle
import StoreSQLite
import Synchronization
import Telemetry
import UnixSignals

/// Waits for the store while another process serves it: alive, not ready, and consuming nothing.
struct Standby {
    let settings: Settings
    let signals: ShutdownSignals
    let logger: Logger

    /// Opens the store, as soon as no other process serves it.
    ///
    /// - Returns: the store; nil when a signal came first.
    /// - Throws: `StoreError` when it cannot be opened for another reason.
    func openStore() async throws -> SQLiteStore? {
        do {
            return try SQLiteStore.forService(settings.store)
        } catch let error as StoreError where error.code == .inUse {
            logger.warning(
                "another process serves this store; waiting for its end",
                metadata: ["error": "\(error)"]
            )
        }
        let opened = Mutex<SQLiteStore?>(nil)
        let waiting = StoreWait(settings: settings.store) { store in opened.withLock { $0 = store } }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: StandbyHTTP(settings: settings.http, logger: logger)),
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
    private let settings: Settings.Store
    private let onOpened: @Sendable (SQLiteStore) -> Void

    init(settings: Settings.Store, onOpened: @escaping @Sendable (SQLiteStore) -> Void) {
        self.settings = settings
        self.onOpened = onOpened
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    return self.onOpened(try SQLiteStore.forService(self.settings))
                } catch let error as StoreError where error.code == .inUse {
                    do { try await ContinuousClock().sleep(for: .milliseconds(500)) } catch { return }
                }
            }
        }
    }
}

/// Serves health while the service stands by; where the other process has the port, nothing.
private struct StandbyHTTP: Service, CustomStringConvertible {
    let settings: Settings.HTTP
    let logger: Logger

    /// Without the keys among its settings, for a service group logs the services that it runs.
    let description = "StandbyHTTP"

    func run() async throws {
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(settings),
            webhooks: NotYet(),
            health: NotYet(),
            api: APIParts(messages: NotYet(), campaigns: NoCampaignsYet()),
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

    private struct NotYet: WebhookReceiver, HealthSource, SendAPI {
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
                HealthReport.Dependency("store", isHealthy: false, detail: "another process serves it")
            ])
        }
    }
}

extension SQLiteStore {
    /// The store of the one process that serves, with its times measured.
    fileprivate static func forService(_ settings: Settings.Store) throws -> SQLiteStore {
        let timers = (read: BridgeMetrics.storeDuration("read"), write: BridgeMetrics.storeDuration("write"))
        return try SQLiteStore(path: settings.path) { operation, duration in
            switch operation {
            case .read: timers.read.record(duration: duration)
            case .write: timers.write.record(duration: duration)
            }
        }
    }
}
