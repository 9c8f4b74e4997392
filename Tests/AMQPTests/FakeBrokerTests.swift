import Synchronization
import Testing

@testable import AMQP

/// What real brokers do too seldom to be waited for.
@Suite("A broker that misbehaves", .timeLimit(.minutes(3)))
struct FakeBrokerTests {
    private func configuration(_ broker: FakeBroker) throws -> AMQPConfiguration {
        var configuration = try Broker.configuration("amqp://127.0.0.1:\(broker.port)")
        configuration.callTimeout = .milliseconds(500)
        return configuration
    }

    // A broker cannot be made to offer less: librabbitmq as Debian ships it asks such a one
    // for 4096 bytes by itself, an unpatched one takes what is offered.
    @Test("Frames smaller than AMQP allows are refused with a sentence that names them")
    func frameMax() {
        #expect(AMQPLimits.problem(frameMaxBytes: 2048)?.contains("frame_max is 2048") == true)
        #expect(AMQPLimits.problem(frameMaxBytes: 4095) != nil)
        #expect(AMQPLimits.problem(frameMaxBytes: 4096) == nil)
    }

    @Test("A channel whose close is not answered closes the connection, and a new one is made")
    func unansweredClose() async throws {
        let fake = FakeBroker { frame in frame.methodID == 40 ? [] : FakeBroker.usualAnswer(to: frame) }
        let broker = try #require(fake)
        defer { broker.stop() }
        try await withConnection(configuration(broker)) { connection in
            let info = try await connection.queueInfo("q")
            #expect(info?.readyCount == 0)
            let isNew = try await eventually { connection.status.connectCount == 2 }
            #expect(isNew)
            #expect(connection.status.lastError?.message == "a channel's close was not answered in time")
        }
    }

    @Test("A confirm that never comes fails its publish alone: the next takes another channel, and the first is closed")
    func overdueConfirm() async throws {
        let fake = FakeBroker { frame in
            guard frame.type == 3, frame.channel != 1 else { return FakeBroker.usualAnswer(to: frame) }
            return FakeBroker.method(frame.channel, 60, 80, [0, 0, 0, 0, 0, 0, 0, 1, 0])
        }
        let broker = try #require(fake)
        defer { broker.stop() }
        try await withConnection(configuration(broker)) { connection in
            let message = AMQPMessage(body: [1])
            let error = try await amqpError {
                try await connection.publish(message, to: "e", routingKey: "k", timeout: .milliseconds(300))
            }
            #expect(error.code == .unknownOutcome)
            try await connection.publish(message, to: "e", routingKey: "k", timeout: .seconds(10))
            let close = FakeBroker.Frame(channel: 1, classID: 20, methodID: 40)
            #expect(try await eventually { broker.frames.contains(close) })
            #expect(connection.status.connectCount == 1)
        }
    }

    @Test("A silent peer is given up after two heartbeats, while the client's go out")
    func silent() async throws {
        let fake = FakeBroker { FakeBroker.usualAnswer(to: $0) }
        let broker = try #require(fake)
        defer { broker.stop() }
        var configuration = try configuration(broker)
        configuration.heartbeat = .seconds(1)
        try await withConnection(configuration) { connection in
            let isNew = try await eventually { connection.status.connectCount == 2 }
            #expect(isNew)
            #expect(connection.status.lastError?.message.contains("silent for two heartbeats") == true)
            #expect(broker.heartbeats >= 2)
        }
    }

    @Test("A message larger than the socket's buffer arrives whole, in frames of the size agreed upon")
    func large() async throws {
        let body = [UInt8](repeating: 7, count: 8 << 20)
        let frames = (body.count + 131_063) / 131_064
        let parts = Counter()
        let fake = FakeBroker { frame in
            guard frame.type == 3 else { return FakeBroker.usualAnswer(to: frame) }
            guard parts.next() == frames else { return [] }
            return FakeBroker.method(frame.channel, 60, 80, [0, 0, 0, 0, 0, 0, 0, 1, 0])
        }
        let broker = try #require(fake)
        defer { broker.stop() }
        try await withConnection(configuration(broker)) { connection in
            try await connection.publish(AMQPMessage(body: body), to: "e", routingKey: "k")
            #expect(broker.frames.count { $0.type == 3 } == frames)
            #expect(connection.status.connectCount == 1)
        }
    }

    @Test("What is published at the same time is written and confirmed, whichever thread it comes from")
    func manyPublishers() async throws {
        let bodies = Counter()
        let fake = FakeBroker { frame in
            // One confirm for all of them, when the last has come.
            guard frame.type == 3, bodies.next() == 200 else { return FakeBroker.usualAnswer(to: frame) }
            return FakeBroker.method(frame.channel, 60, 80, [0, 0, 0, 0, 0, 0, 0, 200, 1])
        }
        let broker = try #require(fake)
        defer { broker.stop() }
        try await withConnection(configuration(broker)) { connection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let message = AMQPMessage(body: [UInt8(number)])
                        try await connection.publish(message, to: "e", routingKey: "k", timeout: .seconds(10))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// Publishes at a connection that is not there.
@Suite("Publishing without a connection", .timeLimit(.minutes(3)))
struct UnconnectedPublishTests {
    private func connection() throws -> AMQPConnection {
        AMQPConnection(configuration: try Broker.configuration("amqp://127.0.0.1:1"), logger: Broker.logger)
    }

    @Test("Its deadline is kept although nothing else has started the connection's thread, time after time")
    func deadline() async throws {
        let connection = try connection()
        for _ in 0..<3 {
            let error = try await amqpError {
                try await connection.publish(
                    AMQPMessage(body: [1]),
                    to: "",
                    routingKey: "q",
                    timeout: .milliseconds(20)
                )
            }
            #expect(error.code == .notConnected)
            #expect(!error.mayHaveArrived)
        }
    }

    @Test("After the end each is refused")
    func closed() async throws {
        let connection = try connection()
        await connection.shutdown()
        let error = try await amqpError {
            try await connection.publish(AMQPMessage(body: [1]), to: "", routingKey: "q")
        }
        #expect(error.code == .closed)
    }
}

/// Counts, from any thread.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
