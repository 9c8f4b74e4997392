import AsyncHTTPClient
import Bridge
import Contracts
import Logging
import NIOCore
import NIOHTTP1
import SMSCore
import ServiceLifecycle

@testable import HTTPAPI

/// A server on free ports, for as long as the body runs.
struct TestServer: Sendable {
    /// What a request came to.
    struct Answer: Sendable {
        let status: HTTPResponseStatus
        let headers: HTTPHeaders
        let body: String
    }

    let port: Int
    let webhookPort: Int?
    private let group: ServiceGroup

    /// Runs a server for the time of `body`, then stops it as SIGTERM would, and waits for its end.
    ///
    /// Unless a test says otherwise its API is served to clients on this host, without keys.
    static func with(
        _ receiver: any WebhookReceiver = FakeReceiver(),
        health: FakeHealth = FakeHealth(),
        api: (any SendAPI)? = nil,
        campaigns: (any CampaignAPI)? = nil,
        optOuts: OptOutDesk? = nil,
        console: (any ConsoleAPI)? = nil,
        metrics: (@Sendable () async -> String)? = nil,
        keys: [String] = [],
        loopback: Bool = true,
        proxies: [CIDRBlock] = [],
        local: [CIDRBlock] = CIDRBlock.loopback,
        rate: PaceLimit = .unlimited,
        separate: Bool = false,
        log: LogBook = LogBook(),
        limits: HTTPLimits = HTTPLimits(),
        _ body: (TestServer) async throws -> Void
    ) async throws {
        var configuration = HTTPServerConfiguration(host: "127.0.0.1", port: 0, webhookPort: separate ? 0 : nil)
        configuration.limits = limits
        configuration.apiKeys = keys
        configuration.servesLoopback = loopback
        configuration.trustedProxies = proxies
        configuration.localNetworks = local
        configuration.apiRate = rate
        let (ports, announce) = AsyncStream.makeStream(of: HTTPServer.Listening.self)
        let server = HTTPServer(
            configuration: configuration,
            webhooks: receiver,
            health: health,
            api: api.map { APIParts(messages: $0, campaigns: campaigns, optOuts: optOuts, console: console) },
            metrics: metrics,
            logger: log.logger,
            onListening: { announce.yield($0) }
        )
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: log.logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { announce.finish() }
                try await group.run()
            }
            var found: [HTTPServer.Listening.Listener: Int] = [:]
            for await listening in ports {
                found[listening.listener] = listening.port
                if found.count == (separate ? 2 : 1) { break }
            }
            if let port = found[.main] {
                let running = TestServer(port: port, webhookPort: found[.webhooks], group: group)
                do {
                    try await body(running)
                } catch {
                    tasks.cancelAll()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    /// Stops the server as SIGTERM would, without waiting for its end.
    func stop() async {
        await group.triggerGracefulShutdown()
    }

    func request(
        _ path: String,
        _ method: HTTPMethod = .POST,
        port: Int? = nil,
        headers: [(String, String)] = [],
        body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port ?? self.port)\(path)")
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Answer(status: response.status, headers: response.headers, body: String(buffer: bytes))
    }
}

extension HTTPLimits {
    /// The defaults but for these.
    static func with(
        body: Duration = .seconds(2),
        answer: Duration = .milliseconds(2800),
        idle: Duration = .seconds(30),
        firstHead: Duration = .seconds(5),
        lingering: Duration = .seconds(1),
        connections: Int = 1000,
        kept: Int = 16
    ) -> HTTPLimits {
        var limits = HTTPLimits()
        limits.deadlines = RequestDeadlines(body: body, answer: answer)
        limits.idleTimeout = idle
        limits.firstHeadTimeout = firstHead
        limits.lingering = lingering
        limits.connections = connections
        limits.localConnections = kept
        return limits
    }
}
