package import AMQP
package import Bridge
import Contracts
import FoundationEssentials
package import Logging
import ServiceLifecycle

/// Receives the replies to this process's own commands, on one queue for all, and passes them to the board.
package struct CommandGateway: ReplyQueue, Service {
    private let consumer: AMQPConsumer
    private let board: OutcomeBoard
    private let logger: Logger

    /// A gateway over a temporary queue of a connection that the caller runs.
    ///
    /// - Throws: `AMQPError` `closed`.
    package init(connection: AMQPConnection, board: OutcomeBoard, logger: Logger) async throws {
        consumer = try await connection.consumeTemporary()
        self.board = board
        self.logger = logger
    }

    package func name(within limit: Duration) async -> String? {
        do {
            return try await consumer.waitUntilSubscribed(within: limit)
        } catch {
            logger.warning("there is no reply queue", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Passes replies on until the service stops, over every lost connection.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await delivery in consumer { post(delivery) }
        }
    }

    private func post(_ delivery: AMQPDelivery) {
        guard let correlationID = delivery.properties.correlationId else { return }
        do {
            let event = try JSONDecoder().decode(OutcomeBoard.Event.self, from: Data(delivery.body))
            board.deliver(event, correlationID: correlationID)
        } catch {
            // Any client can publish to a queue whose name it knows; the service's replies are always understood.
            logger.warning("a reply was not understood", metadata: ["error": "\(type(of: error))"])
        }
    }
}
