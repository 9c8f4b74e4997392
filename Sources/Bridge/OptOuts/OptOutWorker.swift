import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Publishes the changes of the suppression list that were not published when they were made, also those of the tools.
package struct OptOutWorker: Service {
    /// How long the changes that are left belong to the process that publishes them.
    private static let claimLength: Duration = .seconds(30)

    private let announcer: OptOutAnnouncer
    private let replicas: (any ReplicaStore)?
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A worker that looks every so often (default: 5 s); it publishes what it sees a second time.
    ///
    /// Of several processes that share a store (`replicas`) one at a time publishes what is left.
    package init(
        announcer: OptOutAnnouncer,
        replicas: (any ReplicaStore)? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(5),
        logger: Logger
    ) {
        self.announcer = announcer
        self.replicas = replicas
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await repeating(every: interval, on: clock) {
            do {
                if let replicas, try await !replicas.claim("opt-outs", for: Self.claimLength) { return }
                try await announcer.announceLeft()
            } catch is CancellationError {
                return
            } catch {
                logger.error(
                    "changes of the suppression list could not be read",
                    metadata: [BridgeLogKey.error.rawValue: "\(error)"]
                )
                BridgeMetrics.stepFailures("publish opt-out").increment()
            }
        }
    }
}
