import CoreMetrics
package import Logging
import ServiceLifecycle

/// Publishes the spool in the background once the broker takes events again.
package struct SpoolWorker: Service {
    private let outlet: Outlet
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let longestPause: Duration
    private let logger: Logger

    /// A worker that looks every so often whether something is spooled.
    ///
    /// - Parameters:
    ///   - outlet: publishes it.
    ///   - clock: the clock it sleeps by.
    ///   - interval: how often it looks; default half a second.
    ///   - longestPause: how far the interval doubles while all that is left in the spool is refused; default 5 s.
    ///   - logger: for what was published.
    package init(
        outlet: Outlet,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .milliseconds(500),
        longestPause: Duration = .seconds(5),
        logger: Logger
    ) {
        self.outlet = outlet
        self.clock = clock
        self.interval = interval
        self.longestPause = longestPause
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var pause = interval
            while !Task.isCancelled {
                let isStuck = outlet.needsDraining ? await drain() : outlet.isResting
                pause = isStuck ? min(pause * 2, longestPause) : interval
                do { try await clock.sleep(for: pause) } catch { return }
            }
        }
    }

    /// Drains once.
    ///
    /// - Returns: whether the end of the spool was reached and nothing could be published on the way.
    private func drain() async -> Bool {
        do {
            let drained = try await outlet.drain()
            if drained.count > 0 {
                logger.info("spooled events published", metadata: [BridgeLogKey.count.rawValue: "\(drained.count)"])
            }
            return drained.isAtEnd && drained.count == 0
        } catch is CancellationError {
            return false
        } catch {
            logger.error("the spool cannot be read", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
            BridgeMetrics.stepFailures("drain spool").increment()
            return false
        }
    }
}
