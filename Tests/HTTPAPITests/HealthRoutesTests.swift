import NIOHTTP1
import Testing

@Suite("Health", .timeLimit(.minutes(3)))
struct HealthRoutesTests {
    @Test("is 200 with a report while all is well")
    func well() async throws {
        try await TestServer.with { server in
            let ready = try await server.request("/health/ready", .GET)
            #expect(ready.status == .ok)
            #expect(ready.headers.first(name: "content-type") == "application/json")
            #expect(ready.headers.first(name: "cache-control") == "no-store")
            #expect(ready.body == #"{"dependencies":[{"name":"broker.publish","ok":true}],"status":"ok"}"#)
            #expect(try await server.request("/health/live", .GET).body == #"{"dependencies":[],"status":"ok"}"#)
            #expect(try await server.request("/health/webhooks", .GET).status == .ok)
        }
    }

    @Test("is 503 with the dependency's name and trouble; live and the webhooks are asked apart")
    func notReady() async throws {
        try await TestServer.with(health: FakeHealth(isReady: false)) { server in
            let ready = try await server.request("/health/ready", .GET)
            #expect(ready.status == .serviceUnavailable)
            #expect(
                ready.body
                    == #"{"dependencies":[{"detail":"blocked","name":"broker.publish","ok":false}],"status":"unavailable"}"#
            )
            #expect(try await server.request("/health/live", .GET).status == .ok)
            #expect(try await server.request("/health/webhooks", .GET).status == .ok)
        }
        try await TestServer.with(health: FakeHealth(keepsWebhooks: false)) { server in
            let webhooks = try await server.request("/health/webhooks", .GET)
            #expect(webhooks.status == .serviceUnavailable)
            #expect(try await server.request("/health/ready", .GET).status == .ok)
        }
    }

    private static let failing =
        #"{"dependencies":[{"detail":"failing","name":"broker.publish","ok":false}],"status":"unavailable"}"#
    private static let proxied = ("X-Forwarded-For", "192.0.2.1")

    @Test("gives reasons to clients with a key or on this host, to all others which dependency fails")
    func reasons() async throws {
        for keys in [[], ["key"]] {
            try await TestServer.with(
                health: FakeHealth(isReady: false),
                api: FakeSendAPI(),
                keys: keys,
                loopback: false
            ) { server in
                func ask(_ headers: [(String, String)] = []) async throws -> String {
                    let answer = try await server.request("/health/ready", .GET, headers: headers)
                    #expect(answer.status == .serviceUnavailable)
                    return answer.body
                }
                let local = try await ask()
                #expect(local.contains("blocked"))
                let key = ("Authorization", "Bearer key")
                #expect(try await ask([Self.proxied, key]).contains("blocked") == !keys.isEmpty)
                for others in [
                    [Self.proxied], [("Via", "1.1 proxy")], [("Host", "sms.example.org")],
                    [Self.proxied, ("Authorization", "Bearer nokey")], [("Origin", "https://example.com")],
                ] {
                    #expect(try await ask(others) == Self.failing)
                }
            }
        }
    }

    @Test("withholds the reasons of /health/webhooks likewise, and what is worth knowing of what is well")
    func webhookReasons() async throws {
        let health = FakeHealth(keepsWebhooks: false, webhooksDetail: "/var/lib/ledger.db")
        try await TestServer.with(health: health, separate: true) { server in
            for port in [server.port, server.webhookPort] {
                let own = try await server.request("/health/webhooks", .GET, port: port)
                #expect(own.body.contains("ledger.db"))
                let other = try await server.request("/health/webhooks", .GET, port: port, headers: [Self.proxied])
                #expect(other.status == .serviceUnavailable)
                #expect(
                    other.body
                        == #"{"dependencies":[{"detail":"failing","name":"store","ok":false}],"status":"unavailable"}"#
                )
            }
        }
        try await TestServer.with(health: FakeHealth(webhooksDetail: "not verified")) { server in
            let other = try await server.request("/health/webhooks", .GET, headers: [Self.proxied])
            #expect(other.body == #"{"dependencies":[{"name":"store","ok":true}],"status":"ok"}"#)
        }
    }

    @Test("counts wrong keys with those of the API, never answers 401 or 429, and then takes no key for right")
    func wrongKeys() async throws {
        try await TestServer.with(health: FakeHealth(isReady: false), api: FakeSendAPI(), keys: ["key"]) { server in
            func ask(_ path: String, _ key: String) async throws -> TestServer.Answer {
                let headers = [("Authorization", "Bearer \(key)"), Self.proxied]
                return try await server.request(path, .GET, headers: headers)
            }
            #expect(try await ask("/health/ready", "key").body.contains("blocked"))
            #expect(try await ask("/messages/a", "key").status == .notFound)
            for number in 0..<10 { #expect(try await ask("/health/ready", "guess-\(number)").body == Self.failing) }
            for key in ["guess", "key"] {
                let answer = try await ask("/health/ready", key)
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.body == Self.failing, "whether a key is right must not be shown")
                #expect(answer.headers.first(name: "retry-after") == nil)
                #expect(answer.headers.first(name: "www-authenticate") == nil)
            }
            #expect(try await ask("/messages/a", "key").status == .tooManyRequests)
        }
    }

    @Test("answers HEAD without a body, and refuses other methods")
    func methods() async throws {
        try await TestServer.with(health: FakeHealth(isReady: false)) { server in
            let head = try await server.request("/health/ready", .HEAD)
            #expect(head.status == .serviceUnavailable)
            #expect(head.body == "")
            let post = try await server.request("/health/ready", .POST)
            #expect(post.status == .methodNotAllowed)
            #expect(post.headers.first(name: "allow") == "GET, HEAD")
        }
    }
}
