import Testing

@testable import AMQP

/// Needs the node started with `SMS_BRIDGE_RABBIT_TLS=1`.
@Suite(
    "TLS",
    .tags(.integration),
    .enabled(if: Broker.isTLSConfigured, "SMS_BRIDGE_TEST_AMQP_TLS_PORT and SMS_BRIDGE_TEST_TLS_DIR are not set"),
    .timeLimit(.minutes(3))
)
struct TLSTests {
    private func configuration(_ query: String) throws -> AMQPConfiguration {
        try configuration("localhost", query)
    }

    private func configuration(_ host: String, _ query: String) throws -> AMQPConfiguration {
        let port = try #require(Broker.tlsPort)
        return try Broker.configuration("amqps://guest:guest@\(host):\(port)/?\(query)")
    }

    private func file(_ name: String) throws -> String {
        "\(try #require(Broker.tlsDirectory))/\(name)"
    }

    private func failure(_ configuration: AMQPConfiguration) async throws -> AMQPError {
        let connection = AMQPConnection(configuration: configuration, logger: Broker.logger)
        async let running: Void = connection.run()
        let error = try await amqpError { try await connection.waitUntilReady(within: .seconds(2)) }
        await connection.shutdown()
        try await running
        return try #require(error.underlying as? AMQPError)
    }

    @Test("With the right authority messages of every size go both ways", arguments: [10, 1 << 20])
    func works(size: Int) async throws {
        try await withConnection(configuration("cacertfile=\(file("ca.crt"))")) { connection in
            try await withQueue(connection) { queue in
                let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                let consumer = try await connection.consume(queue: queue, prefetch: 10)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask {
                            try await connection.publish(AMQPMessage(body: body), to: "", routingKey: queue)
                        }
                    }
                    try await group.waitForAll()
                }
                for _ in 0..<10 {
                    let delivery = try #require(await consumer.next(within: .seconds(10)))
                    #expect(delivery.body == body)
                    delivery.ack()
                }
            }
        }
    }

    @Test("A client certificate is shown")
    func clientCertificate() async throws {
        let query = try "cacertfile=\(file("ca.crt"))&certfile=\(file("client.crt"))&keyfile=\(file("client.key"))"
        try await withConnection(configuration(query)) { #expect($0.state == .connected) }
    }

    @Test("A client certificate of an unknown authority is refused by the broker")
    func strangersCertificate() async throws {
        let query = try "cacertfile=\(file("ca.crt"))&certfile=\(file("stranger.crt"))&keyfile=\(file("stranger.key"))"
        let error = try await failure(configuration(query))
        #expect([.tlsFailed, .connectFailed].contains(error.code))
    }

    @Test("A broker whose certificate another authority signed is refused")
    func wrongAuthority() async throws {
        let error = try await failure(configuration("cacertfile=\(file("other-ca.crt"))"))
        #expect(error.code == .tlsFailed)
    }

    @Test("The system's authorities do not know the test's")
    func systemAuthorities() async throws {
        #expect(try await failure(configuration("verify=verify_peer")).code == .tlsFailed)
    }

    @Test("A certificate for another host name is refused")
    func wrongHostName() async throws {
        // "127.1" leads to 127.0.0.1, and is neither a name nor an address in the certificate.
        let error = try await failure(configuration("127.1", "cacertfile=\(file("ca.crt"))"))
        #expect(error.code == .tlsFailed)
    }

    @Test("An IP address is compared with the certificate's IP names")
    func address() async throws {
        try await withConnection(configuration("127.0.0.1", "cacertfile=\(file("ca.crt"))")) {
            #expect($0.state == .connected)
        }
    }

    @Test("Without verification anything goes")
    func unverified() async throws {
        try await withConnection(configuration("127.1", "verify=verify_none")) { #expect($0.state == .connected) }
    }

    @Test("A file that cannot be used is named", arguments: ["cacertfile", "certfile"])
    func missingFile(parameter: String) async throws {
        let keys = parameter == "certfile" ? "&keyfile=/no/such/file&verify=verify_none" : ""
        let error = try await failure(configuration("\(parameter)=/no/such/file\(keys)"))
        #expect(error.code == .tlsFailed)
        #expect(error.message.contains("/no/such/file"))
    }
}
