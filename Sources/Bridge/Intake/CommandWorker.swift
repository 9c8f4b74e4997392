package import Logging
import SMSCore
import ServiceLifecycle

/// Where commands come from; the queue's prefetch is the only buffer.
package protocol CommandSource: Sendable {
    /// The next delivery; nil after `stop`, or when the task is cancelled.
    func next() async -> CommandDelivery?

    /// Takes nothing more; what has been delivered can still be answered.
    ///
    /// It returns within some seconds, whatever the broker does.
    func stop() async
}

/// Takes commands from their queues and carries each out in a task of its own.
///
/// On graceful shutdown it stops the intake, lets what is in flight finish within the grace, and returns the rest to
/// the broker. The grace is counted from the beginning of the shutdown; it is not shorter or longer when the broker
/// does not confirm the end of the intake.
package struct CommandWorker: Service {
    private let sources: [any CommandSource]
    private let handle: @Sendable (CommandDelivery) async throws -> Void
    private let onStopped: @Sendable () -> Void
    private let grace: Duration
    private let clock: any Clock<Duration>
    private let executor: (any TaskExecutor)?
    private let logger: Logger

    /// A worker.
    ///
    /// - Parameters:
    ///   - sources: the queues.
    ///   - grace: how long commands in flight may take once the service stops (`SHUTDOWN_GRACE`).
    ///   - clock: what the grace runs on.
    ///   - executor: what commands are carried out on; nil for the shared pool.
    ///   - logger: for a grace that was too short.
    ///   - handle: carries out a command; throws only when the service stops before its end.
    ///   - onStopped: called at a shutdown once nothing new comes, to end the wait of what has not begun.
    package init(
        sources: [any CommandSource],
        grace: Duration,
        clock: any Clock<Duration> = ContinuousClock(),
        executor: (any TaskExecutor)? = nil,
        logger: Logger,
        handle: @escaping @Sendable (CommandDelivery) async throws -> Void,
        onStopped: @escaping @Sendable () -> Void = {}
    ) {
        self.sources = sources
        self.handle = handle
        self.onStopped = onStopped
        self.grace = grace
        self.clock = clock
        self.executor = executor
        self.logger = logger
    }

    package func run() async throws {
        let (stops, stop) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // What it starts runs there too, so that a delivery changes threads once on its way in.
            group.addTask(executorPreference: executor) { await serve(until: stops) }
            group.addTask {
                try await gracefulShutdown()
                let watch = Stopwatch(clock)
                await withDiscardingTaskGroup { group in
                    for source in sources { group.addTask { await source.stop() } }
                }
                stop.finish()
                onStopped()
                let rest = grace - watch.elapsed()
                if rest > .zero { try await clock.sleep(for: rest) }
                logger.warning("the grace is over; commands in flight are handed back")
            }
            // Whichever ends first: the last command in flight, or the grace.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Carries out what comes until the intake is stopped and everything is done.
    private func serve(until stops: AsyncStream<Void>) async {
        let (deliveries, intake) = AsyncStream.makeStream(of: CommandDelivery.self)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await takeIn(into: intake, until: stops)
                intake.finish()
            }
            for await delivery in deliveries {
                group.addTask { await carryOut(delivery) }
            }
        }
    }

    /// Takes from all sources until each has ended, or until the intake is stopped, even if a source does not end.
    ///
    /// The stream has no bound of its own; that of the queues' prefetch holds.
    private func takeIn(into intake: AsyncStream<CommandDelivery>.Continuation, until stops: AsyncStream<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { group in
                    for source in sources {
                        group.addTask { while let delivery = await source.next() { intake.yield(delivery) } }
                    }
                }
            }
            group.addTask { for await _ in stops {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func carryOut(_ delivery: CommandDelivery) async {
        do {
            try await handle(delivery)
        } catch {
            // Only the end of the service leads here; the broker delivers the command again.
            await delivery.giveBack()
        }
    }
}
