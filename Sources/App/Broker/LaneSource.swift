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
        // A broker that hangs must not take the time that commands in flight are given; what it may still deliver is given
        // back when the connection ends.
        _ = try? await withDeadline(.seconds(2)) { [consumer] in await consumer.cancel() }
    }
}
