package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import ServiceLifecycle

/// Publishes accepted messages whose final receipt has not come in time (`RECEIPT_OVERDUE`).
///
/// What is due is read from the store by an index, so a restart forgets nothing.
package struct OverdueWorker: Service {
    /// How many messages one claim takes.
    private static let batch = 100
    /// How long a claim holds; a crash within it delays a message by as much.
    static let lease: Duration = .seconds(60)

    private let store: any OverdueStore
    private let flow: WebhookFlow
    private let limit: Duration
    private let isReconciling: Bool
    private let now: @Sendable () -> Timestamp?
    private let clock: any Clock<Duration>
    private let interval: Duration
    private let logger: Logger

    /// A worker.
    ///
    /// - Parameters:
    ///   - store: the awaited messages.
    ///   - flow: publishes.
    ///   - limit: how long after its acceptance a message is overdue; zero for never.
    ///   - isReconciling: whether the provider may be asked about what is overdue.
    ///   - now: the wall-clock time; nil while it is known to be wrong, and nothing is overdue.
    ///   - clock: what the pauses run on.
    ///   - interval: between two looks (default: 5 s).
    ///   - logger: for what fails.
    package init(
        store: any OverdueStore,
        flow: WebhookFlow,
        limit: Duration,
        isReconciling: Bool,
        now: @escaping @Sendable () -> Timestamp? = { .now },
        clock: any Clock<Duration> = ContinuousClock(),
        interval: Duration = .seconds(5),
        logger: Logger
    ) {
        self.store = store
        self.flow = flow
        self.limit = limit
        self.isReconciling = isReconciling
        self.now = now
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        guard limit > .zero else {
            try? await gracefulShutdown()
            return
        }
        await repeating(every: min(interval, max(limit / 2, .milliseconds(100))), on: clock) { await publishDue() }
    }

    /// Publishes all that is due now.
    func publishDue() async {
        do {
            while !Task.isCancelled, let now = now() {
                let due = try await store.claimAwaited(
                    acceptedUntil: now - limit,
                    limit: Self.batch,
                    now: now,
                    lease: Self.lease
                )
                for awaited in due {
                    let askAt = isReconciling ? now : nil
                    let result = try await flow.reportOverdue(awaited, in: store, askAt: askAt, now: now)
                    // The spool is full; it is tried again when the claim ends.
                    if result == .notKept { return }
                }
                if due.count < Self.batch { return }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("overdue messages could not be published", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
            BridgeMetrics.stepFailures("publish overdue").increment()
        }
    }
}
