import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Deletes what has been kept long enough, a little at a time.
///
/// `SweepTime` decides what is long enough, not the wall clock, which may be wrong; while it is known to be wrong
/// nothing is deleted.
package struct StoreSweeper: Service {
    /// How long the keys of webhooks are kept at least: the provider repeats a webhook for 24 hours, and what it
    /// repeats after an outage of the service has to be known as well.
    package static let webhookLife: Duration = .seconds(72 * 3_600)

    private let store: any MessageStore
    private let receipts: any ReceiptStore
    private let campaigns: any CampaignStore
    private let time: SweepTime
    private let retention: Duration
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A sweeper that looks every so often (default: a minute); the keys of webhooks are kept as long as records are,
    /// and for ``webhookLife`` at least.
    package init(
        store: any MessageStore,
        receipts: any ReceiptStore,
        campaigns: any CampaignStore,
        time: SweepTime,
        retention: Duration,
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(60),
        logger: Logger
    ) {
        self.store = store
        self.receipts = receipts
        self.campaigns = campaigns
        self.time = time
        self.retention = retention
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await repeating(every: interval, on: clock) { await sweep() }
    }

    /// A note of an id that the service gave may be needed as long as its command can wait, which is 366 days at most.
    private func sweep() async {
        do {
            guard let now = try await time.advance() else { return }
            var gone = 0
            while !Task.isCancelled {
                let some =
                    try await store.sweep(now: now, notesBefore: now - .seconds(367 * 86_400))
                    + receipts.sweepReceipts(before: now - max(retention, Self.webhookLife))
                    + campaigns.sweepCampaigns(now: now)
                if some == 0 { break }
                gone += some
            }
            if gone > 0 {
                logger.info("old records deleted", metadata: [BridgeLogKey.count.rawValue: .stringConvertible(gone)])
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("old records could not be deleted", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
            BridgeMetrics.stepFailures("sweep").increment()
        }
    }
}
