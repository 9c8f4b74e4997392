import Testing

@testable import AMQP

@Suite(
    "Logging in",
    .tags(.integration),
    .enabled(if: Broker.isConfigured, "SMS_BRIDGE_TEST_AMQP_URL is not set"),
    .timeLimit(.minutes(3))
)
struct LoginTests {
    private func failure(_ change: (inout AMQPEndpoint) -> Void) async throws -> AMQPError {
        var configuration = try Broker.configuration()
        for index in configuration.endpoints.indices { change(&configuration.endpoints[index]) }
        let connection = AMQPConnection(configuration: configuration, logger: Broker.logger)
        async let running: Void = connection.run()
        #expect(try await eventually { connection.status.lastError != nil })
        await connection.shutdown()
        try await running
        return try #require(connection.status.lastError)
    }

    @Test("A wrong password is refused, reported without the password, and tried again")
    func password() async throws {
        let error = try await failure { $0.password = "hush-hush" }
        #expect(error.code == .accessRefused)
        #expect(error.replyCode == 403)
        #expect(error.isPermanent)
        #expect(!String(reflecting: error).contains("hush-hush"))
    }

    @Test("A virtual host that does not exist is refused")
    func virtualHost() async throws {
        let error = try await failure { $0.virtualHost = "nowhere" }
        #expect(error.code == .accessRefused)
        #expect(error.replyCode == 530)
    }

    @Test("A host or port that does not answer", arguments: ["no-such-host.invalid", "localhost"])
    func unreachable(host: String) async throws {
        let error = try await failure {
            $0.host = host
            $0.port = 1
        }
        #expect(error.code == .connectFailed)
        #expect(error.isRetriable)
        #expect(error.libraryCode != nil)
    }

    @Test("Of several endpoints the one that answers is used")
    func several() async throws {
        var configuration = try Broker.configuration()
        configuration.endpoints += Array(repeating: AMQPEndpoint(host: "localhost", port: 1), count: 5)
        try await withConnection(configuration) { connection in
            #expect(connection.status.connectCount == 1)
            #expect(connection.status.endpoint == configuration.endpoints.first?.description)
        }
    }

    @Test("The states are reported in order, from idle to closed")
    func states() async throws {
        let connection = AMQPConnection(configuration: try Broker.configuration(), logger: Broker.logger)
        let states = connection.states()
        async let running: Void = connection.run()
        try await connection.waitUntilReady(within: .seconds(10))
        await connection.shutdown()
        try await running
        var seen: [AMQPConnectionState] = []
        for await state in states { seen.append(state) }
        #expect(seen == [.idle, .connecting, .connected, .closing, .closed])
        await #expect(throws: AMQPError.self) { try await connection.run() }
        let error = try await amqpError {
            try await connection.publish(AMQPMessage(body: []), to: "", routingKey: "q")
        }
        #expect(error.code == .closed)
    }

    @Test("Cancelling the task of run ends it, and closes the connection")
    func cancelled() async throws {
        let connection = AMQPConnection(configuration: try Broker.configuration(), logger: Broker.logger)
        let running = Task { try await connection.run() }
        try await connection.waitUntilReady(within: .seconds(10))
        running.cancel()
        try await running.value
        #expect(connection.state == .closed)
    }

    @Test("Shutdown does not wait for an attempt to connect that cannot succeed")
    func shutdownWhileConnecting() async throws {
        let silent = try #require(SilentListener())
        let configuration = try Broker.configuration("amqp://localhost:\(silent.port)")
        let connection = AMQPConnection(configuration: configuration, logger: Broker.logger)
        async let running: Void = connection.run()
        let start = ContinuousClock.now
        #expect(try await eventually { connection.state != .idle })
        await connection.shutdown()
        try await running
        // Closing may take its whole limit; the attempt to connect would take longer than that.
        #expect(start.duration(to: .now) < min(configuration.connectTimeout, configuration.closeTimeout + .seconds(3)))
    }
}
