import AsyncHTTPClient
import Bridge
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import SMSCore
import TestSupport
import Testing

@testable import HTTPAPI

@Suite("What a page about the service asks", .timeLimit(.minutes(3)))
struct ConsoleRoutesTests {
    private func json(_ text: String) -> HTTPClientRequest.Body { .bytes(ByteBuffer(string: text)) }

    private func object(_ text: String) throws -> [String: JSONValue] {
        guard case .object(let object) = try JSONValue(parsing: Array(text.utf8)) else {
            Issue.record("no object: \(text)")
            return [:]
        }
        return object
    }

    private func ids(_ answer: TestServer.Answer) throws -> [String] {
        guard case .array(let items)? = try object(answer.body)["items"] else { return [] }
        return items.compactMap { item in
            guard case .object(let fields) = item, case .string(let id)? = fields["id"] else { return nil }
            return id
        }
    }

    @Test("lists messages newest first, page by page, without their receipts")
    func messages() async throws {
        let console = FakeConsoleAPI()
        for number in 0..<5 {
            let record = Samples.record("m\(number)", at: Samples.moment + .seconds(number))
            _ = try await console.store.save(record)
        }
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            var seen: [String] = []
            var address = "/messages?limit=2"
            for _ in 0..<4 {
                let answer = try await server.request(address, .GET)
                #expect(answer.status == .ok)
                #expect(answer.headers.first(name: "cache-control") == "no-store")
                #expect(!answer.body.contains("receipts"))
                seen += try ids(answer)
                guard case .string(let next)? = try object(answer.body)["next"] else { break }
                address = "/messages?limit=2&cursor=\(next)"
            }
            #expect(seen == ["m4", "m3", "m2", "m1", "m0"])
        }
    }

    @Test("reads every parameter of a search, numbers in any spelling")
    func search() async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            let address =
                "/messages?to=%2B1%20(415)%20555-0101&from=Acme&state=failed&campaign_id=spring"
                + "&since=2026-11-28T09:00:00Z&until=2026-11-28T10:00:00%2B01:00&limit=7"
            #expect(try await server.request(address, .GET).status == .ok)
            let query = try #require(console.queries.last)
            #expect(query.to == "+14155550101")
            #expect(query.from == "Acme")
            #expect(query.state == .failed)
            #expect(query.campaignID == "spring")
            #expect(query.since == Timestamp(rfc3339: "2026-11-28T09:00:00Z"))
            #expect(query.until == Timestamp(rfc3339: "2026-11-28T09:00:00Z"))
            #expect(query.limit == 7)
        }
    }

    @Test("answers 400 with every problem of a search")
    func badSearch() async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            let address = "/messages?to=x&from=%3F&state=lost&since=today&until=1&limit=0&cursor=%3F%3F"
            let answer = try await server.request(address, .GET)
            #expect(answer.status == .badRequest)
            for name in ["to", "from", "state", "since", "until", "limit", "cursor"] {
                #expect(answer.body.contains("\"field\":\"\(name)\""), "\(name) is missing")
            }
            #expect(console.queries.isEmpty)
            for cursor in ["", "e30", "MQ", "%00", String(repeating: "A", count: 5000)] {
                let answer = try await server.request("/messages?cursor=\(cursor)", .GET)
                #expect(answer.status == (cursor.isEmpty ? .ok : .badRequest))
            }
        }
    }

    @Test("shows a message's timeline with each reason, and 404 for one that is unknown")
    func timeline() async throws {
        let console = FakeConsoleAPI()
        var record = Samples.record("order/1")
        record = record.waiting(until: Samples.moment + .seconds(60), now: Samples.moment, for: .schedule)
        record = record.beginning(at: Samples.moment + .seconds(60), by: BootID("b"))
        record.history.note(.notTaken, at: Samples.moment + .seconds(61), until: Samples.moment + .seconds(66), "503")
        let end = Settlement(
            outcome: .accepted,
            messageUUID: "uuid",
            error: nil,
            at: Samples.moment + .seconds(67)
        )
        record = record.settled(end, retention: .seconds(1)).published(at: Samples.moment + .seconds(68))
        _ = try await console.store.save(record)
        let receipt = SeenReceipt(
            messageUUID: "uuid",
            commandID: record.id,
            status: "delivered",
            timestamp: "2026-01-31T09:01:10Z",
            error: nil,
            seenAt: Samples.moment + .seconds(70)
        )
        try await console.store.remember(receipt)
        try await TestServer.with(api: FakeSendAPI(known: ["queued"]), console: console) { server in
            let answer = try await server.request("/messages/order%2F1/timeline", .GET)
            guard case .array(let items)? = try object(answer.body)["items"] else {
                Issue.record("no items: \(answer.body)")
                return
            }
            let words = items.map { item in
                guard case .object(let fields) = item, case .string(let what)? = fields["what"] else { return "" }
                return what
            }
            #expect(words == ["taken", "waiting", "attempt", "not_taken", "settled", "published", "receipt"])
            #expect(Set(words).isSubset(of: TimelineItem.words))
            #expect(answer.body.contains(#""detail":"schedule""#))
            #expect(answer.body.contains("2026-01-31T09:01:10Z"))
            #expect(try await server.request("/messages/none/timeline", .GET).status == .notFound)
            let queued = try await server.request("/messages/queued/timeline", .GET)
            #expect(queued.status == .ok)
            #expect(queued.body == #"{"items":[]}"#)
        }
    }

    @Test("lists dead letters, and passes a replay on as it was asked for")
    func deadLetters() async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            let list = try await server.request("/dead-letters?code=invalid", .GET)
            #expect(list.body.contains(#""count":7"#))
            #expect(list.body.contains(#""code":"invalid""#))
            let bodies = [
                #"{"ids": ["a", "@0123456789ab"]}"#, #"{"code": "invalid", "dry_run": true}"#,
                #"{"all": true, "force_resend": true}"#,
            ]
            for body in bodies {
                let answer = try await server.request("/dead-letters/replay", .POST, body: json(body))
                #expect(answer.status == .ok)
                #expect(answer.body.contains(#""result":"replayed""#))
            }
            #expect(
                console.orders == [
                    ReplayOrder(.ids(["a", "@0123456789ab"])), ReplayOrder(.code("invalid"), isDryRun: true),
                    ReplayOrder(.all, isForced: true),
                ]
            )
        }
    }

    @Test(
        "replays nothing that is not named clearly",
        arguments: [
            "", "[]", "{}", #"{"ids": []}"#, #"{"ids": [1]}"#, #"{"ids": "a"}"#, #"{"all": false}"#,
            #"{"all": "yes"}"#, #"{"ids": ["a"], "all": true}"#, #"{"code": 5}"#, #"{"all": true, "dry_run": 1}"#,
        ]
    )
    func badReplay(body: String) async throws {
        let console = FakeConsoleAPI()
        try await TestServer.with(api: FakeSendAPI(), console: console) { server in
            let answer = try await server.request("/dead-letters/replay", .POST, body: json(body))
            #expect(answer.status == .badRequest)
            #expect(answer.body.contains("problems"))
            #expect(console.orders.isEmpty)
        }
    }

    @Test("answers 503 while the dead letters cannot be reached, or another request holds them")
    func unreachable() async throws {
        let errors: [any Error] = [DeadLettersBusy(), DeadLettersUnreachable(reason: "The broker is away.")]
        for error in errors {
            try await TestServer.with(api: FakeSendAPI(), console: FakeConsoleAPI(failure: error)) { server in
                let list = try await server.request("/dead-letters", .GET)
                #expect(list.status == .serviceUnavailable)
                #expect(list.headers.contains(name: "retry-after"))
                let body = json(#"{"all": true}"#)
                let replay = try await server.request("/dead-letters/replay", .POST, body: body)
                #expect(replay.status == .serviceUnavailable)
            }
        }
    }

    @Test("asks for the key on every path but the page's own files")
    func access() async throws {
        let paths = [
            "/messages", "/messages/a/timeline", "/campaigns", "/overview", "/configuration", "/dead-letters",
            "/events",
        ]
        try await TestServer.with(api: FakeSendAPI(), console: FakeConsoleAPI(), keys: ["key"]) { server in
            for path in paths {
                #expect(try await server.request(path, .GET).status == .unauthorized, "\(path)")
            }
            #expect(try await server.request("/dead-letters/replay", .POST).status == .unauthorized)
            #expect(try await server.request("/console", .GET).status == .ok)
            let key = [("Authorization", "Bearer key")]
            let overview = try await server.request("/overview", .GET, headers: key)
            #expect(overview.body.contains(#""lanes""#))
            #expect(overview.body.contains(#""usage":[]"#))
            let configuration = try await server.request("/configuration", .GET, headers: key)
            #expect(configuration.body.contains(#"{"name":"API_KEYS","source":"environment","value":"***"}"#))
        }
    }

    @Test("answers 503 while another process serves")
    func standby() async throws {
        try await TestServer.with(api: FakeSendAPI()) { server async throws in
            for path in ["/messages", "/campaigns", "/overview", "/configuration", "/dead-letters", "/events"] {
                #expect(try await server.request(path, .GET).status == .serviceUnavailable, "\(path)")
            }
            #expect(try await server.request("/console", .GET).status == .ok)
        }
    }

    @Test("serves the page and its files under a policy that runs nothing from elsewhere, and not for webhooks")
    func page() async throws {
        try await TestServer.with(api: FakeSendAPI(), console: FakeConsoleAPI(), separate: true) { server in
            let page = try await server.request("/console", .GET)
            #expect(page.headers.first(name: "content-type") == "text/html; charset=utf-8")
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            #expect(policy.contains("default-src 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(!page.headers.contains(name: "set-cookie"))
            for name in ConsoleFiles.all.keys {
                let file = try await server.request("/console/\(name)", .GET)
                #expect(file.status == .ok)
                let type = name.hasSuffix(".css") ? "text/css" : "text/javascript"
                #expect(file.headers.first(name: "content-type") == "\(type); charset=utf-8")
            }
            #expect(try await server.request("/console/none.js", .GET).status == .notFound)
            #expect(try await server.request("/console", .GET, port: server.webhookPort).status == .notFound)
            #expect(try await server.request("/messages", .GET, port: server.webhookPort).status == .notFound)
        }
    }

    @Test("is carried by the binary as it stands in its folder (scripts/embed-contracts.sh writes it there)")
    func embedded() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Sources/HTTPAPI/Console/Page")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == Set(ConsoleFiles.all.keys).union(["console.html"]))
        for name in names {
            let file = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            #expect((name == "console.html" ? ConsolePage.text : ConsoleFiles.all[name]) == file, "\(name)")
        }
    }
}
