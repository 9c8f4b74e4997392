import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Notes every so often that this process lives, takes over what others have left in the spool that do not, and shows how
/// many there are.
package struct ReplicaBeat: Service {
    private let replicas: any ReplicaStore
    private let outlet: Outlet
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// A beat every so often (default: three seconds, far less than any lease).
    package init(
        replicas: any ReplicaStore,
        outlet: Outlet,
        interval: Duration = .seconds(3),
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.replicas = replicas
        self.outlet = outlet
        self.interval = interval
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await repeating(every: interval, on: clock) {
            do {
                try await replicas.beat()
                let keys = try await replicas.adoptSpools()
                outlet.adopt(keys)
                if !keys.isEmpty {
                    logger.notice(
                        "the spooled events of processes that are gone were taken over",
                        metadata: ["events": .stringConvertible(keys.count)]
                    )
                }
            } catch {
                logger.error(
                    "that this process lives could not be noted",
                    metadata: [BridgeLogKey.error.rawValue: "\(error)"]
                )
                BridgeMetrics.stepFailures("beat").increment()
            }
            await showFigures()
        }
    }

    /// They are for people alone, so nothing else waits for them or fails with them.
    private func showFigures() async {
        do {
            let figures = try await replicas.figures()
            BridgeMetrics.replicas().record(figures.replicas)
            BridgeMetrics.leasesHeld().record(figures.leases)
            let lag = BridgeMetrics.replicationLag()
            // A standby that has gone leaves no figure behind.
            if let time = figures.replicationLag {
                lag.record(Double(time.wholeMilliseconds) / 1_000)
            } else {
                lag.destroy()
            }
        } catch {
            logger.warning(
                "the figures of the replicas could not be read",
                metadata: [BridgeLogKey.error.rawValue: "\(error)"]
            )
        }
    }
}
