import AMQP
import Bridge
import Contracts
import Logging
import SMSCore

/// What the service takes from the broker.
struct Consumers {
    /// Of the lanes' queues and of their due queues.
    let lanes: [AMQPConsumer]
    let campaigns: AMQPConsumer
    let cancels: AMQPConsumer

    var all: [AMQPConsumer] { lanes + [campaigns, cancels] }

    /// Consumers of a connection that may not stand yet; `prefetch` is a lane's.
    init(_ connection: AMQPConnection, names: BrokerNames, prefetch: Int) async throws {
        let bodyLimit = Settings.Sending.bodyLimitBytes
        var lanes: [AMQPConsumer] = []
        for queue in Lane.allCases.map(names.queue(of:)) + Lane.allCases.map(names.dueQueue(of:)) {
            lanes.append(try await connection.consume(queue: queue, prefetch: prefetch, bodyLimitBytes: bodyLimit))
        }
        self.lanes = lanes
        cancels = try await connection.consume(queue: names.cancel, prefetch: 16, bodyLimitBytes: bodyLimit)
        campaigns = try await connection.consume(
            queue: names.campaign,
            prefetch: 4,
            bodyLimitBytes: 4 * CampaignCommand.Limit.bodyBytes
        )
    }
}
