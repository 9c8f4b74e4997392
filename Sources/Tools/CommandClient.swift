package import AMQP
import App
package import Contracts
import FoundationEssentials

/// Publishes commands as any other service would, and waits for their outcomes.
package struct CommandClient: Sendable {
    private let connection: AMQPConnection
    private let names: BrokerNames

    /// A client over a connection that the caller runs.
    package init(connection: AMQPConnection, names: BrokerNames) {
        self.connection = connection
        self.names = names
    }

    /// What became of a command that was waited for.
    package enum Answer: Sendable {
        /// Its final outcome: the event as it was published.
        case event(CloudEvent<OutboundEvent>, json: [UInt8])
        /// The broker has it, and no outcome came within the wait.
        case pending(id: String)
    }

    /// Publishes a command.
    ///
    /// - Parameters:
    ///   - body: the command's JSON.
    ///   - id: its idempotency key.
    ///   - lane: which queue it goes to.
    ///   - replyTo: the queue that the outcome goes to, besides the event.
    /// - Throws: `AMQPError`; `returned` when there is no such lane (the service has never declared it).
    package func publish(_ body: [UInt8], id: String, lane: Lane, replyTo: String? = nil) async throws {
        let message = BrokerMessage.command(
            body,
            .message(lane),
            names: names,
            origin: .commandLine,
            id: id,
            replyTo: replyTo,
            at: .now
        )
        try await connection.publish(AMQPMessage(message), to: message.exchange, routingKey: message.routingKey)
    }

    /// Publishes a command and waits so long for its outcome, over a reply queue of its own.
    ///
    /// - Returns: the outcome, or that none came in time.
    /// - Throws: `AMQPError` as `publish`; `timeout` when no broker was reached.
    package func send(_ body: [UInt8], id: String, lane: Lane, wait: Duration) async throws -> Answer {
        let replies = try await connection.consumeTemporary()
        let replyTo = try await replies.waitUntilSubscribed(within: .seconds(10))
        try await publish(body, id: id, lane: lane, replyTo: replyTo)
        guard let reply = await replies.next(within: wait) else { return .pending(id: id) }
        let event = try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(reply.body))
        return .event(event, json: reply.body)
    }
}
