package import AMQP
package import Bridge
package import Contracts
import CoreMetrics
package import Logging

/// A lane's queue as the bridge's port.
package struct LaneSource: CommandSource {
    private let consumer: AMQPConsumer
    private let names: BrokerNames
    private let logger: Logger

    /// Commands from a consumer.
    ///
    /// - Parameters:
    ///   - consumer: of the lane's queue, or of its due queue.
    ///   - names: of the exchanges.
    ///   - logger: for messages whose body is beyond the consumer's limit.
    package init(consumer: AMQPConsumer, names: BrokerNames, logger: Logger) {
        self.consumer = consumer
        self.names = names
        self.logger = logger
    }

    package func next() async -> CommandDelivery? {
        var iterator = consumer.makeAsyncIterator()
        while let delivery = await iterator.next() {
            guard !delivery.bodyIsTooLarge else {
                park(delivery)
                continue
            }
            var message = BrokerMessage(delivery)
            // What has waited comes through another exchange, and is the same command.
            if message.exchange == names.due { message.exchange = names.commands }
            return CommandDelivery(
                message: message,
                isRedelivered: delivery.isRedelivered,
                connection: delivery.channelGeneration,
                prefetch: consumer.prefetch,
                ack: { delivery.ack() },
                giveBack: { _ = delivery.nack(requeue: true) }
            )
        }
        return nil
    }

    package func stop() async {
        // A broker that hangs must not take the time that commands in flight are given; what it may still deliver is
        // given back when the connection ends.
        _ = try? await withDeadline(.seconds(2)) { [consumer] in await consumer.cancel() }
    }

    /// The body was not kept, so it is not known which command it is: the broker, which has it, dead-letters the
    /// message as it stands.
    private func park(_ delivery: AMQPDelivery) {
        delivery.nack(requeue: false)
        BridgeMetrics.oversizedBodies().increment()
        logger.warning(
            "a message's body is beyond the limit; it is dead-lettered unread",
            metadata: [
                "amqp.queue": "\(consumer.queueName ?? "")",
                "amqp.body_bytes": "\(delivery.bodySize)",
                "amqp.redelivered": "\(delivery.isRedelivered)",
            ]
        )
    }
}
