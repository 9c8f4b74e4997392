import NIOCore
import NIOHTTP1
import NIOPosix
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("Graceful shutdown", .timeLimit(.minutes(3)))
struct GracefulShutdownTests {
    private let webhook = "GET /webhooks/status HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("answers what is in flight, says that it is the last answer, and takes no more")
    func inFlight() async throws {
        let gate = Gate()
        let receiver = FakeReceiver(work: { await gate.pass() })
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(webhook)
                await gate.arrival()
                await server.stop()
                try await refusesConnections(server.port)
                try await client.send(webhook)
                gate.open()
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.header("connection") == "close")
                #expect(try await client.rest() == "")
            }
        }
        #expect(receiver.got.count == 1)
    }

    @Test("lets a request that is being read arrive and answers it")
    func beingRead() async throws {
        let receiver = FakeReceiver()
        try await TestServer.with(receiver) { server in
            try await RawConnection.to(server.port) { client in
                // Both arrive in one segment, so who has the first one's answer knows that the second has begun.
                let begun = "POST /webhooks/status HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234"
                try await client.send(webhook + begun)
                #expect(try await client.answer().status == 200)
                await server.stop()
                try await refusesConnections(server.port)
                try await client.send("56789")
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.header("connection") == "close")
            }
        }
        #expect(receiver.got.map(\.body) == [[], Array("0123456789".utf8)])
    }

    @Test("closes idle connections at once, also with half a head")
    func idle() async throws {
        try await TestServer.with { server in
            try await RawConnection.to(server.port) { used in
                try await used.send(webhook)
                #expect(try await used.answer().status == 200)
                try await RawConnection.to(server.port) { fresh in
                    try await fresh.send("GET /hea")
                    let start = ContinuousClock.now
                    await server.stop()
                    #expect(try await used.rest() == "")
                    #expect(try await fresh.rest() == "")
                    #expect(ContinuousClock.now - start < .seconds(5))
                }
            }
        }
    }

    @Test("waits for work whose client was answered before it was done")
    func overdueWork() async throws {
        let gate = Gate()
        let (ends, ended) = AsyncStream.makeStream(of: String.self)
        let receiver = FakeReceiver(work: {
            await gate.pass()
            ended.yield("work")
        })
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (stops, stopped) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                try await TestServer.with(receiver, limits: .with(answer: .milliseconds(50))) { server in
                    #expect(try await server.request("/webhooks/status").status == .serviceUnavailable)
                    await server.stop()
                    try await refusesConnections(server.port)
                    stopped.yield()
                }
                ended.yield("server")
            }
            _ = await stops.first { _ in true }
            gate.open()
            try await group.waitForAll()
            ended.finish()
            #expect(await ends.reduce(into: []) { $0.append($1) } == ["work", "server"])
        }
    }

    /// Waits until the port takes no more connections.
    private func refusesConnections(_ port: Int) async throws {
        while true {
            do {
                try await RawConnection.to(port) { _ in }
            } catch is NIOConnectionError {
                return
            }
        }
    }
}
