import TestSupport
import Testing

@testable import AMQP

/// What happens when the broker misbehaves: one node of its own, one failure after the other.
@Suite(
    "Outages",
    .tags(.integration, .stress),
    .enabled(if: PrivateNode.script != nil, "SMS_BRIDGE_TEST_BROKER_CTL is not set"),
    .privateNode,
    .serialized,
    .timeLimit(.minutes(3))
)
struct OutageTests {
    private func configuration(_ node: PrivateNode, heartbeat: Duration = .seconds(10)) throws -> AMQPConfiguration {
        var configuration = try Broker.configuration(node.url)
        configuration.heartbeat = heartbeat
        return configuration
    }

    @Test("A connection closed by the broker comes back with its consumers; old acks are dropped, messages come again")
    func closedByBroker() async throws {
        let node = try await PrivateNode.ready()
        let queue = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(queue)])
        try await withConnection(configuration(node), topology: topology) { connection in
            let consumer = try await connection.consume(queue: queue, prefetch: 10)
            let temporary = try await connection.consumeTemporary()
            let firstName = try await temporary.waitUntilSubscribed(within: .seconds(5))
            try await publish(3, to: queue, over: connection)
            var held: [AMQPDelivery] = []
            for _ in 0..<3 { held.append(try #require(await consumer.next(within: .seconds(5)))) }

            try await node("ctl", "close_all_connections", "test")
            #expect(try await eventually { connection.status.connectCount == 2 })
            #expect(connection.status.lastError?.replyCode == 320)
            for delivery in held { #expect(!delivery.ack()) }
            for _ in 0..<3 {
                let delivery = try #require(await consumer.next(within: .seconds(5)))
                #expect(delivery.isRedelivered)
                #expect(delivery.ack())
            }
            #expect(await consumer.next(within: .milliseconds(200)) == nil)
            let secondName = try await temporary.waitUntilSubscribed(within: .seconds(5))
            #expect(secondName != firstName)
            try await connection.publish(AMQPMessage(body: [7]), to: "", routingKey: secondName)
            #expect(await temporary.next(within: .seconds(5))?.body == [7])
        }
    }

    @Test("A topology that was in place and is refused on a new connection keeps no consumer from its own queue")
    func changedMeanwhile() async throws {
        let node = try await PrivateNode.ready()
        let queue = Broker.uniqueName()
        let other = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(other), AMQPQueue(queue)])
        try await withConnection(configuration(node), topology: topology) { connection in
            let consumer = try await connection.consume(queue: queue, prefetch: 10)
            try await consumer.waitUntilSubscribed(within: .seconds(5))
            try await connection.deleteQueue(other)
            try await connection.declare(AMQPTopology(queues: [AMQPQueue(other, arguments: ["x-max-length": 5])]))
            try await node("ctl", "close_all_connections", "test")
            #expect(try await eventually { consumer.status.subscribeCount == 2 })
            #expect(connection.status.connectCount == 2)
            try await publish(1, to: queue, over: connection)
            try #require(await consumer.next(within: .seconds(5))).ack()
        }
    }

    @Test("Over a restart: a publish with time waits and arrives, one without fails, consumers go on, the lock is held")
    func restart() async throws {
        let node = try await PrivateNode.ready()
        let queue = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(queue)])
        try await withConnection(configuration(node), topology: topology) { connection in
            try await connection.acquireExclusive(queue: "lock")
            let consumer = try await connection.consume(queue: queue, prefetch: 10)
            try await consumer.waitUntilSubscribed(within: .seconds(5))
            try await node("stop")
            #expect(try await eventually { !connection.state.isConnected })

            let message = AMQPMessage(body: [1], properties: AMQPProperties(deliveryMode: .persistent))
            let error = try await amqpError {
                try await connection.publish(message, to: "", routingKey: queue, timeout: .milliseconds(300))
            }
            #expect(error.code == .notConnected)
            #expect(!error.mayHaveArrived)
            #expect((error.underlying as? AMQPError)?.code == .connectFailed)

            async let patient: Void = connection.publish(
                message,
                to: "",
                routingKey: queue,
                timeout: .seconds(60)
            )
            try await node("start")
            try await patient
            try #require(await consumer.next(within: .seconds(10))).ack()
            #expect(consumer.status.subscribeCount == 2)
            try await withConnection(configuration(node)) { other in
                let error = try await amqpError { try await other.acquireExclusive(queue: "lock") }
                #expect(error.code == .lockedByAnother)
            }
        }
    }

    @Test("A broker that hangs is noticed within two heartbeats; what was in flight has an unknown outcome")
    func hung() async throws {
        let node = try await PrivateNode.ready()
        try await withConnection(configuration(node, heartbeat: .seconds(2))) { connection in
            try await withQueue(connection) { queue in
                let message = AMQPMessage(body: [1])
                try await connection.publish(message, to: "", routingKey: queue)
                try await node("pause")
                let paused = ContinuousClock.now
                async let inFlight = amqpError {
                    try await connection.publish(message, to: "", routingKey: queue, timeout: .seconds(30))
                }
                #expect(try await eventually { !connection.state.isConnected })
                #expect(paused.duration(to: .now) < .seconds(6), "two heartbeats, and the script's own time")
                let error = try await inFlight
                #expect(error.code == .unknownOutcome)
                #expect(error.mayHaveArrived)
                try await node("resume")
                try await connection.publish(message, to: "", routingKey: queue, timeout: .seconds(30))
                let count = try await connection.queueInfo(queue)?.readyCount
                #expect(count == 2 || count == 3)
            }
        }
    }

    @Test("A hung broker does not hang the deadlines, however much is written to it")
    func hungWhileWriting() async throws {
        let node = try await PrivateNode.ready()
        var configuration = try configuration(node, heartbeat: .seconds(3))
        configuration.callTimeout = .seconds(2)
        try await withConnection(configuration) { connection in
            try await withQueue(connection) { queue in
                try await node("pause")
                let message = AMQPMessage(body: Array(repeating: 7, count: 1 << 20))
                let start = ContinuousClock.now
                try await withThrowingTaskGroup(of: AMQPError.self) { group in
                    for _ in 0..<30 {
                        group.addTask {
                            try await amqpError {
                                try await connection.publish(
                                    message,
                                    to: "",
                                    routingKey: queue,
                                    timeout: .seconds(1)
                                )
                            }
                        }
                    }
                    for try await error in group {
                        #expect([.unknownOutcome, .timeout].contains(error.code), "\(error)")
                    }
                }
                #expect(start.duration(to: .now) < .seconds(3))
                try await node("resume")
                try await connection.publish(AMQPMessage(body: [1]), to: "", routingKey: queue, timeout: .seconds(30))
            }
        }
    }

    @Test("A broker that is killed is noticed at once")
    func killed() async throws {
        let node = try await PrivateNode.ready()
        try await withConnection(configuration(node)) { connection in
            try await node("kill")
            #expect(try await eventually(within: .seconds(2)) { !connection.state.isConnected })
            try await node("start")
            try await connection.waitUntilReady(within: .seconds(20))
        }
    }

    @Test("In a memory alarm publishes wait or fail as blocked, acks go on over another connection, and it passes")
    func blocked() async throws {
        let node = try await PrivateNode.ready()
        let queue = Broker.uniqueName()
        let message = AMQPMessage(body: [1])
        try await withConnection(configuration(node)) { publisher in
            try await publisher.declare(AMQPTopology(queues: [AMQPQueue(queue)]))
            try await publish(5, to: queue, over: publisher)
            try await withConnection(configuration(node)) { other in
                try await node("ctl", "set_vm_memory_high_watermark", "absolute", "1MB")
                // The broker reports its alarm only when something is published to it.
                let first = try await amqpError {
                    try await publisher.publish(message, to: "", routingKey: queue, timeout: .seconds(1))
                }
                #expect([.unknownOutcome, .blocked].contains(first.code))
                let isBlocked = try await eventually {
                    if case .blocked(let reason) = publisher.state { return reason.contains("memory") }
                    return false
                }
                #expect(isBlocked)
                let second = try await amqpError {
                    try await publisher.publish(message, to: "", routingKey: queue, timeout: .milliseconds(200))
                }
                #expect(second.code == .blocked)
                #expect(!second.mayHaveArrived)

                let consumer = try await other.consume(queue: queue, prefetch: 5)
                for _ in 0..<5 { try #require(await consumer.next(within: .seconds(5))).ack() }
                await consumer.close()

                async let patient: Void = publisher.publish(
                    message,
                    to: "",
                    routingKey: queue,
                    timeout: .seconds(30)
                )
                try await node("ctl", "set_vm_memory_high_watermark", "absolute", "1GB")
                try await patient
                #expect(publisher.state == .connected)
                #expect(publisher.status.blockedTime() > .milliseconds(200))
                #expect(publisher.status.connectCount == 1)
            }
        }
    }
}
