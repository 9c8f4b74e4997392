import NIOHTTP1
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("A connection", .timeLimit(.minutes(3)))
struct KeepAliveTests {
    private let live = "GET /health/live HTTP/1.1\r\nHost: x\r\n"

    private func webhook(_ body: String, headers: String = "") -> String {
        "POST /webhooks/status HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("serves one request after the other")
    func keepAlive() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                for number in 1...5 {
                    try await client.send(webhook("\(number)"))
                    let answer = try await client.answer()
                    #expect(answer.status == 200)
                    #expect(answer.header("connection") == nil)
                }
            }
            #expect(receiver.got.map(\.body) == (1...5).map { Array("\($0)".utf8) })
        }
    }

    @Test("answers pipelined requests in their order, each with its own answer")
    func pipelining() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                let pair = webhook("{}") + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
                try await client.send(String(repeating: pair, count: 200) + live + "Connection: close\r\n\r\n")
                for _ in 0..<200 {
                    #expect(try await client.answer().status == 200)
                    #expect(try await client.answer().status == 404)
                }
                let last = try await client.answer()
                #expect(last.status == 200)
                #expect(last.header("connection") == "close")
                #expect(try await client.rest() == "")
            }
            #expect(receiver.got.count == 200)
        }
    }

    @Test("is closed after the answer where the client says so", arguments: ["close", "Close", "foo, close"])
    func close(value: String) async throws {
        try await TestServer.with { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(live + "Connection: \(value)\r\n\r\n" + live + "\r\n")
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.header("connection") == "close")
                // The second request came after the last one, and has no answer.
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("of HTTP/1.0 is closed after the answer")
    func http10() async throws {
        try await TestServer.with { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("GET /health/live HTTP/1.0\r\n\r\n")
                #expect(try await client.answer().status == 200)
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("whose client ends its output after the request still gets the answer")
    func halfClosed() async throws {
        let gate = Gate()
        try await TestServer.with(FakeReceiver(work: { await gate.pass() })) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(webhook("{}"))
                client.endOutput()
                await gate.arrival()
                gate.open()
                #expect(try await client.answer().status == 200)
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("that offers another protocol is served in this one, with its body")
    func upgrade() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                // As Java's HTTP client does.
                let offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
                try await client.send(webhook("{\"a\":1}", headers: offer))
                let answer = try await client.answer()
                #expect(answer.status == 200)
                // The parser would see no second request, so the answer says it.
                #expect(answer.header("connection") == "close")
                #expect(try await client.rest() == "")
                #expect(receiver.got.map(\.body) == [Array("{\"a\":1}".utf8)])
            }
        }
    }

    @Test("is closed when nothing has come over it for the idle time")
    func idle() async throws {
        try await TestServer.with(limits: .with(idle: .milliseconds(500))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(live + "\r\n")
                #expect(try await client.answer().status == 200)
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("beyond the limit is asked to come again, once in the log; and there is room again afterwards")
    func limit() async throws {
        let gate = Gate()
        let log = LogBook()
        let receiver = FakeReceiver(work: { await gate.pass() })
        try await TestServer.with(
            receiver,
            log: log,
            limits: .with(connections: 2)
        ) { server in
            try await RawConnection.to(server.port) { first in
                try await first.send(webhook("1"))
                await gate.arrival()
                try await RawConnection.to(server.port) { second in
                    // Over an idle one it would lose its slot to the next.
                    try await second.send(webhook("2"))
                    await gate.arrival()
                    for _ in 0..<3 {
                        try await RawConnection.to(server.port) { third in
                            let answer = try await third.answer()
                            #expect(answer.status == 503)
                            #expect(answer.header("retry-after") == "1")
                            #expect(answer.body.contains("too many connections"))
                            #expect(try await third.rest() == "")
                        }
                    }
                    // What would have come over them may have been receipts.
                    while receiver.missedCount < 3 { await Task.yield() }
                    gate.open()
                    #expect(try await first.answer().status == 200)
                    #expect(try await second.answer().status == 200)
                }
            }
            #expect(log.lines.filter { $0.contains("connections are refused") }.count == 1)
            var tries = 0
            while try await server.request("/health/live", .GET).status != .ok, tries < 1000 { tries += 1 }
            #expect(tries < 1000)
        }
    }

    @Test("is one of 64 with 200 requests each, all of them answered and handed on once")
    func many() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<64 {
                    group.addTask { [port = server.port] in
                        try await RawConnection.to(port) { client in
                            for number in 0..<200 {
                                try await client.send(webhook("\(connection)-\(number)"))
                                let status = try await client.answer().status
                                #expect(status == 200)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(receiver.got.count == 64 * 200)
            #expect(Set(receiver.got.map(\.body)).count == 64 * 200)
        }
    }
}
