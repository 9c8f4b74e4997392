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
    /// How often it is looked at before a service that has not been well yet is in trouble, and not just starting.
    private static let patience = 5

    private var unwell: Set<String> = []
    private var looks = 0

    /// The parts that have gone wrong since the last report, and those that are well again.
    func changes(to report: HealthReport) -> [HealthReport.Dependency] {
        looks = report.isHealthy ? Self.patience : looks + 1
        guard looks >= Self.patience else { return [] }
        let changes = report.dependencies.filter { $0.isHealthy == unwell.contains($0.name) }
        unwell = Set(report.dependencies.filter { !$0.isHealthy }.map(\.name))
        return changes
    }
}
