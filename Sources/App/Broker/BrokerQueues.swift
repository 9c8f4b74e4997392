import AMQP
import Contracts

/// The service's queues, as metrics and the overview show them.
struct BrokerQueues: Sendable {
    /// One queue.
    struct Figures: Sendable {
        let name: String
        /// Nil when there is no such queue.
        let ready: Int?
        /// Taken by this process and not settled; nil for a queue that it does not consume.
        let unacked: Int?
    }

    let connection: AMQPConnection
    let consumers: [AMQPConsumer]
    let names: BrokerNames

    /// Asks the broker; nil while it is away.
    ///
    /// - Throws: `AMQPError`; `DeadlineExceeded` after the limit.
    func figures(within limit: Duration) async throws -> [Figures]? {
        guard connection.state.isConnected else { return nil }
        let queues =
            Lane.allCases.flatMap { [names.queue(of: $0), names.dueQueue(of: $0)] }
            + [names.campaign, names.cancel, names.dead, names.unrouted]
        return try await withDeadline(limit) {
            var figures: [Figures] = []
            for queue in queues {
                let ready = try await connection.queueInfo(queue)?.readyCount
                let unacked = await consumers.first { $0.queueName == queue }?.unsettledCount()
                figures.append(Figures(name: queue, ready: ready, unacked: unacked))
            }
            return figures
        }
    }
}
