package import Logging
import ServiceLifecycle

/// Writes a log line when a part of readiness goes wrong, and one when it is well again.
///
/// The causes are many (broker, provider, credentials, store, spool, clock), and whoever reads the log at night looks for
/// one message.
package struct ReadinessWatch: Service {
    private let health: any HealthSource
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A watch that looks every so often (default: 2 s).
    package init(
        health: any HealthSource,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(2),
        logger: Logger
    ) {
        self.health = health
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        let memory = ReadinessMemory()
        await repeating(every: interval, on: clock) {
            for change in await memory.changes(to: health.ready()) {
                logger.log(
                    level: change.isHealthy ? .notice : .warning,
                    change.isHealthy ? "well again" : "not ready",
                    metadata: [
                        BridgeLogKey.dependency.rawValue: "\(change.name)",
                        BridgeLogKey.error.rawValue: "\(change.detail ?? "")",
                    ]
                )
            }
        }
    }
}

/// What was wrong when readiness was last looked at.
actor ReadinessMemory {
    /// How often a part that has not been well yet is looked at before it is in trouble, and not just starting.
    private static let patience = 5

    private var looks = 0
    private var seenWell: Set<String> = []
    private var told: Set<String> = []

    /// The parts that have gone wrong since the last report, and those that are well again.
    func changes(to report: HealthReport) -> [HealthReport.Dependency] {
        looks += 1
        seenWell.formUnion(report.dependencies.filter(\.isHealthy).map(\.name))
        let changes = report.dependencies.filter { part in
            if part.isHealthy { return told.contains(part.name) }
            return !told.contains(part.name) && (seenWell.contains(part.name) || looks >= Self.patience)
        }
        told.subtract(report.dependencies.filter(\.isHealthy).map(\.name))
        told.formUnion(changes.filter { !$0.isHealthy }.map(\.name))
        return changes
    }
}
