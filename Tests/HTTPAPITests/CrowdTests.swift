import Contracts
import NIOCore
import NIOPosix
import Testing

@testable import HTTPAPI

/// Other addresses are other addresses of loopback: for these servers only 127.0.0.1 is this host.
@Suite("A crowd of connections", .timeLimit(.minutes(3)))
struct CrowdTests {
    private static let live = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let thisHost = [CIDRBlock("127.0.0.1")].compactMap(\.self)

    /// Connections over which nothing is ever said, for as long as the body runs.
    private func withSilence(
        _ count: Int,
        from addresses: [String],
        to port: Int,
        _ body: () async throws -> Void
    ) async throws {
        var channels: [any Channel] = []
        for number in 0..<count {
            let address = try SocketAddress(ipAddress: addresses[number % addresses.count], port: 0)
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(to: address)
                .connect(host: "127.0.0.1", port: port)
                .get()
            channels.append(channel)
        }
        let result: Result<Void, any Error>
        do {
            try await body()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for channel in channels { try? await channel.close() }
        try result.get()
    }

    /// The status of /health/live, and how long it took.
    private func health(of server: TestServer, from address: String? = nil) async throws -> (Int, Duration) {
        let start = ContinuousClock.now
        let answer = try await RawConnection.to(server.port, from: address) { client in
            try await client.send(Self.live)
            return try await client.answer()
        }
        return (answer.status, .now - start)
    }

    @Test(
        "of silent clients keeps no other client out, from however many addresses they come",
        arguments: [["127.0.0.2"], (2...9).map { "127.0.0.\($0)" }]
    )
    func silence(addresses: [String]) async throws {
        try await TestServer.with(local: Self.thisHost, limits: .with(connections: 100, kept: 16)) { server in
            try await withSilence(200, from: addresses, to: server.port) {
                for address in [nil, "127.0.0.2", "127.0.0.20"] {
                    let (status, took) = try await health(of: server, from: address)
                    #expect(status == 200, "\(address ?? "this host")")
                    #expect(took < .seconds(3), "\(address ?? "this host")")
                }
            }
        }
    }

    @Test("of one address that asks over all of its share is refused what is beyond, in words; others are not")
    func share() async throws {
        let gate = Gate()
        let log = LogBook()
        let receiver = FakeReceiver(work: { await gate.pass() })
        let webhook = "POST /webhooks/status HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
        try await TestServer.with(
            receiver,
            local: Self.thisHost,
            log: log,
            limits: .with(answer: .seconds(30), connections: 8, kept: 1)
        ) { server in
            try await RawConnection.to(server.port, from: "127.0.0.2") { first in
                try await first.send(webhook)
                await gate.arrival()
                try await RawConnection.to(server.port, from: "127.0.0.2") { second in
                    try await second.send(webhook)
                    await gate.arrival()
                    let refused = try await RawConnection.to(server.port, from: "127.0.0.2") { third in
                        try await third.answer()
                    }
                    #expect(refused.status == 503)
                    #expect(refused.header("retry-after") == "1")
                    for address in [nil, "127.0.0.3"] {
                        let (status, _) = try await health(of: server, from: address)
                        #expect(status == 200)
                    }
                    gate.open()
                    #expect(try await second.answer().status == 200)
                }
                #expect(try await first.answer().status == 200)
            }
        }
        #expect(log.lines.filter { $0.contains("connections of one address are refused") }.count == 1)
    }

    @Test("of a trusted proxy has no share")
    func proxy() async throws {
        let proxies = [CIDRBlock("127.0.0.4")].compactMap(\.self)
        try await TestServer.with(
            proxies: proxies,
            local: Self.thisHost,
            limits: .with(connections: 12, kept: 1)
        ) { server in
            // More than a quarter, each of them kept open and asked over twice: none was closed for another.
            try await manyTimes(8, server) { client in
                try await client.send(Self.live)
                #expect(try await client.answer().status == 200)
            }
        }
    }

    /// Asks over so many connections, which are all open at the end, and then over each once more.
    private func manyTimes(
        _ count: Int,
        _ server: TestServer,
        _ ask: (RawConnection) async throws -> Void
    ) async throws {
        guard count > 0 else { return }
        try await RawConnection.to(server.port, from: "127.0.0.4") { client in
            try await ask(client)
            try await manyTimes(count - 1, server, ask)
            try await ask(client)
        }
    }

    @Test("whose first head does not come is cut off long before an idle one that has asked before")
    func firstHead() async throws {
        try await TestServer.with(limits: .with(firstHead: .milliseconds(200))) { server in
            let start = ContinuousClock.now
            try await RawConnection.to(server.port) { client in
                try await client.send("GET /health/live HTTP/1.1\r\n")
                #expect(try await client.rest() == "")
            }
            #expect(.now - start < .seconds(10))
        }
    }
}
