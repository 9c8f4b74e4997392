import Testing

@testable import AMQP

/// What real brokers do too seldom to be waited for.
@Suite("A broker that misbehaves", .timeLimit(.minutes(1)))
struct FakeBrokerTests {
    private func configuration(_ broker: FakeBroker) throws -> AMQPConfiguration {
        var configuration = try Broker.configuration("amqp://127.0.0.1:\(broker.port)")
        configuration.callTimeout = .milliseconds(500)
        return configuration
    }

    @Test("Frames smaller than AMQP allows are refused with an error that names them")
    func frameMax() async throws {
        let fake = FakeBroker(frameMax: 2048)
        let broker = try #require(fake)
        defer { broker.stop() }
        let connection = AMQPConnection(configuration: try configuration(broker), logger: Broker.logger)
        async let running: Void = connection.run()
        #expect(try await eventually { connection.status.lastError != nil })
        let error = try #require(connection.status.lastError)
        #expect(error.code == .connectFailed)
        #expect(error.message.contains("frame_max is 2048"))
        await connection.shutdown()
        try await running
    }

    @Test("A channel whose close is not answered costs the connection, and a new one is made")
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
}
