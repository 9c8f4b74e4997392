import Bridge
import Contracts
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite("The worker of commands", .timeLimit(.minutes(3)))
struct CommandWorkerTests {
    /// A source whose broker hangs after one delivery: it ends only with the task that asks it.
    private final class HungSource: CommandSource {
        private let delivery: Mutex<CommandDelivery?>
        private let never = ManualClock()

        init(_ delivery: CommandDelivery) { self.delivery = Mutex(delivery) }

        func next() async -> CommandDelivery? {
            let first = delivery.withLock { delivery in
                defer { delivery = nil }
                return delivery
            }
            if let first { return first }
            try? await never.sleep(for: .seconds(1))
            return nil
        }

        func stop() async {}
    }

    @Test("ends at a shutdown when all that is in flight is done, although the broker confirms nothing")
    func hungBroker() async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let log = DeliveryLog()
        let message = BrokerMessage(exchange: "sms.commands", routingKey: "send", properties: .init(), body: [])
        let delivery = CommandDelivery(message: message, isRedelivered: false, connection: 1) {
            true
        } giveBack: {
            log.note("given back")
        }
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let worker = CommandWorker(
            sources: [HungSource(delivery)],
            grace: .seconds(25),
            // The clock stands still: the grace is never over.
            clock: ManualClock(),
            logger: logger,
            handle: { _ in
                begin.finish()
                for await _ in released {}
                log.note("done")
            },
            onStopped: { release.finish() }
        )
        let group = ServiceGroup(configuration: .init(services: [.init(service: worker)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in begun {}
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(log.all == ["done"])
    }
}
