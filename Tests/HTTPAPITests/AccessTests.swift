import Contracts
import HTTPTypes
import NIOHTTP1
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("Access to the API")
struct AccessTests {
    private func verdict(
        _ fields: [(String, String)] = [],
        host: String? = "localhost:3000",
        from peer: String? = "127.0.0.1",
        keys: [String] = [],
        servesLoopback: Bool = true
    ) -> APIAccess.Verdict {
        var head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/messages/1")
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { head.headerFields.append(HTTPField(name: name, value: value)) }
        }
        return APIAccess(keys: keys, servesLoopback: servesLoopback).verdict(on: head, from: peer)
    }

    private func isAdmitted(_ verdict: APIAccess.Verdict) -> Bool {
        if case .admitted = verdict { true } else { false }
    }

    @Test("by key: any of them, from anywhere, and a digest says who it was")
    func keys() {
        let keys = ["first-key", "second-key"]
        let first = verdict([("Authorization", "Bearer first-key")], from: "192.0.2.1", keys: keys)
        let second = verdict([("Authorization", "bearer  second-key")], host: "evil", from: nil, keys: keys)
        #expect(isAdmitted(first))
        #expect(isAdmitted(second))
        #expect(first != second)
        #expect(!"\(first)\(second)".contains("first-key"))
    }

    @Test(
        "by key: nothing else will do",
        arguments: [
            "", "Bearer", "Bearer ", "Bearer wrong", "Bearer KEY", "Bearer keys", "Bearer key, Bearer key", "Basic key",
            "key", "Bearerkey",
        ]
    )
    func wrongKeys(value: String) {
        #expect(!isAdmitted(verdict([("Authorization", value)], keys: ["key"])))
        #expect(!isAdmitted(verdict(keys: ["key"])))
    }

    @Test("without keys and API_LOOPBACK: no client, this host neither; with keys no client without one")
    func closed() {
        for peer in ["127.0.0.1", "::1", "192.0.2.1", nil] {
            #expect(verdict(from: peer, servesLoopback: false) == .forbidden)
            #expect(verdict([("Authorization", "Bearer key")], from: peer, servesLoopback: false) == .forbidden)
            for servesLoopback in [false, true] {
                let keyless = verdict(from: peer, keys: ["key"], servesLoopback: servesLoopback)
                #expect(keyless == .unauthorized(isKeyMissing: true))
            }
        }
    }

    @Test(
        "with API_LOOPBACK: from this host, under one of its own names",
        arguments: ["localhost", "LocalHost:3000", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:65535"]
    )
    func loopback(host: String) {
        for peer in ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"] {
            #expect(isAdmitted(verdict(host: host, from: peer)))
        }
        for peer in ["192.0.2.1", "::2", "10.0.0.1", "nonsense", nil] {
            #expect(verdict(host: host, from: peer) == .forbidden)
        }
    }

    @Test(
        "with API_LOOPBACK: no other name",
        arguments: [
            "example.com", "localhost.example.com", "localhost:", "localhost:x", "localhost:99999", "127.0.0.2", "::1",
            "[::2]", "127.0.0.1.nip.io:3000", "", "localhost:+80", "user@localhost", nil,
        ]
    )
    func hosts(host: String?) {
        #expect(verdict(host: host) == .forbidden)
    }

    @Test(
        "with API_LOOPBACK: no client in between",
        arguments: [
            "Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Forwarded-Anything",
            "X-Real-IP",
            "Via", "Host",
        ]
    )
    func forwarded(name: String) {
        #expect(verdict([(name, "")]) == .forbidden)
        #expect(verdict([(name, "127.0.0.1")]) == .forbidden)
    }

    @Test("with API_LOOPBACK: no page of another site in a browser on this host")
    func origin() {
        #expect(isAdmitted(verdict([("Origin", "http://localhost:8080")])))
        for origin in ["https://example.com", "null", "http://localhost.example.com", ""] {
            #expect(verdict([("Origin", origin)]) == .forbidden)
        }
    }

    @Test("is held up for an address that gave ten wrong keys in a minute, and for no other", .timeLimit(.minutes(3)))
    func slowed() async throws {
        let proxies = [try #require(CIDRBlock("127.0.0.0/8"))]
        try await TestServer.with(api: FakeSendAPI(), keys: ["key"], proxies: proxies) { server in
            func ask(_ key: String?, from client: String) async throws -> TestServer.Answer {
                let fields = [("X-Forwarded-For", client)] + (key.map { [("Authorization", "Bearer \($0)")] } ?? [])
                return try await server.request("/messages/a", .GET, headers: fields)
            }
            for _ in 0..<20 { #expect(try await ask(nil, from: "192.0.2.1").status == .unauthorized) }
            for number in 0..<10 {
                #expect(try await ask("guess-\(number)", from: "192.0.2.1").status == .unauthorized)
            }
            for key in ["guess", "key"] {
                let slowed = try await ask(key, from: "192.0.2.1")
                #expect(slowed.status == .tooManyRequests, "whether a key is right must not be shown")
                #expect(slowed.headers.first(name: "content-type") == "application/problem+json")
                let wait = try #require(slowed.headers.first(name: "retry-after").flatMap { Int($0) })
                #expect((1...60).contains(wait))
            }
            #expect(try await ask(nil, from: "192.0.2.1").status == .unauthorized)
            #expect(try await ask("key", from: "192.0.2.2").status == .notFound)
        }
    }

    @Test("is held up for a minute, by IPv4 address or IPv6 network")
    func wrongKeySources() {
        let (wrong, start) = (WrongKeys(trustedProxies: []), ContinuousClock.now)
        func source(_ peer: String?) -> String {
            wrong.source(of: HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/"), from: peer)
        }
        for second in 0..<10 {
            #expect(wrong.wait(of: source("2001:db8::1"), now: start + .seconds(second)) == nil)
            wrong.note(from: source("2001:db8::\(second)"), now: start + .seconds(second))
        }
        #expect(wrong.wait(of: source("2001:db8::ffff"), now: start + .seconds(10)) == .seconds(50))
        #expect(wrong.wait(of: source("2001:db8:0:1::1"), now: start + .seconds(10)) == nil)
        #expect(wrong.wait(of: source("192.0.2.1"), now: start + .seconds(10)) == nil)
        #expect(wrong.wait(of: source("2001:db8::1"), now: start + .seconds(60)) == nil)
        #expect(source("192.0.2.1") == source("::ffff:192.0.2.1"))
        #expect(source("192.0.2.1") != source("192.0.2.2"))
        #expect(source(nil) == source("nonsense"))
    }

    @Test("is asked for on every path of the API and on no other", .timeLimit(.minutes(3)))
    func paths() async throws {
        try await TestServer.with(api: FakeSendAPI(), keys: ["key"]) { server in
            for (path, method) in [("/send-sms", HTTPMethod.POST), ("/messages/a", .GET), ("/messages/a", .DELETE)] {
                let refused = try await server.request(path, method)
                #expect(refused.status == .unauthorized)
                #expect(refused.headers.first(name: "www-authenticate") == #"Bearer realm="sms-bridge""#)
                #expect(refused.headers.first(name: "content-type") == "application/problem+json")
                let wrong = try await server.request(path, method, headers: [("Authorization", "Bearer nokey")])
                #expect(wrong.status == .unauthorized)
                let right = try await server.request(path, method, headers: [("Authorization", "Bearer key")])
                #expect(right.status != .unauthorized)
            }
            for path in ["/health/live", "/health/ready", "/health/webhooks", "/openapi.yaml", "/webhooks/status"] {
                #expect(try await server.request(path, .GET).status == .ok)
            }
        }
        try await TestServer.with(api: FakeSendAPI(), loopback: true) { server in
            #expect(try await server.request("/messages/a", .GET).status == .notFound)
            let tunnelled = try await server.request("/messages/a", .GET, headers: [("X-Forwarded-For", "127.0.0.1")])
            #expect(tunnelled.status == .forbidden)
            let webhook = try await server.request("/webhooks/status", headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(webhook.status == .ok)
        }
    }

    @Test("is closed to all without keys, this host too, unless API_LOOPBACK opens it", .timeLimit(.minutes(3)))
    func closedPaths() async throws {
        let paths = [
            ("/send-sms", HTTPMethod.POST), ("/send-campaign", .POST), ("/messages/a", .GET), ("/messages/a", .DELETE),
            ("/campaigns/a", .GET), ("/opt-outs", .GET), ("/inspect?text=x", .GET),
        ]
        let open = [
            "/health/live", "/health/ready", "/health/webhooks", "/openapi.yaml", "/asyncapi.yaml", "/webhooks/status",
        ]
        try await TestServer.with(api: FakeSendAPI(), campaigns: FakeCampaignAPI(), loopback: false) { server in
            for (path, method) in paths {
                // As any client on this host, and as one that comes through a forwarder of bytes.
                for headers in [[], [("Authorization", "Bearer key")]] {
                    let refused = try await server.request(path, method, headers: headers)
                    #expect(refused.status == .forbidden, "\(path)")
                    #expect(refused.headers.first(name: "content-type") == "application/problem+json")
                    #expect(refused.body.contains("set API_KEYS, or API_LOOPBACK=true"))
                }
            }
            for path in open { #expect(try await server.request(path, .GET).status == .ok, "\(path)") }
        }
        try await TestServer.with(api: FakeSendAPI(), campaigns: FakeCampaignAPI()) { server in
            let served = try await server.request("/inspect?text=x", .GET)
            #expect(served.status == .ok)
            for (path, method) in paths { #expect(try await server.request(path, method).status != .forbidden) }
            for path in open { #expect(try await server.request(path, .GET).status == .ok, "\(path)") }
        }
    }
}
