package import Logging
import ServiceLifecycle

/// Writes a log line when a part of readiness fails, and one when it is healthy again.
///
/// There are many causes (broker, provider, credentials, store, spool, clock), and so an operator has one message to
/// look for.
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

/// What was wrong when readiness was last checked.
actor ReadinessMemory {
    /// After how many checks a part that has not been healthy yet counts as failed, and not just as starting.
    private static let patience = 5

    private var looks = 0
    private var seenWell: Set<String> = []
    private var reported: Set<String> = []

    /// The parts that have failed since the last report, and those that are healthy again.
    func changes(to report: HealthReport) -> [HealthReport.Dependency] {
        looks += 1
        seenWell.formUnion(report.dependencies.filter(\.isHealthy).map(\.name))
        let changes = report.dependencies.filter { part in
            if part.isHealthy { return reported.contains(part.name) }
            return !reported.contains(part.name) && (seenWell.contains(part.name) || looks >= Self.patience)
        }
        reported.subtract(report.dependencies.filter(\.isHealthy).map(\.name))
        reported.formUnion(changes.filter { !$0.isHealthy }.map(\.name))
        return changes
    }
}
