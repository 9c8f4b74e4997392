import Foundation
import Testing

@testable import AMQP

@Suite(
    "Reconnecting",
    .tags(.integration),
    .enabled(if: Broker.isConfigured, "SMS_BRIDGE_TEST_AMQP_URL is not set"),
    .timeLimit(.minutes(2))
)
struct ReconnectTests {
    /// Cuts the socket, as a network does.
    private func cut(_ connection: AMQPConnection) {
        // The connection's thread ends the "call" at its next turn, so this may need a few attempts.
        for _ in 0..<1000 {
            connection.watch.enter(limit: .zero)
            if connection.watch.interruptIfOverdue(now: .now + .seconds(1)) { return }
        }
    }

    private func entries(_ path: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: path).count
    }

    @Test("A hundred lost connections leave neither threads nor descriptors behind")
    func leaks() async throws {
        var configuration = try Broker.configuration()
        configuration.reconnectDelay = .milliseconds(2) ... .milliseconds(5)
        let queue = Broker.uniqueName()
        try await withConnection(configuration) { connection in
            try await connection.declare(AMQPTopology(queues: [AMQPQueue(queue)]))
            let consumer = try await connection.consume(queue: queue, prefetch: 10)
            let threads = try entries("/proc/self/task")
            let descriptors = try entries("/proc/self/fd")
            for round in 1...100 {
                cut(connection)
                #expect(try await eventually { connection.status.connectCount == round + 1 })
                try await consumer.waitUntilSubscribed(within: .seconds(5))
            }
            // Other tests run beside this one and have some of their own, for a while; what is left behind stays.
            #expect(
                try await eventually(within: .seconds(30)) {
                    try entries("/proc/self/task") < threads + 50 && entries("/proc/self/fd") < descriptors + 50
                }
            )
            try await publish(10, to: queue, over: connection)
            for _ in 0..<10 { try #require(await consumer.next(within: .seconds(5))).ack() }
            await consumer.cancel()
            try await connection.deleteQueue(queue)
        }
    }

    @Test("While connections are cut all the time, no confirmed message is lost")
    func noLoss() async throws {
        var configuration = try Broker.configuration()
        configuration.reconnectDelay = .milliseconds(2) ... .milliseconds(5)
        let queue = Broker.uniqueName()
        let topology = AMQPTopology(queues: [AMQPQueue(queue)])
        try await withConnection(configuration, topology: topology) { publisher in
            try await withConnection(configuration, topology: topology) { receiver in
                let consumer = try await receiver.consume(queue: queue, prefetch: 50)
                let total = 2000
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await withThrowingTaskGroup(of: Void.self) { publishers in
                            for lane in 0..<10 {
                                publishers.addTask {
                                    for number in stride(from: lane, to: total, by: 10) {
                                        try await publishUntilConfirmed("\(number)", to: queue, over: publisher)
                                    }
                                }
                            }
                            try await publishers.waitForAll()
                        }
                    }
                    group.addTask {
                        for round in 0..<20 {
                            try await Task.sleep(for: .milliseconds(40))
                            cut(round.isMultiple(of: 2) ? publisher : receiver)
                        }
                    }
                    var seen = Set<String>()
                    for await delivery in consumer {
                        if delivery.ack() { seen.insert(String(decoding: delivery.body, as: UTF8.self)) }
                        if seen.count == total { break }
                    }
                    #expect(seen.count == total)
                    try await group.waitForAll()
                }
                #expect(publisher.status.connectCount > 1)
                #expect(receiver.status.connectCount > 1)
                await consumer.cancel()
                try await receiver.deleteQueue(queue)
            }
        }
    }
}

private func publishUntilConfirmed(_ text: String, to queue: String, over connection: AMQPConnection) async throws {
    while true {
        do {
            return try await connection.publish(AMQPMessage(body: Array(text.utf8)), to: "", routingKey: queue)
        } catch let error as AMQPError where error.isRetriable {
            continue
        }
    }
}
