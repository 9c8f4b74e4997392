import CoreMetrics
package import Logging
import ServiceLifecycle

/// Tells the changes of the suppression list that could not be told when they were made, those of the tools among them.
package struct OptOutWorker: Service {
    private let announcer: OptOutAnnouncer
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A worker that looks every so often (default: 5 s); what it sees a second time is told.
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
                BridgeMetrics.stepFailures("tell opt-out").increment()
            }
        }
    }
}
