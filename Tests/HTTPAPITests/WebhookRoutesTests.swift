import AsyncHTTPClient
import Bridge
import NIOCore
import NIOHTTP1
import SMSCore
import Testing

@Suite("The webhooks' addresses", .timeLimit(.minutes(3)))
struct WebhookRoutesTests {
    @Test(
        "answer as the receiver says",
        arguments: [
            (WebhookAnswer.taken, HTTPResponseStatus.ok), (.forged, .unauthorized),
            (.notUnderstood(["no status"]), .badRequest),
            (.comeAgain(after: .seconds(5)), .serviceUnavailable),
        ]
    )
    func mapping(answer: WebhookAnswer, status: HTTPResponseStatus) async throws {
        try await TestServer.with(FakeReceiver(answer)) { server in
            let got = try await server.request("/webhooks/status", body: .bytes(ByteBuffer(string: "{}")))
            #expect(got.status == status)
            if status != .ok {
                #expect(got.headers.first(name: "content-type") == "application/problem+json")
                #expect(got.body.contains(#""error":"#))
            }
            if status == .badRequest { #expect(got.body.contains("no status")) }
            #expect(got.headers.first(name: "retry-after") == (status == .serviceUnavailable ? "5" : nil))
        }
    }

    @Test("hand on bytes, query and headers as they came")
    func unchanged() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            let bytes: [UInt8] = [0x7B, 0x00, 0xFF, 0x7D]
            let headers = [
                ("Authorization", "Bearer a.b.c"), ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "192.0.2.2"),
                ("Content-Type", "application/json; charset=utf-8"),
            ]
            let got = try await server.request(
                "/webhooks/inbound?token=a%20b&x=1",
                headers: headers,
                body: .bytes(ByteBuffer(bytes: bytes))
            )
            #expect(got.status == .ok)
            let webhook = try #require(receiver.got.first)
            #expect(receiver.kinds == [.inbound])
            #expect(webhook.method == "POST")
            #expect(webhook.path == "/webhooks/inbound")
            #expect(webhook.query == "token=a%20b&x=1")
            #expect(webhook[header: "authorization"] == "Bearer a.b.c")
            #expect(webhook.headers["x-forwarded-for"] == ["192.0.2.1", "192.0.2.2"])
            #expect(webhook[header: "content-type"] == "application/json; charset=utf-8")
            #expect(webhook.body == bytes)
            #expect(webhook.peerAddress == "127.0.0.1")
        }
    }

    @Test(
        "take the older API's GET and forms, with nothing lost between the ends",
        arguments: ["", "?", "?a=b&sig=%2B#"]
    )
    func olderAPI(query: String) async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            let get = try await server.request("/webhooks/status\(query)", .GET)
            #expect(get.status == .ok)
            #expect(get.body == "")
            let form = try await server.request(
                "/webhooks/inbound\(query)",
                headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: .bytes(ByteBuffer(string: "msisdn=1&text=a+b%26&msisdn=2"))
            )
            #expect(form.status == .ok)
        }
        let expected = query.isEmpty || query == "?" ? "" : "a=b&sig=%2B"
        #expect(receiver.got.map(\.method) == ["GET", "POST"])
        #expect(receiver.got.map(\.query) == [expected, expected])
        #expect(receiver.got.map(\.body) == [[], Array("msisdn=1&text=a+b%26&msisdn=2".utf8)])
        #expect(receiver.got.last?[header: "content-type"] == "application/x-www-form-urlencoded")
        #expect(receiver.kinds == [.status, .inbound])
    }

    @Test("hand on a chunked body as one, whatever its pieces")
    func chunked() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("POST /webhooks/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                try await client.send("1\r\n{\r\n3;x=y\r\n\"a\"\r\n")
                try await client.send("3\r\n:1}\r\n0\r\nTrailer: x\r\n\r\n")
                #expect(try await client.answer().status == 200)
            }
        }
        #expect(receiver.got.map(\.body) == [Array(#"{"a":1}"#.utf8)])
    }

    @Test("answer HEAD, and take nothing from it: a GET is a webhook of the older API")
    func head() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            let answer = try await server.request("/webhooks/status?messageId=0A&msisdn=44", .HEAD)
            #expect(answer.status == .ok)
        }
        #expect(receiver.got.isEmpty)
        #expect(receiver.missedCount == 0)
    }

    @Test(
        "refuse every other method with 405, and name the two",
        arguments: ["PUT", "DELETE", "OPTIONS", "PROPFIND"]
    )
    func methods(method: String) async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            let got = try await server.request("/webhooks/status", HTTPMethod(rawValue: method))
            #expect(got.status == .methodNotAllowed)
            #expect(got.headers.first(name: "allow") == "GET, HEAD, POST")
        }
        #expect(receiver.got.isEmpty)
    }

    @Test(
        "are the only ones; all others are 404",
        arguments: ["/", "/nowhere", "/webhooks", "/webhooks/status/x", "/%00"]
    )
    func elsewhere(path: String) async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            let got = try await server.request(path)
            #expect(got.status == .notFound)
            #expect(got.headers.first(name: "content-type") == "application/problem+json")
            #expect(
                got.body
                    == #"{"detail":"There is nothing at this address.","error":"There is nothing at this address.","#
                    + #""status":404,"title":"Not Found","type":"about:blank"}"#
            )
        }
        #expect(receiver.got.isEmpty)
    }

    @Test("refuse more than 256 KiB with 413, announced or not, and hand nothing on")
    func large() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            let exact = ByteBuffer(repeating: 0x20, count: 256 * 1024)
            let taken = try await server.request("/webhooks/status", body: .bytes(exact))
            #expect(taken.status == .ok)
            let announced = ByteBuffer(repeating: 0x20, count: 256 * 1024 + 1)
            let refused = try await server.request("/webhooks/status", body: .bytes(announced))
            #expect(refused.status == .payloadTooLarge)
            let piece = ByteBuffer(repeating: 0x20, count: 64 * 1024)
            let chunked = HTTPClientRequest.Body.stream(
                AsyncStream { stream in
                    for _ in 0..<5 { stream.yield(piece) }
                    stream.finish()
                },
                length: .unknown
            )
            let alsoRefused = try await server.request("/webhooks/status", body: chunked)
            #expect(alsoRefused.status == .payloadTooLarge)
        }
        #expect(receiver.got.map(\.body.count) == [256 * 1024])
    }

    @Test("stand on a port of their own, alone with their health, which both ports answer")
    func separatePort() async throws {
        try await TestServer.with(separate: true) { server in
            let own = try #require(server.webhookPort)
            #expect(try await server.request("/webhooks/status", port: own).status == .ok)
            #expect(try await server.request("/health/webhooks", .GET, port: own).status == .ok)
            #expect(try await server.request("/health/ready", .GET, port: own).status == .notFound)
            #expect(try await server.request("/webhooks/status").status == .notFound)
            #expect(try await server.request("/health/ready", .GET).status == .ok)
            #expect(try await server.request("/health/webhooks", .GET).status == .ok)
        }
    }
}
