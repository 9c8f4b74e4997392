import CoreMetrics
package import Logging
import ServiceLifecycle

/// Publishes the changes of the suppression list that were not published when they were made, also those of the tools.
package struct OptOutWorker: Service {
    private let announcer: OptOutAnnouncer
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A worker that looks every so often (default: 5 s); it publishes what it sees a second time.
    package init(
        announcer: OptOutAnnouncer,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(5),
        logger: Logger
    ) {
        self.announcer = announcer
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await repeating(every: interval, on: clock) {
            do {
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
