import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Keeps the gauges of what stands: open commands, and why sending pauses.
package struct StandingGauges: Service {
    private let store: any MessageStore
    private let gate: SendGate
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// Gauges that are set every so often (default: 5 s).
    package init(
        store: any MessageStore,
        gate: SendGate,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(5),
        logger: Logger
    ) {
        self.store = store
        self.gate = gate
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await repeating(every: interval, on: clock) { await set() }
    }

    private func set() async {
        let pause = gate.snapshot.pause
        for cause in Breaker.Cause.allCases {
            BridgeMetrics.breakerOpen(cause.rawValue).record(pause?.cause == cause ? 1 : 0)
        }
        do {
            let open = try await store.openCounts()
            BridgeMetrics.retriesWaiting().record(open.waiting)
            BridgeMetrics.uncertainOpen().record(open.uncertain)
        } catch {
            logger.warning("open commands could not be counted", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
        }
    }
}
