package import AMQP
package import Contracts
import SMSCore

/// What stands at the broker (docs/amqp-client.md), as a value that is declared, checked or printed.
///
/// Everything that safety depends on is an argument here, not a policy, since policies cannot be set over AMQP;
/// docker/rabbitmq/definitions.json says the same.
package enum BrokerTopology {
    /// Events that no queue was bound for: how many are kept, and for how long in milliseconds (7 days).
    private static let unroutedLimit: Int64 = 100_000
    private static let unroutedAge: Int64 = 7 * 86_400_000

    /// Our exchanges, queues and bindings, to be declared or (`AMQP_DECLARE=false`) checked.
    package static func of(_ names: BrokerNames, isDeclaring: Bool) -> AMQPTopology {
        let unrouted: AMQPTable = ["alternate-exchange": .string(names.unrouted)]
        let exchanges = [
            AMQPExchange(names.commands, .direct),
            AMQPExchange(names.due, .direct),
            AMQPExchange(names.unrouted, .fanout),
            AMQPExchange(names.outbound, .topic, arguments: unrouted),
            AMQPExchange(names.status, .topic, arguments: unrouted),
            AMQPExchange(names.inbound, .topic, arguments: unrouted),
        ]
        let dead = AMQPQueue(
            names.dead,
            // A limit so high is no limit; -1 would drop a dead letter at its first return on RabbitMQ 3.10.
            arguments: ["x-queue-type": "quorum", "x-delivery-limit": 1_000_000]
        )
        let unroutedQueue = AMQPQueue(
            names.unrouted,
            arguments: [
                "x-queue-type": "quorum",
                "x-max-length": .int(unroutedLimit),
                "x-message-ttl": .int(unroutedAge),
                "x-overflow": "drop-head",
                // Each look at the events is a delivery, and RabbitMQ 4 drops a message after twenty.
                "x-delivery-limit": 1_000_000,
            ]
        )
        let workQueues: [String] =
            Lane.allCases.flatMap { [names.queue(of: $0), names.dueQueue(of: $0)] } + [names.campaign, names.cancel]
        let work = workQueues.map { AMQPQueue($0, arguments: workQueue(deadTo: names.dead)) }
        let workBindings: [AMQPBinding] =
            Lane.allCases.flatMap { lane in
                [
                    AMQPBinding(from: names.commands, to: .queue(names.queue(of: lane)), routingKey: lane.routingKey),
                    AMQPBinding(from: names.due, to: .queue(names.dueQueue(of: lane)), routingKey: lane.routingKey),
                ]
            } + [
                AMQPBinding(from: names.commands, to: .queue(names.campaign), routingKey: BrokerNames.campaignKey),
                AMQPBinding(from: names.commands, to: .queue(names.cancel), routingKey: BrokerNames.cancelKey),
            ]
        let waits = WaitLevel.allCases.map { (name: names.retry($0.name), level: $0) }
        return AMQPTopology(
            exchanges: exchanges + waits.map { AMQPExchange($0.name, .fanout) },
            queues: [dead, unroutedQueue] + work
                + waits.map { AMQPQueue($0.name, arguments: waitQueue($0.level, backTo: names.due)) },
            bindings: workBindings + [AMQPBinding(from: names.unrouted, to: .queue(names.unrouted))]
                + waits.map { AMQPBinding(from: $0.name, to: .queue($0.name)) },
            mode: isDeclaring ? .declare : .passive
        )
    }

    /// A quorum queue that refuses rather than drops, and dead-letters a command that kills its handlers.
    private static func workQueue(deadTo dead: String) -> AMQPTable {
        [
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": .string(dead),
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
            "x-delivery-limit": 1000,
        ]
    }

    /// A wait queue: what waited there goes to the due queue of its lane, by the routing key it came with.
    private static func waitQueue(_ level: WaitLevel, backTo due: String) -> AMQPTable {
        [
            "x-queue-type": "quorum",
            "x-message-ttl": .int(level.duration.components.seconds * 1000),
            "x-dead-letter-exchange": .string(due),
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        ]
    }
}
