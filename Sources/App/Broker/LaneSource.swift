package import AMQP
package import Bridge
import Contracts

/// A lane's queue as the bridge's port.
package struct LaneSource: CommandSource {
    private let consumer: AMQPConsumer

    /// Commands from a consumer.
    package init(consumer: AMQPConsumer) {
        self.consumer = consumer
    }

    package func next() async -> CommandDelivery? {
        var iterator = consumer.makeAsyncIterator()
        guard let delivery = await iterator.next() else { return nil }
        return CommandDelivery(
            message: BrokerMessage(delivery),
            isRedelivered: delivery.isRedelivered,
            connection: delivery.channelGeneration,
            ack: { delivery.ack() },
            giveBack: { _ = delivery.nack(requeue: true) }
        )
    }

    package func stop() async {
        await consumer.cancel()
    }
}
