import Foundation
import Hummingbird
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("HTTP's small print", .timeLimit(.minutes(3)))
struct ProtocolTests {
    @Test(
        "HEAD works where GET does, and no answer to it has a body that would be taken for the next answer",
        arguments: [
            ("/health/ready", 200), ("/openapi.yaml", 200), ("/inspect?text=x", 200), ("/messages/a", 404),
            ("/nowhere", 404), ("/send-sms", 405), ("/webhooks/status", 200), ("/inspect", 400),
        ]
    )
    func head(path: String, status: Int) async throws {
        try await TestServer.with(api: FakeSendAPI()) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(
                    "HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        + "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                let parts = try await client.rest().components(separatedBy: "\r\n\r\n")
                #expect(parts.count == 3, "\(parts)")
                #expect(parts.first?.hasPrefix("HTTP/1.1 \(status) ") == true, "\(parts)")
                #expect(parts.first?.lowercased().contains("content-length: ") == true)
                #expect(parts.dropFirst().first?.hasPrefix("HTTP/1.1 200 ") == true, "\(parts)")
            }
        }
    }

    @Test("an answer to HEAD that the connection gives by itself has no body either")
    func overdueHead() async throws {
        let gate = Gate()
        let receiver = FakeReceiver()
        let metrics: @Sendable () async -> String = {
            await gate.pass()
            return ""
        }
        try await TestServer.with(
            receiver,
            api: FakeSendAPI(),
            metrics: metrics,
            limits: .with(answer: .milliseconds(50), lingering: .milliseconds(10))
        ) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let answer = try await client.rest()
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                #expect(answer.hasSuffix("\r\n\r\n"))
            }
            gate.open()
        }
    }

    @Test("a client that waits for 100 Continue gets it when its body will be read", arguments: ["2", "chunked"])
    func goOn(length: String) async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                let framing = length == "chunked" ? "Transfer-Encoding: chunked" : "Content-Length: \(length)"
                let head = "POST /webhooks/status HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n\(framing)\r\n\r\n"
                for _ in 0..<2 {
                    try await client.send(head)
                    let first = try await client.answer()
                    #expect(first.head == "HTTP/1.1 100 Continue")
                    try await client.send(length == "chunked" ? "2\r\n{}\r\n0\r\n\r\n" : "{}")
                    let second = try await client.answer()
                    #expect(second.status == 200)
                }
            }
        }
        #expect(receiver.got.map(\.body) == [Array("{}".utf8), Array("{}".utf8)])
    }

    @Test(
        "a client that waits for 100 Continue gets its final answer at once when its body will not be read",
        arguments: [
            ("/nowhere", 2, 404), ("/health/live", 2, 405), ("/send-sms", 2, 401),
            ("/webhooks/status", 1_000_000, 413),
        ]
    )
    func stop(path: String, length: Int, status: Int) async throws {
        try await TestServer.with(api: FakeSendAPI(), keys: ["key"]) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        + "Content-Length: \(length)\r\n\r\n"
                )
                #expect(try await client.answer().status == status)
            }
        }
    }

    @Test("a client of HTTP/1.0, which knows no 100, gets none")
    func old() async throws {
        try await TestServer.with { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(
                    "POST /webhooks/status HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
                )
                #expect(try await client.answer().status == 200)
            }
        }
    }

    @Test(
        "the deadlines are those of the route that the router finds, however the path is written",
        arguments: [
            ("/send-sms", 85), ("/send-sms/", 85), ("//send-sms", 85), ("/send-sms?x=/a", 85),
            ("http://localhost:3000/send-sms", 85), ("http://localhost//send-sms/?x", 85), ("/messages/a", 15),
            ("/messages//a/", 15), ("/messages/a/b", 2), ("/messages", 2), ("/send-smsx", 2), ("/", 2), ("", 2),
            ("*", 2), ("http://localhost", 2),
        ]
    )
    func deadlines(target: String, seconds: Int) {
        var table = RouteTable()
        let limits = HTTPLimits()
        table.on("/send-sms", [:], deadlines: limits.waitingDeadlines)
        table.on("/messages/{id}", [:], deadlines: limits.apiDeadlines)
        let other = RequestDeadlines(body: .seconds(1), answer: .seconds(2))
        #expect(table.deadlines(of: target, otherwise: other).answer == .seconds(seconds))
    }
}
