import CoreMetrics
package import Logging
import ServiceLifecycle

/// Publishes the spool in the background once the broker takes events again.
package struct SpoolWorker: Service {
    private let outlet: EventOutlet
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A worker that looks every so often (default: half a second) whether something is spooled.
    package init(
        outlet: EventOutlet,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .milliseconds(500),
        logger: Logger
    ) {
        self.outlet = outlet
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if outlet.spooledCount > 0 { await drain() }
                do { try await clock.sleep(for: interval) } catch { return }
            }
        }
    }

    private func drain() async {
        do {
            let count = try await outlet.drain()
            if count > 0 {
                logger.info("spooled events published", metadata: [BridgeLogKey.count.rawValue: "\(count)"])
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("the spool cannot be read", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
            BridgeMetrics.stepFailures("drain spool").increment()
        }
    }
}
