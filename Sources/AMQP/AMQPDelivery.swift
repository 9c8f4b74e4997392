/// A message from a queue, to be settled once: `ack`, `nack` or `reject`.
///
/// Settling only notes the settlement; it never waits and may be called from anywhere. A settlement whose channel is
/// gone is dropped, for the broker has put the message back into its queue and delivers it again.
package struct AMQPDelivery: Sendable {
    /// Properties and body; the body is empty where it was too large.
    package let message: AMQPMessage
    /// The exchange it was published to; empty for the default exchange.
    package let exchange: String
    /// The routing key it was published with.
    package let routingKey: String
    /// Whether the broker may have delivered it before.
    package let isRedelivered: Bool
    /// The broker's number for this delivery; only meaningful within its channel.
    package let deliveryTag: UInt64
    /// The body's size on the wire, in bytes.
    package let bodySize: Int
    let generation: ChannelGeneration
    let settlements: SettlementBox?

    /// Which channel delivered it, a number that is unique within the connection object over all its reconnects.
    package var channelGeneration: UInt64 { generation.number }

    /// Whether the body was beyond the consumer's limit, and was not kept.
    package var bodyIsTooLarge: Bool { message.body.count != bodySize }
    /// The body.
    package var body: [UInt8] { message.body }
    /// The properties.
    package var properties: AMQPProperties { message.properties }
    /// The headers.
    package var headers: AMQPTable { message.properties.headers }

    /// Acknowledges the message, so that the broker removes it.
    ///
    /// - Returns: false when it was settled before, or its channel is gone. True with automatic acknowledgement.
    @discardableResult
    package func ack() -> Bool { settle(.ack) }

    /// Gives the message back: to its queue, or, without `requeue`, to the queue's dead-letter exchange.
    ///
    /// - Returns: as `ack`.
    @discardableResult
    package func nack(requeue: Bool) -> Bool { settle(requeue ? .requeue : .discard) }

    /// The same as `nack` for one message; AMQP has both.
    ///
    /// - Returns: as `ack`.
    @discardableResult
    package func reject(requeue: Bool) -> Bool { settle(requeue ? .requeue : .discard) }

    /// The same delivery, acknowledged: there is nothing left to settle.
    func acknowledged() -> AMQPDelivery {
        ack()
        return AMQPDelivery(
            message: message,
            exchange: exchange,
            routingKey: routingKey,
            isRedelivered: isRedelivered,
            deliveryTag: deliveryTag,
            bodySize: bodySize,
            generation: generation,
            settlements: nil
        )
    }

    private func settle(_ verdict: SettlementLedger.Verdict) -> Bool {
        settlements?.settle(deliveryTag, as: verdict) ?? true
    }
}
