import AMQP
import Contracts
import Logging
import ServiceLifecycle

/// Says once in the log when a queue is being consumed, for people and scripts that wait for it.
struct ReadyNotice: Service {
    let consumer: AMQPConsumer
    let lane: Lane
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let queue = try await consumer.waitUntilSubscribed(within: .seconds(60))
                    logger.info("ready", metadata: ["amqp.queue": "\(queue)", "sms.lane": "\(lane.rawValue)"])
                    return
                } catch let error as AMQPError where error.code == .timeout {
                    logger.warning("still waiting for the broker", metadata: ["error": "\(error)"])
                } catch {
                    return
                }
            }
        }
    }
}
