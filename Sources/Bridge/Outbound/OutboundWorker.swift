package import Logging
import SMSCore
import ServiceLifecycle

/// Where commands come from; the queue's prefetch is the only buffer.
package protocol CommandSource: Sendable {
    /// The next delivery; nil after `stop`, or when the task is cancelled.
    func next() async -> CommandDelivery?

    /// Takes nothing more; what has been delivered can still be answered.
    func stop() async
}

/// Takes commands from their queue and carries each out in a task of its own.
///
/// On graceful shutdown it stops the intake, lets what is in flight finish within the grace, and hands the rest back.
package struct OutboundWorker: Service {
    private let source: any CommandSource
    private let flow: OutboundFlow
    private let grace: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// A worker on a queue, with the time that commands in flight may take once the service stops (`SHUTDOWN_GRACE`).
    package init(
        source: any CommandSource,
        flow: OutboundFlow,
        grace: Duration,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.source = source
        self.flow = flow
        self.grace = grace
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await serve() }
            group.addTask {
                try await gracefulShutdown()
                await source.stop()
                try await clock.sleep(for: grace)
                logger.warning("the grace is over; commands in flight are handed back")
            }
            // Whichever ends first: the last command in flight, or the grace.
            try await group.next()
            group.cancelAll()
        }
    }

    private func serve() async {
        await withDiscardingTaskGroup { group in
            while let delivery = await source.next() {
                group.addTask { await carryOut(delivery) }
            }
        }
    }

    private func carryOut(_ delivery: CommandDelivery) async {
        do {
            try await flow.handle(delivery)
        } catch {
            // Only the end of the service leads here; the broker gives the command to the next one.
            await delivery.giveBack()
        }
    }
}
