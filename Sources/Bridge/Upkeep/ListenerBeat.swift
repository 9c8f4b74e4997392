import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Notes every so often that the webhook listener is up, so that after a crash it is known how long it was not.
///
/// It is started after the listener and stopped before it.
package struct ListenerBeat: Service {
    /// How far apart two beats may be before the time between is a silence.
    private static let tolerance: Duration = .seconds(3)

    private let log: any ListenerLog
    private let failures: FailureNotes
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// A beat every so often (default: a second).
    package init(
        log: any ListenerLog,
        failures: FailureNotes,
        interval: Duration = .seconds(1),
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.log = log
        self.failures = failures
        self.interval = interval
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await repeating(every: interval, on: clock) {
            await failures.retry()
            do {
                try await log.noteListening(at: .now, tolerance: Self.tolerance)
            } catch {
                logger.error(
                    "that the listener is up could not be noted",
                    metadata: [BridgeLogKey.error.rawValue: "\(error)"]
                )
                BridgeMetrics.stepFailures("note listening").increment()
            }
        }
    }
}
