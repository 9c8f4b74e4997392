import Testing

@testable import AMQP

@Suite(
    "Consumers",
    .tags(.integration),
    .enabled(if: Broker.isConfigured, "SMS_BRIDGE_TEST_AMQP_URL is not set"),
    .timeLimit(.minutes(3))
)
struct ConsumerTests {
    @Test("No more than the prefetch is delivered before something is settled")
    func prefetch() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                try await publish(20, to: queue, over: connection)
                let consumer = try await connection.consume(queue: queue, prefetch: 5)
                var held: [AMQPDelivery] = []
                for _ in 0..<5 { held.append(try #require(await consumer.next(within: .seconds(5)))) }
                #expect(await consumer.next(within: .milliseconds(200)) == nil)
                #expect(try await connection.queueInfo(queue)?.readyCount == 15)
                for delivery in held { delivery.ack() }
                for _ in 0..<5 { _ = try #require(await consumer.next(within: .seconds(5))) }
            }
        }
    }

    @Test("After cancel what was taken can still be settled; what no task took is given back")
    func cancel() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                try await publish(10, to: queue, over: connection)
                let consumer = try await connection.consume(queue: queue, prefetch: 10)
                let taken = try #require(await consumer.next(within: .seconds(5)))
                let other = try #require(await consumer.next(within: .seconds(5)))
                await consumer.cancel()
                #expect(await consumer.next(within: .seconds(5)) == nil)
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 8 })
                #expect(taken.ack())
                #expect(other.nack(requeue: true))
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 9 })

                let next = try await connection.consume(queue: queue, prefetch: 10)
                for _ in 0..<9 { try #require(await next.next(within: .seconds(5))).ack() }
                await next.cancel()
                #expect(try await connection.queueInfo(queue)?.readyCount == 0)
            }
        }
    }

    @Test("Close gives back everything that is not settled")
    func close() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                try await publish(10, to: queue, over: connection)
                let consumer = try await connection.consume(queue: queue, prefetch: 10)
                var held: [AMQPDelivery] = []
                for _ in 0..<10 { held.append(try #require(await consumer.next(within: .seconds(5)))) }
                #expect(held[3].ack())
                let isWritten = try await eventually { try await connection.queueInfo(queue)?.readyCount == 0 }
                #expect(isWritten)
                await consumer.close()
                #expect(!held[4].ack(), "its channel is gone")
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 9 })
            }
        }
    }

    @Test("What was acked right before a close is not delivered again", arguments: 1...5)
    func ackThenClose(round: Int) async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                try await publish(50, to: queue, over: connection)
                let consumer = try await connection.consume(queue: queue, prefetch: 50)
                var held: [AMQPDelivery] = []
                for _ in 0..<50 { held.append(try #require(await consumer.next(within: .seconds(5)))) }
                for delivery in held.dropLast(10) { #expect(delivery.ack()) }
                await consumer.close()
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 10 })
            }
        }
    }

    @Test("Several tasks share one consumer, each delivery goes to one of them")
    func shared() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let consumer = try await connection.consume(queue: queue, prefetch: 50)
                let total = 1000
                try await withThrowingTaskGroup(of: Set<String>.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            var mine = Set<String>()
                            for await delivery in consumer {
                                mine.insert(String(decoding: delivery.body, as: UTF8.self))
                                delivery.ack()
                            }
                            return mine
                        }
                    }
                    try await publish(total, to: queue, over: connection)
                    #expect(
                        try await eventually {
                            let info = try await connection.queueInfo(queue)
                            return info?.readyCount == 0
                        }
                    )
                    await consumer.cancel()
                    var all: [String] = []
                    for try await mine in group { all += mine }
                    #expect(all.count == total)
                    #expect(Set(all).count == total)
                }
            }
        }
    }

    @Test("A discarded message goes to the dead-letter exchange")
    func discard() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { dead in
                let arguments: AMQPTable = ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead)]
                try await withQueue(connection, arguments) { queue in
                    try await publish(1, to: queue, over: connection)
                    let consumer = try await connection.consume(queue: queue, prefetch: 1)
                    let delivery = try #require(await consumer.next(within: .seconds(5)))
                    #expect(delivery.reject(requeue: false))
                    let deadLetters = try await connection.consume(queue: dead, prefetch: 1)
                    let deadLetter = try #require(await deadLetters.next(within: .seconds(5)))
                    guard case .array(let deaths)? = deadLetter.headers["x-death"],
                        case .table(let death)? = deaths.first
                    else {
                        Issue.record("no x-death in \(deadLetter.headers)")
                        return
                    }
                    #expect(death["queue"] == .string(queue))
                    #expect(death["reason"] == "rejected")
                    #expect(death["count"]?.intValue == 1)
                }
            }
        }
    }

    @Test("A body beyond the consumer's limit is not kept; refused, the message lies whole in the dead letters")
    func bodyLimit() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { dead in
                let arguments: AMQPTable = ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead)]
                try await withQueue(connection, arguments) { queue in
                    let large = [UInt8](repeating: 7, count: 300_001)
                    try await connection.publish(AMQPMessage(body: large), to: "", routingKey: queue)
                    try await connection.publish(AMQPMessage(body: [1]), to: "", routingKey: queue)
                    let consumer = try await connection.consume(queue: queue, prefetch: 2, bodyLimitBytes: 300_000)
                    let first = try #require(await consumer.next(within: .seconds(5)))
                    #expect(first.bodyIsTooLarge)
                    #expect(first.body.isEmpty)
                    #expect(first.bodySize == 300_001)
                    let second = try #require(await consumer.next(within: .seconds(5)))
                    #expect(!second.bodyIsTooLarge)
                    #expect(second.body == [1])
                    #expect(first.nack(requeue: false))
                    let deadLetters = try await connection.consume(queue: dead, prefetch: 1)
                    let deadLetter = try #require(await deadLetters.next(within: .seconds(5)))
                    #expect(deadLetter.body == large)
                }
            }
        }
    }

    @Test("A consumer that acknowledges by itself holds no more than its prefetch, and loses nothing")
    func autoAck() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                try await publish(20, to: queue, over: connection)
                let consumer = try await connection.consume(queue: queue, prefetch: 5, isAutoAck: true)
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 15 })
                #expect(try await eventually { await consumer.unsettledCount() == 5 })
                let first = try #require(await consumer.next(within: .seconds(5)))
                #expect(first.ack(), "nothing is left to settle")
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 14 })
                await consumer.cancel()
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 19 })
            }
        }
    }

    @Test("A consumer comes back to its queue although something else of the topology is refused")
    func ownQueueOnly() async throws {
        let queue = Broker.uniqueName()
        let other = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(queue), AMQPQueue(other)])
        try await withConnection(topology: topology) { connection in
            let consumer = try await connection.consume(queue: queue, prefetch: 5)
            try await consumer.waitUntilSubscribed(within: .seconds(5))
            // Another client declares the other one differently; then this queue is deleted.
            try await connection.deleteQueue(other)
            try await connection.declare(AMQPTopology(queues: [AMQPQueue(other, arguments: ["x-max-length": 5])]))
            try await connection.deleteQueue(queue)
            #expect(try await eventually { consumer.status.subscribeCount == 2 })
            try await publish(1, to: queue, over: connection)
            try #require(await consumer.next(within: .seconds(5))).ack()
            await consumer.cancel()
            try await connection.deleteQueue(queue)
            try await connection.deleteQueue(other)
        }
    }

    @Test("A temporary queue has a name for answers, and what its bindings bring")
    func temporary() async throws {
        try await withConnection { connection in
            let consumer = try await connection.consumeTemporary(bindings: [
                AMQPTemporaryBinding(exchange: "amq.topic", routingKey: "tmp.#")
            ])
            let name = try await consumer.waitUntilSubscribed(within: .seconds(5))
            #expect(name.hasPrefix("amq.gen-"))
            #expect(consumer.queueName == name)
            try await connection.publish(AMQPMessage(body: [1]), to: "", routingKey: name)
            try await connection.publish(AMQPMessage(body: [2]), to: "amq.topic", routingKey: "tmp.a.b")
            #expect(await consumer.next(within: .seconds(5))?.body == [1])
            let second = try #require(await consumer.next(within: .seconds(5)))
            #expect(second.body == [2])
            #expect(second.ack(), "nothing is settled, which is fine")
            await consumer.cancel()
            #expect(try await eventually { try await connection.queueInfo(name) == nil })
        }
    }

    @Test("A queue deleted under its consumer is declared again, and consumed")
    func queueDeleted() async throws {
        let queue = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(queue)])
        try await withConnection(topology: topology) { connection in
            let consumer = try await connection.consume(queue: queue, prefetch: 5)
            try await publish(1, to: queue, over: connection)
            let held = try #require(await consumer.next(within: .seconds(5)))
            try await connection.deleteQueue(queue)
            #expect(try await eventually { consumer.status.subscribeCount == 2 })
            held.ack()
            try await publish(3, to: queue, over: connection)
            for _ in 0..<3 { try #require(await consumer.next(within: .seconds(5))).ack() }
            #expect(connection.status.connectCount == 1)
            await consumer.cancel()
            try await connection.deleteQueue(queue)
        }
    }

    @Test("A consumer of a queue that does not exist yet waits for it")
    func queueMissing() async throws {
        try await withConnection { connection in
            let queue = Broker.uniqueName()
            let consumer = try await connection.consume(queue: queue, prefetch: 5)
            let error = try await amqpError { try await consumer.waitUntilSubscribed(within: .milliseconds(300)) }
            #expect(error.code == .timeout)
            #expect((error.underlying as? AMQPError)?.replyCode == 404)
            #expect(consumer.status.lastError?.entity == "queue '\(queue)'")
            try await connection.declare(AMQPTopology(queues: [AMQPQueue(queue)]))
            try await consumer.waitUntilSubscribed(within: .seconds(5))
            await consumer.cancel()
            try await connection.deleteQueue(queue)
        }
    }

    @Test("A task that waits for a delivery can be cancelled; the consumer goes on")
    func cancelledTask() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let consumer = try await connection.consume(queue: queue, prefetch: 5)
                let task = Task {
                    var count = 0
                    for await _ in consumer { count += 1 }
                    return count
                }
                task.cancel()
                #expect(await task.value == 0)
                try await publish(1, to: queue, over: connection)
                #expect(await consumer.next(within: .seconds(5)) != nil)
            }
        }
    }
}
