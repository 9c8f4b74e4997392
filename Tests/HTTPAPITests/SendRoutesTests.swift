import AsyncHTTPClient
import Bridge
import Contracts
import NIOCore
import NIOHTTP1
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("Sending over HTTP", .timeLimit(.minutes(3)))
struct SendRoutesTests {
    private static let body = #"{"to": "+14155550100", "message": "Hello"}"#
    private static let id = FakeSendAPI.id("id-1")

    private func post(
        _ server: TestServer,
        _ headers: [(String, String)] = [],
        body: String = body
    ) async throws -> TestServer.Answer {
        try await server.request("/send-sms", headers: headers, body: .bytes(ByteBuffer(string: body)))
    }

    @Test("answers what the provider took as the tutorial does")
    func accepted() async throws {
        let api = FakeSendAPI()
        try await TestServer.with(api: api) { server in
            let answer = try await post(server)
            #expect(answer.status == .ok)
            #expect(answer.headers.first(name: "content-type") == "application/json")
            #expect(answer.headers.first(name: "location") == "/messages/id-1")
            #expect(
                answer.body == #"{"id":"id-1","message_uuid":"uuid-1","status":"Message sending initiated"}"#
            )
            #expect(api.orders == [SendOrder(body: Array(Self.body.utf8), wait: .seconds(10))])
        }
    }

    @Test("hands the key, the wait and the trace on")
    func wishes() async throws {
        let api = FakeSendAPI(.pending(FakeSendAPI.id("a b/c?")))
        try await TestServer.with(api: api) { server in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let answer = try await post(
                server,
                [("Idempotency-Key", "a b/c?"), ("Prefer", "wait=99"), ("traceparent", trace)]
            )
            #expect(answer.status == .accepted)
            #expect(answer.headers.first(name: "location") == "/messages/a%20b%2Fc%3F")
            #expect(answer.headers.first(name: "preference-applied") == "wait=60")
            #expect(answer.body == #"{"id":"a b/c?","status":"pending"}"#)
            _ = try await post(server, [("Prefer", "respond-async"), ("traceparent", "nonsense")])
            #expect(
                api.orders == [
                    SendOrder(body: Array(Self.body.utf8), key: "a b/c?", wait: .seconds(60), traceparent: trace),
                    SendOrder(body: Array(Self.body.utf8), wait: .zero),
                ]
            )
            let twice = try await post(server, [("Idempotency-Key", "a"), ("Idempotency-Key", "b")])
            #expect(twice.status == .badRequest)
            let open = try await post(server, [("Idempotency-Key", "\"a")])
            #expect(open.status == .badRequest)
            #expect(open.body.contains("quoted string"))
            #expect(api.orders.count == 2)
            _ = try await post(server, [("Idempotency-Key", "\"order 7\"")])
            #expect(api.orders.last?.key == "order 7")
        }
    }

    @Test("answers any other end with 422 in the tutorial's form")
    func ended() async throws {
        let error = EventError(.optedOut, detail: "opted out on Monday")
        try await TestServer.with(api: FakeSendAPI(.ended(Self.id, error))) { server in
            let answer = try await post(server)
            #expect(answer.status == .unprocessableEntity)
            #expect(answer.headers.first(name: "content-type") == "application/json")
            #expect(
                answer.body
                    == #"{"details":{"code":"opted_out","detail":"opted out on Monday","title":"The recipient has opted out"},"#
                    + #""error":"opted out on Monday","status":"Failed to send message"}"#
            )
        }
        try await TestServer.with(api: FakeSendAPI(.keyReused(Self.id))) { server in
            let answer = try await post(server)
            #expect(answer.status == .unprocessableEntity)
            #expect(answer.body.contains(#""code":"id_reused""#))
            #expect(answer.body.contains(#""status":"Failed to send message""#))
        }
    }

    @Test("answers bad input with every problem")
    func invalid() async throws {
        let problems = [Problem("to", "is required"), Problem("message", "must not be empty")]
        try await TestServer.with(api: FakeSendAPI(.invalid(problems))) { server in
            let answer = try await post(server)
            #expect(answer.status == .badRequest)
            #expect(answer.headers.first(name: "content-type") == "application/problem+json")
            let listed =
                #""problems":[{"field":"to","problem":"is required"},"#
                + #"{"field":"message","problem":"must not be empty"}]"#
            #expect(answer.body.contains(listed))
            #expect(answer.body.contains(#""error":"The message breaks rules; nothing was sent.""#))
        }
    }

    @Test("answers 503 with Retry-After and the id when the broker did not confirm")
    func notTaken() async throws {
        try await TestServer.with(api: FakeSendAPI(.notTaken(Self.id))) { server in
            let answer = try await post(server)
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers.first(name: "retry-after") == "5")
            #expect(answer.body.contains(#""id":"id-1""#))
        }
    }

    @Test("refuses a body over the limit, announced or not, and other methods")
    func tooLong() async throws {
        let api = FakeSendAPI()
        try await TestServer.with(api: api, rate: .limited(count: 9, per: .seconds(60), unit: .requests)) { server in
            let long = String(repeating: "x", count: 256 << 10 + 1)
            let answer = try await post(server, body: long)
            #expect(answer.status == .payloadTooLarge)
            #expect(answer.headers.first(name: "ratelimit-remaining") == "8")
            #expect(try await server.request("/send-sms", .GET).status == .methodNotAllowed)
            #expect(api.orders == [])
        }
    }

    @Test("is not cut short by the webhooks' deadline")
    func longWait() async throws {
        let gate = Gate()
        var limits = HTTPLimits.with(body: .milliseconds(20), answer: .milliseconds(50))
        limits.waitingDeadlines = RequestDeadlines(body: .seconds(10), answer: .seconds(50))
        let receiver = FakeReceiver(work: { await gate.pass() })
        try await TestServer.with(receiver, api: FakeSendAPI(work: { await gate.pass() }), limits: limits) { server in
            async let sent = post(server)
            await gate.arrival()
            // The webhook's deadline passes while the other request waits.
            let webhook = try await server.request("/webhooks/status", headers: [("content-type", "application/json")])
            #expect(webhook.status == .serviceUnavailable)
            gate.open()
            #expect(try await sent.status == .ok)
        }
    }

    @Test("shows how a message stands, by its id however it is written")
    func message() async throws {
        try await TestServer.with(api: FakeSendAPI(known: ["a b/c", "c:1"])) { server in
            for path in ["/messages/a%20b%2fc", "/messages/c:1", "/messages/c%3A1"] {
                let answer = try await server.request(path, .GET)
                #expect(answer.status == .ok)
                #expect(answer.body.contains(#""state":"pending""#))
            }
            for path in ["/messages/other", "/messages/%zz", "/messages/%ff", "/messages/%00", "/messages/%"] {
                let answer = try await server.request(path, .GET)
                #expect(answer.status == .notFound)
                #expect(answer.headers.first(name: "content-type") == "application/problem+json")
            }
        }
    }

    @Test("calls a message back")
    func cancel() async throws {
        let api = FakeSendAPI()
        try await TestServer.with(api: api) { server in
            let answer = try await server.request("/messages/a%20b", .DELETE)
            #expect(answer.status == .accepted)
            #expect(answer.body == #"{"id":"a b","status":"cancelling"}"#)
            #expect(api.cancelled == ["a b"])
        }
        try await TestServer.with(api: FakeSendAPI(cancel: .settled(.accepted))) { server in
            let answer = try await server.request("/messages/a", .DELETE)
            #expect(answer.status == .conflict)
        }
        try await TestServer.with(api: FakeSendAPI(cancel: .notTaken)) { server in
            let answer = try await server.request("/messages/a", .DELETE)
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers.first(name: "retry-after") != nil)
        }
    }

    @Test("is never 500, whatever breaks behind it")
    func broken() async throws {
        try await TestServer.with(api: FakeSendAPI(isBroken: true)) { server in
            let sent = try await post(server)
            #expect(sent.status == .serviceUnavailable)
            #expect(try await server.request("/messages/a", .GET).status == .serviceUnavailable)
            #expect(try await server.request("/messages/a", .DELETE).status == .serviceUnavailable)
        }
    }

    @Test("is not there on the webhooks' own port")
    func separate() async throws {
        try await TestServer.with(api: FakeSendAPI(), separate: true) { server in
            let sent = try await server.request("/send-sms", port: server.webhookPort)
            #expect(sent.status == .notFound)
            #expect(try await server.request("/openapi.yaml", .GET, port: server.webhookPort).status == .notFound)
            #expect(try await post(server).status == .ok)
        }
    }
}
