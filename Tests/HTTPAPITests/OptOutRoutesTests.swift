import AsyncHTTPClient
import Bridge
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import SMSCore
import Synchronization
import TestSupport
import Testing

@testable import HTTPAPI

@Suite("The suppression list over HTTP", .timeLimit(.minutes(3)))
struct OptOutRoutesTests {
    /// What was published, by routing key.
    private final class Published: Sendable {
        private let state = Mutex<[String]>([])

        var keys: [String] { state.withLock { $0 } }

        func note(_ event: BrokerMessage) { state.withLock { $0.append(event.routingKey) } }
    }

    private func serve(
        _ body: @escaping @Sendable (TestServer, InMemoryStore, Published) async throws -> Void
    ) async throws {
        let (store, published) = (InMemoryStore(), Published())
        let announcer = OptOutAnnouncer(store: store, names: BrokerNames(), logger: LogBook().logger) { event, _ in
            published.note(event)
        }
        let desk = OptOutDesk(store: store, announcer: announcer)
        try await TestServer.with(api: FakeSendAPI(), optOuts: desk) { server in
            try await body(server, store, published)
        }
    }

    private func json(_ text: String) -> HTTPClientRequest.Body { .bytes(ByteBuffer(string: text)) }

    @Test("puts a number on the list for all senders or one, once, and publishes it")
    func put() async throws {
        try await serve { server, store, published in
            let all = try await server.request("/opt-outs/+14155550100", .PUT)
            #expect(all.status == .noContent)
            let body = json(#"{"sender": "+1 415 555 0199"}"#)
            #expect(try await server.request("/opt-outs/14155550100", .PUT, body: body).status == .noContent)
            #expect(try await server.request("/opt-outs/%2B14155550100", .PUT).status == .noContent)
            let listed = try await store.optOuts(after: nil, limit: 10)
            #expect(listed.map(\.number) == ["+14155550100", "+14155550100"])
            #expect(listed.map(\.sender) == ["*", "+14155550199"])
            #expect(listed.allSatisfy { $0.source == .api })
            #expect(published.keys == ["opt-out.all", "opt-out.14155550199"])
        }
    }

    @Test("takes an entry off the list, and answers 404 for one that is not there")
    func delete() async throws {
        try await serve { server, store, published in
            _ = try await server.request("/opt-outs/+14155550100", .PUT)
            let other = json(#"{"sender": "Ours"}"#)
            #expect(try await server.request("/opt-outs/+14155550100", .DELETE, body: other).status == .notFound)
            #expect(try await server.request("/opt-outs/+14155550100", .DELETE).status == .noContent)
            #expect(try await server.request("/opt-outs/+14155550100", .DELETE).status == .notFound)
            #expect(try await store.optOuts(after: nil, limit: 10) == [])
            #expect(published.keys == ["opt-out.all", "opt-in.all"])
        }
    }

    @Test("takes the sender of an entry to take off from the query too, for proxies drop the body of a DELETE")
    func deleteByQuery() async throws {
        try await serve { server, store, _ in
            let ours = json(#"{"sender": "Ours"}"#)
            for body in [nil, ours] {
                _ = try await server.request("/opt-outs/+14155550100", .PUT, body: ours)
                _ = try await server.request("/opt-outs/+14155550100", .PUT)
                let path = "/opt-outs/+14155550100?sender=Ours"
                #expect(try await server.request(path, .DELETE, body: body).status == .noContent)
                #expect(try await store.optOuts(after: nil, limit: 10).map(\.sender) == ["*"])
            }
            for query in ["sender=Theirs", "sender=*", "sender=Ours&sender=Theirs", "sender=no%20such%20sender"] {
                let answer = try await server.request("/opt-outs/+14155550100?\(query)", .DELETE, body: ours)
                #expect(answer.status == .badRequest, "\(query)")
                #expect(answer.body.contains(#""field":"sender""#), "\(query)")
            }
            #expect(try await store.optOuts(after: nil, limit: 10).map(\.sender) == ["*"])
            #expect(try await server.request("/opt-outs/+14155550100?sender=*", .DELETE).status == .noContent)
        }
    }

    @Test("answers 503 while another process serves the list, never that a number is not on it")
    func standby() async throws {
        try await TestServer.with(api: FakeSendAPI()) { server in
            for (path, method) in [
                ("/opt-outs", HTTPMethod.GET), ("/opt-outs/+14155550100", .PUT), ("/opt-outs/+14155550100", .DELETE),
            ] {
                let answer = try await server.request(path, method)
                #expect(answer.status == .serviceUnavailable, "\(method) \(path)")
                #expect(answer.headers.contains(name: "retry-after"))
            }
        }
    }

    @Test("lists page by page, every entry once")
    func list() async throws {
        try await serve { server, store, _ in
            let numbers = (0..<25).map { "+141555501\(10 + $0)" }
            _ = try await store.add(numbers.map { OptOut(number: $0, source: .import, at: Samples.moment) })
            var seen: [String] = []
            var path = "/opt-outs?limit=10"
            for _ in 0..<3 {
                let page = try await server.request(path, .GET)
                #expect(page.status == .ok)
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data(page.body.utf8)) as? [String: Any]
                )
                let items = try #require(object["items"] as? [[String: Any]])
                seen += items.compactMap { $0["number"] as? String }
                guard let next = object["next"] as? String else { break }
                path = "/opt-outs?limit=10&cursor=\(next)"
            }
            #expect(seen == numbers)
        }
    }

    @Test(
        "refuses what makes no sense, with every problem",
        arguments: [
            ("/opt-outs/none", HTTPMethod.PUT, #"{"sender": 5}"#, ["number", "sender"]),
            ("/opt-outs/+14155550100", .DELETE, "[]", ["body"]),
            ("/opt-outs?limit=0&cursor=x", .GET, "", ["limit", "cursor"]),
        ]
    )
    func problems(path: String, method: HTTPMethod, body: String, fields: [String]) async throws {
        try await serve { server, _, published in
            let answer = try await server.request(path, method, body: body.isEmpty ? nil : json(body))
            #expect(answer.status == .badRequest)
            for field in fields { #expect(answer.body.contains(#""field":"\#(field)""#), "\(answer.body)") }
            #expect(published.keys == [])
        }
    }
}

@Suite("Figures and texts over HTTP", .timeLimit(.minutes(3)))
struct InspectAndMetricsRoutesTests {
    @Test("/inspect says what a text takes, as it stands and after smart encoding")
    func inspect() async throws {
        try await TestServer.with(api: FakeSendAPI()) { server in
            let rest = String(repeating: "x", count: 76)
            let answer = try await server.request("/inspect?text=It%E2%80%99s\(rest)", .GET)
            #expect(answer.status == .ok)
            #expect(
                answer.body == #"{"encoding":"ucs2","offending":[{"char":"’","offset":2}],"remaining":54,"segments":2,"#
                    + #""smart":{"encoding":"gsm7","offending":[],"remaining":80,"segments":1,"units":80},"units":80}"#
            )
            let none = try await server.request("/inspect", .GET)
            #expect(none.status == .badRequest)
            #expect(none.body.contains(#""field":"text""#))
        }
    }

    @Test("/inspect needs a key where there are keys; /metrics needs none")
    func access() async throws {
        let figures: @Sendable () async -> String = { "figures\n" }
        try await TestServer.with(api: FakeSendAPI(), metrics: figures, keys: ["key"]) { server in
            #expect(try await server.request("/inspect?text=x", .GET).status == .unauthorized)
            let metrics = try await server.request("/metrics", .GET)
            #expect(metrics.status == .ok)
            #expect(metrics.body == "figures\n")
            #expect(metrics.headers.first(name: "content-type") == "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}
