import NIOHTTP1
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("The rate limit")
struct RateTests {
    private let start = ContinuousClock.now

    @Test("lets so many through in a window that begins with the first, and then again")
    func window() {
        var windows = RateWindows(limit: 3, per: .seconds(900))
        for remaining in [2, 1, 0] {
            let standing = windows.take("a", now: start)
            #expect(standing == .init(limit: 3, remaining: remaining, reset: .seconds(900), isOver: false))
        }
        let over = windows.take("a", now: start + .seconds(899))
        #expect(over == .init(limit: 3, remaining: 0, reset: .seconds(1), isOver: true))
        let again = windows.take("a", now: start + .seconds(900))
        #expect(again == .init(limit: 3, remaining: 2, reset: .seconds(900), isOver: false))
    }

    @Test("is each caller's own")
    func callers() {
        var windows = RateWindows(limit: 1, per: .seconds(900))
        #expect(!windows.take("a", now: start).isOver)
        #expect(windows.take("a", now: start).isOver)
        #expect(!windows.take("b", now: start).isOver)
    }

    @Test("remembers so many callers at most: whose window is over goes first, then whose ends first")
    func bounded() {
        var windows = RateWindows(limit: 1, per: .seconds(10), capacity: 2)
        _ = windows.take("a", now: start)
        _ = windows.take("b", now: start + .seconds(5))
        _ = windows.take("c", now: start + .seconds(11))
        #expect(windows.count == 2)
        #expect(windows.take("b", now: start + .seconds(12)).isOver)
        _ = windows.take("d", now: start + .seconds(12))
        #expect(windows.count == 2)
        #expect(windows.take("c", now: start + .seconds(12)).isOver)
        #expect(!windows.take("b", now: start + .seconds(12)).isOver)
    }

    @Test("is named in every answer, and past it with 429 and Retry-After", .timeLimit(.minutes(3)))
    func headers() async throws {
        let api = FakeSendAPI()
        let rate = PaceLimit.limited(count: 2, per: .seconds(900), unit: .requests)
        try await TestServer.with(api: api, keys: ["one", "two"], rate: rate) { server in
            func post(_ key: String) async throws -> TestServer.Answer {
                try await server.request("/send-sms", headers: [("Authorization", "Bearer \(key)")])
            }
            for remaining in ["1", "0"] {
                let answer = try await post("one")
                #expect(answer.status == .ok)
                #expect(answer.headers.first(name: "ratelimit-limit") == "2")
                #expect(answer.headers.first(name: "ratelimit-remaining") == remaining)
                #expect(answer.headers.first(name: "ratelimit-reset") == "900")
                #expect(answer.headers.first(name: "retry-after") == nil)
            }
            let over = try await post("one")
            #expect(over.status == .tooManyRequests)
            #expect(over.headers.first(name: "ratelimit-remaining") == "0")
            #expect(over.headers.first(name: "retry-after") == over.headers.first(name: "ratelimit-reset"))
            #expect(over.headers.first(name: "content-type") == "application/problem+json")
            #expect(try await post("two").status == .ok)
            #expect(api.orders.count == 3)
            // Asking costs nothing.
            let message = try await server.request("/messages/a", .GET, headers: [("Authorization", "Bearer one")])
            #expect(message.status == .notFound)
            #expect(message.headers.first(name: "ratelimit-limit") == nil)
        }
    }

    @Test("may be none", .timeLimit(.minutes(3)))
    func unlimited() async throws {
        try await TestServer.with(api: FakeSendAPI(), rate: .unlimited) { server in
            let answer = try await server.request("/send-sms")
            #expect(answer.status == .ok)
            #expect(answer.headers.first(name: "ratelimit-limit") == nil)
        }
    }
}
