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

    // A broker cannot be made to offer less: librabbitmq as Debian ships it asks such a one
    // for 4096 bytes by itself, an unpatched one takes what is offered.
    @Test("Frames smaller than AMQP allows are refused with a sentence that names them")
    func frameMax() {
        #expect(AMQPLimits.problem(frameMaxBytes: 2048)?.contains("frame_max is 2048") == true)
        #expect(AMQPLimits.problem(frameMaxBytes: 4095) != nil)
        #expect(AMQPLimits.problem(frameMaxBytes: 4096) == nil)
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
