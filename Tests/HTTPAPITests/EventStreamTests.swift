import AsyncHTTPClient
import Bridge
import Contracts
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import HTTPAPI

@Suite("The stream of events", .timeLimit(.minutes(3)))
struct EventStreamTests {
    private let names = BrokerNames()

    private func event(_ number: Int) -> BrokerMessage {
        let body = #"{"type":"sms.inbound.message","time":"t","data":{"from":"+1","text":"<b>\#(number)</b>"}}"#
        return BrokerMessage(
            exchange: names.inbound,
            routingKey: "message.14155550100",
            properties: .init(),
            body: Array(body.utf8)
        )
    }

    /// The shared client has no more than eight connections to a server.
    private static let client = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2 * EventStreamRoutes.clientLimit
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Follows the stream until its text is what the test waits for.
    private func follow(
        _ server: TestServer,
        until isEnough: (String) -> Bool,
        onStart: () -> Void
    ) async throws -> String {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/events")
        let response = try await Self.client.execute(request, timeout: .minutes(2))
        #expect(response.status == .ok)
        #expect(response.headers.first(name: "content-type") == "text/event-stream")
        var text = ""
        var hasStarted = false
        for try await piece in response.body {
            text += String(buffer: piece)
            if !hasStarted {
                hasStarted = true
                onStart()
            }
            if isEnough(text) { break }
        }
        return text
    }

    @Test("shows events as they are published, and says how many of a crowd it leaves out")
    func events() async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            let text = try await follow(server, until: { $0.contains("event: omitted") }) {
                for number in 0..<1000 { console.events.note(event(number), at: .now) }
            }
            #expect(text.hasPrefix("retry: "))
            #expect(text.contains("event: hello"))
            #expect(text.contains(#""text":"<b>0</b>""#))
            let shown = text.ranges(of: "event: published").count
            // A second may end meanwhile.
            #expect((1...4 * EventTap.shownPerSecond).contains(shown))
        }
    }

    @Test("ends when the service stops")
    func stop() async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            async let text = follow(server, until: { _ in false }) { start.finish() }
            for await _ in started {}
            await server.stop()
            let all = try await text
            #expect(all.contains("event: hello"))
        }
    }

    @Test("is for so many clients at a time, and a place that is left is free again")
    func places() async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            #expect(try await server.request("/events", .HEAD).status == .ok)
            try await withThrowingTaskGroup { group in
                let (started, start) = AsyncStream.makeStream(of: Void.self)
                for _ in 0..<EventStreamRoutes.clientLimit {
                    group.addTask {
                        _ = try await follow(server, until: { _ in false }) { start.yield() }
                    }
                }
                var count = 0
                for await _ in started {
                    count += 1
                    if count == EventStreamRoutes.clientLimit { break }
                }
                let refused = try await server.request("/events", .GET)
                #expect(refused.status == .serviceUnavailable)
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        }
    }
}
