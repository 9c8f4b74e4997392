import AMQP
import Logging
import ServiceLifecycle

/// Says once in the log when every queue is being consumed, for people and scripts that wait for it.
struct ReadyNotice: Service {
    let consumers: [AMQPConsumer]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await announce() }
        // A service that ends while its group begins to stop is taken for one that failed.
        try await gracefulShutdown()
    }

    private func announce() async {
        while !Task.isCancelled {
            do {
                for consumer in consumers { _ = try await consumer.waitUntilSubscribed(within: .seconds(60)) }
                logger.info("ready")
                return
            } catch let error as AMQPError where error.code == .timeout {
                logger.warning("still waiting for the broker", metadata: ["error": "\(error)"])
            } catch {
                // The service stops.
                return
            }
        }
    }
}
