import NIOHTTP1
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("A slow or broken client", .timeLimit(.minutes(3)))
struct SlowAndBrokenClientTests {
    private let head = "POST /webhooks/status HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"

    @Test("whose body does not arrive is asked to come again at the body's deadline, and nothing is handed on")
    func slowBody() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver, limits: .with(body: .milliseconds(100))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(head + "half")
                let answer = try await client.answer()
                // 408 would be the end of a genuine webhook on a slow link.
                #expect(answer.status == 503)
                #expect(answer.header("retry-after") == "1")
                #expect(answer.header("connection") == "close")
                #expect(answer.body.contains("did not arrive in time"))
                #expect(try await client.rest() == "")
            }
            #expect(receiver.got.isEmpty)
            #expect(receiver.missedCount == 1, "it may have been a receipt")
        }
    }

    @Test("whose body trickles in gains nothing by each byte")
    func tricklingBody() async throws {
        try await TestServer.with(limits: .with(body: .milliseconds(200))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("POST /webhooks/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                // There is always one more byte: without the deadline this would never end.
                let answer = try await client.trickling("1\r\nx\r\n") { try await $0.answer() }
                #expect(answer.status == 503)
            }
        }
    }

    @Test("whose body is not wanted is answered, and cut off")
    func unwantedBody() async throws {
        try await TestServer.with(limits: .with(lingering: .milliseconds(100))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx")
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.header("connection") == "close")
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("whose body trickles in after its answer holds no connection")
    func tricklingUnwantedBody() async throws {
        try await TestServer.with(limits: .with(lingering: .milliseconds(100))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx")
                let answer = try await client.answer()
                #expect(answer.status == 404)
                #expect(answer.header("connection") == "close")
                // It ends when the server has closed: until then there is always one more byte.
                try await client.flood("x")
            }
        }
    }

    @Test("that goes on sending too much still gets its 413, and is then cut off", arguments: [true, false])
    func tooMuch(isAnnounced: Bool) async throws {
        let receiver = FakeReceiver()
        let length = isAnnounced ? "Content-Length: 1000000000" : "Transfer-Encoding: chunked"
        try await TestServer.with(receiver, limits: .with(lingering: .milliseconds(100))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("POST /webhooks/status HTTP/1.1\r\nHost: x\r\n\(length)\r\n\r\n")
                let piece = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
                let answer = try await client.trickling(piece) { try await $0.answer() }
                #expect(answer.status == 413)
                #expect(answer.header("connection") == "close")
                try await client.flood(piece)
            }
            #expect(receiver.got.isEmpty)
            #expect(receiver.missedCount == 1)
        }
    }

    @Test("that is in the middle of sending when it is answered may go on for a moment, and is not reset")
    func lingering() async throws {
        try await TestServer.with(limits: .with(lingering: .seconds(30))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("POST /webhooks/status HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
                #expect(try await client.answer().status == 413)
                // Much more than the sockets' buffers hold, so it has to be read.
                let piece = String(repeating: "x", count: 1 << 20)
                for _ in 0..<32 { try await client.send(piece) }
            }
            // The client has closed; if that went unnoticed, the server could not stop within this test's time.
        }
    }

    @Test("whose head does not arrive is cut off")
    func slowHead() async throws {
        try await TestServer.with(limits: .with(idle: .milliseconds(500))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("POST /webhooks/status HT")
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("whose head arrives in drops is cut off", arguments: ["", "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"])
    func tricklingHead(before: String) async throws {
        try await TestServer.with(limits: .with(idle: .milliseconds(500))) { server in
            try await RawConnection.to(server.port) { client in
                if !before.isEmpty {
                    try await client.send(before)
                    #expect(try await client.answer().status == 200)
                }
                try await client.send("GET /health/live HTTP/1.1\r\n")
                let rest = try await client.trickling("x: y\r\n") { try await $0.rest() }
                // The end of its input makes half a request of it, which may be called a bad one before it is cut off.
                #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 400 "), "\(rest)")
            }
        }
    }

    @Test("that asks much and reads nothing is cut off")
    func slowReader() async throws {
        try await TestServer.with(
            limits: .with(answer: .milliseconds(200), idle: .seconds(1), lingering: .milliseconds(100))
        ) { server in
            try await RawConnection.to(server.port) { client in
                // It ends when the server has closed: until then there is always room for one more request.
                try await client.flood("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            }
            #expect(try await server.request("/health/live", .GET).status == .ok)
        }
    }

    @Test("that goes in the middle of its body leaves nothing behind", arguments: [true, false], [true, false])
    func goneWithinBody(isReset: Bool, isChunked: Bool) async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                let length = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 10"
                try await client.send("POST /webhooks/status HTTP/1.1\r\nHost: x\r\n\(length)\r\n\r\n4\r\nhalf")
                if isReset {
                    try await client.reset()
                } else {
                    client.endOutput()
                    let answer = try await client.answer()
                    #expect([400, 503].contains(answer.status))
                }
            }
            #expect(try await server.request("/webhooks/status").status == .ok)
            #expect(receiver.got.map(\.body) == [[]])
        }
    }

    @Test("that goes without its answer loses nothing of what it sent")
    func goneBeforeAnswer() async throws {
        let gate = Gate()
        let (ends, ended) = AsyncStream.makeStream(of: Bool.self)
        let receiver = FakeReceiver(work: {
            await gate.pass()
            ended.yield(Task.isCancelled)
        })
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(head + "0123456789")
                await gate.arrival()
                try await client.reset()
            }
            gate.open()
            let wasCancelled = await ends.first { _ in true }
            #expect(wasCancelled == false)
        }
    }

    @Test("that speaks no HTTP gets 400, and the next one is served")
    func garbage() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            for garbage in ["\u{1}\u{2}garbage\r\n\r\n", "POST /webhooks/status HTTP/2.7\r\n\r\n", "\r\n\r\nx y z\r\n"]
            {
                try await RawConnection.to(server.port) { client in
                    try await client.send(garbage)
                    let answer = try await client.answer()
                    #expect(answer.status == 400)
                    #expect(answer.header("connection") == "close")
                    #expect(answer.header("content-type") == "application/problem+json")
                    #expect(answer.body.contains(#""status":400"#), "\(answer.body)")
                    #expect(try await client.rest() == "")
                }
            }
            #expect(try await server.request("/health/live", .GET).status == .ok)
            #expect(receiver.got.isEmpty)
        }
    }

    @Test("whose head is too large gets 400", arguments: ["target", "one field", "all fields", "number of fields"])
    func largeHead(what: String) async throws {
        let much = String(repeating: "x", count: 17_000)
        let head =
            switch what {
            case "target": "POST /webhooks/status?\(much) HTTP/1.1\r\n\r\n"
            case "one field": "POST /webhooks/status HTTP/1.1\r\nx: \(much)\r\n\r\n"
            case "all fields":
                "POST /webhooks/status HTTP/1.1\r\n" + String(repeating: "x: \(much.prefix(9000))\r\n", count: 4)
                    + "\r\n"
            default: "POST /webhooks/status HTTP/1.1\r\n" + String(repeating: "x: y\r\n", count: 101) + "\r\n"
            }
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(head)
                let answer = try await client.answer()
                #expect(answer.status == 400)
                #expect(answer.header("content-type") == "application/problem+json")
                #expect(answer.body.contains(#""error":""#), "\(answer.body)")
            }
            #expect(receiver.got.isEmpty)
        }
    }
}
