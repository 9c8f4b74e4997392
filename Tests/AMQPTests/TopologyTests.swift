import Testing

@testable import AMQP

@Suite(
    "Topology",
    .tags(.integration),
    .enabled(if: Broker.isConfigured, "SMS_BRIDGE_TEST_AMQP_URL is not set"),
    .timeLimit(.minutes(3))
)
struct TopologyTests {
    private func topology(_ name: String) -> AMQPTopology {
        AMQPTopology(
            exchanges: [
                AMQPExchange(name, .direct),
                AMQPExchange(name + ".events", .topic, arguments: ["alternate-exchange": .string(name + ".unrouted")]),
                AMQPExchange(name + ".unrouted", .fanout),
            ],
            queues: [
                AMQPQueue(
                    name,
                    arguments: [
                        "x-queue-type": "quorum", "x-delivery-limit": 1000, "x-overflow": "reject-publish",
                        "x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(name + ".dead"),
                        "x-dead-letter-strategy": "at-least-once",
                    ]
                ),
                AMQPQueue(name + ".dead", arguments: ["x-queue-type": "quorum"]),
            ],
            bindings: [
                AMQPBinding(from: name, to: .queue(name), routingKey: "send"),
                AMQPBinding(from: name + ".events", to: .exchange(name), routingKey: "#"),
            ]
        )
    }

    private func remove(_ topology: AMQPTopology, _ connection: AMQPConnection) async throws {
        for queue in topology.queues { try await connection.deleteQueue(queue.name) }
        for exchange in topology.exchanges { try await connection.deleteExchange(exchange.name) }
    }

    @Test("Declared on connecting, again without harm, and it routes")
    func declare() async throws {
        let name = Broker.uniqueName()
        let topology = topology(name)
        try await withConnection(topology: topology) { connection in
            try await connection.declare(topology)
            try await connection.publish(AMQPMessage(body: [1]), to: name, routingKey: "send")
            try await connection.publish(AMQPMessage(body: [1]), to: name + ".events", routingKey: "send")
            #expect(try await connection.queueInfo(name)?.readyCount == 2)
            #expect(try await connection.check(topology).isEmpty)
            #expect(try await connection.purge(name) == 2)
            try await remove(topology, connection)
            #expect(try await connection.queueInfo(name) == nil)
        }
    }

    @Test("A passive check lists everything that is missing")
    func check() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let topology = AMQPTopology(
                    exchanges: [AMQPExchange("amq.topic", .topic), AMQPExchange("no.exchange", .topic)],
                    queues: [AMQPQueue("no.queue.1"), AMQPQueue(queue), AMQPQueue("no.queue.2")]
                )
                let problems = try await connection.check(topology)
                #expect(
                    problems.map(\.entity) == [
                        "exchange 'no.exchange'", "queue 'no.queue.1'", "queue 'no.queue.2'",
                    ]
                )
                #expect(problems.allSatisfy { $0.replyCode == 404 })
            }
        }
    }

    @Test("A queue that stands there with other arguments is a lasting error that names it")
    func different() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let other = AMQPTopology(queues: [AMQPQueue(queue, arguments: ["x-max-length": 5])])
                let error = try await amqpError { try await connection.declare(other) }
                #expect(error.code == .topologyRefused)
                #expect(error.replyCode == 406)
                #expect(error.entity == "queue '\(queue)'")
                #expect(error.isPermanent)

                // On connecting: seen in the state, tried again, never taken for success.
                let second = AMQPConnection(
                    configuration: try Broker.configuration(),
                    topology: other,
                    logger: Broker.logger
                )
                async let running: Void = second.run()
                let seen = try await eventually {
                    if case .reconnecting(let reason, let attempt) = second.state, attempt >= 2 {
                        return reason.replyCode == 406 && reason.entity == "queue '\(queue)'"
                    }
                    return false
                }
                #expect(seen)
                let waiting = try await amqpError { try await second.waitUntilReady(within: .milliseconds(50)) }
                #expect(waiting.code == .notConnected)
                #expect((waiting.underlying as? AMQPError)?.replyCode == 406)
                await second.shutdown()
                try await running
            }
        }
    }

    @Test("On connecting in passive mode a missing queue keeps the connection from being ready")
    func passive() async throws {
        let name = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(name)], mode: .passive)
        let second = AMQPConnection(
            configuration: try Broker.configuration(),
            topology: topology,
            logger: Broker.logger
        )
        async let running: Void = second.run()
        #expect(try await eventually { second.status.lastError?.replyCode == 404 })
        #expect(!second.state.isConnected)
        try await withConnection { try await $0.declare(topology) }
        try await second.waitUntilReady(within: .seconds(5))
        try await second.deleteQueue(name)
        await second.shutdown()
        try await running
    }

    @Test("An exclusive queue is a lock: held by one connection, free when that is gone")
    func lock() async throws {
        let name = Broker.uniqueName("lock")
        try await withConnection { second in
            try await withConnection { first in
                try await first.acquireExclusive(queue: name)
                try await first.acquireExclusive(queue: name)
                let error = try await amqpError { try await second.acquireExclusive(queue: name) }
                #expect(error.code == .lockedByAnother)
                #expect(error.replyCode == 405)
                #expect(error.isRetriable)
                #expect(error.entity == "queue '\(name)'")
            }
            let acquired = try await eventually {
                do {
                    try await second.acquireExclusive(queue: name)
                    return true
                } catch let error as AMQPError where error.code == .lockedByAnother {
                    return false
                }
            }
            #expect(acquired)
            try await second.releaseExclusive(queue: name)
        }
    }

    @Test("A connection whose lock is held by another stays away until it is free, then holds it")
    func lockOnConnecting() async throws {
        let name = Broker.uniqueName("lock")
        let second = AMQPConnection(
            configuration: try Broker.configuration(),
            locks: [name],
            logger: Broker.logger
        )
        try await withConnection { first in
            try await first.acquireExclusive(queue: name)
            async let running: Void = second.run()
            let seen = try await eventually {
                if case .reconnecting(let reason, _) = second.state { return reason.code == .lockedByAnother }
                return false
            }
            #expect(seen)
            try await first.releaseExclusive(queue: name)
            try await second.waitUntilReady(within: .seconds(5))
            let error = try await amqpError { try await first.acquireExclusive(queue: name) }
            #expect(error.code == .lockedByAnother)
            await second.shutdown()
            try await running
        }
    }

    @Test("Names that cannot be written are refused before they are")
    func invalid() async throws {
        try await withConnection { connection in
            let long = String(repeating: "x", count: 256)
            let error = try await amqpError { _ = try await connection.queueInfo(long) }
            #expect(error.code == .invalidArgument)
            #expect(connection.status.connectCount == 1)
        }
    }
}
