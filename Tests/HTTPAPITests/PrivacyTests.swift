import Bridge
import Contracts
import Testing

@testable import HTTPAPI

@Suite("Nothing that a request says", .timeLimit(.minutes(3)))
struct PrivacyTests {
    @Test("is logged at any level, whatever becomes of it")
    func logs() async throws {
        let log = LogBook()
        let answers: [WebhookAnswer] = [.taken, .forged, .notUnderstood([]), .comeAgain(after: .seconds(1))]
        for answer in answers {
            try await TestServer.with(FakeReceiver(answer), log: log, limits: .with(body: .milliseconds(50))) {
                server in
                for request in [
                    "GET /webhooks/status?token=HUSH HTTP/1.1\r\nHost: x\r\nAuthorization: HUSH\r\n\r\n",
                    "POST /webhooks/status?token=HUSH HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nHUSH",
                    "PUT /webhooks/status?token=HUSH HTTP/1.1\r\nHost: HUSH\r\n\r\n",
                    "PUT /nowhere?HUSH HTTP/1.1\r\nHost: HUSH\r\n\r\n", "HUSH\r\n\r\n",
                    "GET /webhooks/status&token=HUSH HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET /webhooks/status%3Ftoken=HUSH HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET http://HUSH:HUSH@x/nowhere?token=HUSH HTTP/1.1\r\nHost: x\r\n\r\n",
                    "POST /webhooks/status?token=HUSH HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\nHUSH",
                    "POST /webhooks/status?token=HUSH HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nHUSH",
                ] {
                    try await RawConnection.to(server.port) { client in
                        try await client.send(request)
                        #expect(try await client.answer().status != 0)
                    }
                }
            }
        }
        #expect(log.lines.contains { $0.contains("listening") })
        #expect(log.lines.contains { $0.contains("a request was turned away") })
        #expect(log.lines.filter { $0.contains("HUSH") } == [])
    }

    @Test("to the API is logged at any level")
    func api() async throws {
        let log = LogBook()
        let answers: [SendAnswer] = [
            .accepted(FakeSendAPI.id("HUSH"), messageUUID: "HUSH"), .invalid([Problem("HUSH", "HUSH")]),
            .ended(FakeSendAPI.id("HUSH"), EventError(.expired, detail: "HUSH")), .notTaken(FakeSendAPI.id("HUSH")),
        ]
        for keys in [[], ["HUSH"]] {
            for answer in answers {
                try await TestServer.with(api: FakeSendAPI(answer), keys: keys, log: log) { server in
                    for request in [
                        "POST /send-sms?HUSH HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer HUSH\r\n"
                            + "Idempotency-Key: HUSH\r\nPrefer: HUSH\r\nContent-Length: 4\r\n\r\nHUSH",
                        "POST /send-sms HTTP/1.1\r\nHost: HUSH\r\nAuthorization: Bearer HUSHHUSH\r\n\r\n",
                        "GET /messages/HUSH HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer HUSH\r\n\r\n",
                        "DELETE /messages/HUSH HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer HUSH\r\n\r\n",
                    ] {
                        try await RawConnection.to(server.port) { client in
                            try await client.send(request)
                            #expect(try await client.answer().status != 0)
                        }
                    }
                }
            }
        }
        #expect(log.lines.contains { $0.contains("a request was answered") })
        #expect(log.lines.filter { $0.contains("HUSH") } == [])
    }

    @Test("is quoted in a refusal")
    func answers() async throws {
        try await TestServer.with(FakeReceiver(.forged)) { server in
            for path in ["/webhooks/status?token=HUSH", "/HUSH"] {
                let answer = try await server.request(path)
                #expect(!answer.body.contains("HUSH"))
            }
        }
    }
}
