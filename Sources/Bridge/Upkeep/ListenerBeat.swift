package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle
import Synchronization

/// Notes every so often that the webhook listener is up, so that after a crash it is known how long it was not.
///
/// It is started after the listener and stopped before it. A monotonic clock decides whether beats came in time, so
/// that a jump of the wall clock makes no gap.
package struct ListenerBeat: Service {
    /// How far apart two beats may be before the time between them is a gap.
    private static let tolerance: Duration = .seconds(3)
    /// The same for the note of a process that starts.
    ///
    /// One that is alone was not up since the last note, however short ago that is. Where others share the store, they have
    /// listened meanwhile, and a start is no gap: otherwise each restart of one would prolong the wait of every uncertain
    /// command, and let it fail where the silence says nothing.
    package static func toleranceAtStart(isAlone: Bool) -> Duration { isAlone ? .zero : tolerance }

    /// Longer than any jump of a clock.
    private static let anyJump: Duration = .seconds(1 << 36)

    private let log: any ListenerLog
    private let failures: FailureNotes
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let wall: @Sendable () -> Timestamp
    private let logger: Logger

    /// A beat every so often (default: a second).
    package init(
        log: any ListenerLog,
        failures: FailureNotes,
        interval: Duration = .seconds(1),
        clock: any Clock<Duration> = ContinuousClock(),
        wall: @escaping @Sendable () -> Timestamp = { .now },
        logger: Logger
    ) {
        self.log = log
        self.failures = failures
        self.interval = interval
        self.clock = clock
        self.wall = wall
        self.logger = logger
    }

    package func run() async throws {
        let watch = Stopwatch(clock)
        let lastBeat = Mutex<Duration?>(nil)
        await repeating(every: interval, on: clock) {
            await failures.retry()
            let now = watch.elapsed()
            let isInTime = lastBeat.withLock { $0.map { now - $0 <= Self.tolerance } ?? false }
            do {
                try await log.noteListening(at: wall(), tolerance: isInTime ? Self.anyJump : Self.tolerance)
                lastBeat.withLock { $0 = now }
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
