import NIOHTTP1
import Testing

@testable import HTTPAPI

@Suite("A receiver that hangs", .timeLimit(.minutes(3)))
struct OverdueTests {
    @Test("is answered for within 3 s, and the answer is the connection's last")
    func answersInTime() async throws {
        let gate = Gate()
        let log = LogBook()
        try await TestServer.with(FakeReceiver(work: { await gate.pass() }), log: log) { server in
            var took = Duration.seconds(60)
            // A busy machine can make the client notice late, never early: the quickest of a few counts.
            for _ in 0..<4 where took >= .seconds(3) {
                try await RawConnection.to(server.port) { client in
                    let start = ContinuousClock.now
                    try await client.send("POST /webhooks/inbound HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    let answer = try await client.answer()
                    took = ContinuousClock.now - start
                    #expect(answer.status == 503)
                    #expect(answer.header("retry-after") == "5")
                    #expect(answer.header("connection") == "close")
                    #expect(answer.header("content-type") == "application/problem+json")
                    #expect(answer.body.contains(#""error":"There is no answer yet"#))
                    #expect(try await client.rest() == "")
                }
            }
            gate.open()
            #expect(took > .milliseconds(2700))
            #expect(took < .seconds(3))
        }
        #expect(log.lines.contains { $0.contains("answered 503 before its work was done") })
    }

    @Test("goes on with its work to the end, and is not cancelled")
    func goesOn() async throws {
        let gate = Gate()
        let (ends, ended) = AsyncStream.makeStream(of: Bool.self)
        let receiver = FakeReceiver(work: {
            await gate.pass()
            ended.yield(Task.isCancelled)
        })
        try await TestServer.with(
            receiver,
            limits: .with(answer: .milliseconds(50), lingering: .milliseconds(10))
        ) { server in
            let answer = try await server.request("/webhooks/inbound")
            #expect(answer.status == .serviceUnavailable)
            gate.open()
            let wasCancelled = await ends.first { _ in true }
            #expect(wasCancelled == false)
        }
    }

    @Test("keeps the slot of its connection until it is done, so that hanging work is bounded")
    func keepsItsSlot() async throws {
        let gate = Gate()
        try await TestServer.with(
            FakeReceiver(work: { await gate.pass() }),
            limits: .with(answer: .milliseconds(100), lingering: .milliseconds(10), connections: 1)
        ) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send("GET /webhooks/status HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.answer().header("retry-after") == "5")
                #expect(try await client.rest() == "")
            }
            let refusal = try await RawConnection.to(server.port) { client in try await client.answer() }
            #expect(refusal.header("retry-after") == "1")
            gate.open()
        }
    }

    @Test("holds up only its own connection")
    func othersAreServed() async throws {
        let gate = Gate()
        try await TestServer.with(FakeReceiver(work: { await gate.pass() })) { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask { [port = server.port] in
                        try await RawConnection.to(port) { client in
                            try await client.send("GET /webhooks/status HTTP/1.1\r\nHost: x\r\n\r\n")
                            return try await client.answer().status
                        }
                    }
                }
                for _ in 0..<100 { await gate.arrival() }
                #expect(try await server.request("/health/live", .GET).status == .ok)
                gate.open()
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
