package import AMQP
package import Contracts

/// Follows the events as they are published, over a temporary queue.
package struct EventTail: Sendable {
    /// A topic exchange with events.
    package enum Stream: String, Sendable, CaseIterable {
        case outbound, status, inbound
    }

    private let connection: AMQPConnection
    private let names: BrokerNames

    /// A tail over a connection that the caller runs.
    package init(connection: AMQPConnection, names: BrokerNames) {
        self.connection = connection
        self.names = names
    }

    /// Binds a queue of its own to these streams, and returns once it is bound.
    ///
    /// - Throws: `AMQPError` when there are no such exchanges within 10 s.
    package func follow(_ streams: [Stream]) async throws -> AMQPConsumer {
        let consumer = try await connection.consumeTemporary(
            bindings: streams.map { AMQPTemporaryBinding(exchange: exchange(of: $0), routingKey: "#") }
        )
        try await consumer.waitUntilSubscribed(within: .seconds(10))
        return consumer
    }

    private func exchange(of stream: Stream) -> String {
        switch stream {
        case .outbound: names.outbound
        case .status: names.status
        case .inbound: names.inbound
        }
    }
}
