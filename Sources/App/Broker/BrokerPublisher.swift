package import AMQP
package import Contracts
package import SMSCore

/// The publishing connection as the bridge's port.
package struct BrokerPublisher: EventPublisher {
    private let connection: AMQPConnection
    private let timeout: Duration?

    /// Publishes over a connection that only publishes; nil waits for a confirm as long as the connection does.
    package init(connection: AMQPConnection, timeout: Duration? = nil) {
        self.connection = connection
        self.timeout = timeout
    }

    package func publish(_ message: BrokerMessage) async throws(PublishFailure) {
        do {
            try await connection.publish(
                AMQPMessage(message),
                to: message.exchange,
                routingKey: message.routingKey,
                isMandatory: !message.isDirectReply,
                timeout: timeout
            )
        } catch let error as AMQPError {
            throw PublishFailure(error)
        } catch {
            throw .unavailable("cancelled")
        }
    }
}

extension BrokerMessage {
    /// Whether it goes straight to a waiting client: RabbitMQ 3.10 delivers that, and returns a mandatory one all the
    /// same as unroutable, since there is no queue (https://www.rabbitmq.com/docs/direct-reply-to).
    fileprivate var isDirectReply: Bool { exchange.isEmpty && routingKey.hasPrefix("amq.rabbitmq.reply-to.") }
}

extension PublishFailure {
    fileprivate init(_ error: AMQPError) {
        self =
            switch error.code {
            case .returned: .unroutable
            case .nacked: .refused
            case .tooLarge, .invalidArgument: .impossible(error.message)
            default: .unavailable(error.message)
            }
    }
}
