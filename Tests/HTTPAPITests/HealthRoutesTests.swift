import NIOHTTP1
import Testing

@Suite("Health", .timeLimit(.minutes(1)))
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
