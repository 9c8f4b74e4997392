import Bridge
import Contracts
import Foundation
import Logging
import NIOHTTP1
import TestSupport
import Testing

@testable import HTTPAPI

@Suite("The OpenAPI document")
struct OpenAPITests {
    /// docs/openapi.yaml, found from this file's own place.
    private static var file: String {
        get throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            return try String(contentsOf: root.appending(path: "docs/openapi.yaml"), encoding: .utf8)
        }
    }

    /// The paths and their methods, read by the document's indentation.
    private static func paths(_ text: String) -> [String: Set<String>] {
        let methods: Set = ["get", "put", "post", "delete", "head", "patch", "options"]
        var found: [String: Set<String>] = [:]
        var path: String?
        for line in text.split(separator: "\n").drop(while: { $0 != "paths:" }).dropFirst() {
            if !line.hasPrefix(" ") { break }
            if line.hasPrefix("  /"), line.hasSuffix(":") {
                path = String(line.dropFirst(2).dropLast())
            } else if let path, line.hasPrefix("    "), line.hasSuffix(":") {
                let word = String(line.dropFirst(4).dropLast())
                if methods.contains(word) { found[path, default: []].insert(word.uppercased()) }
            }
        }
        return found
    }

    @Test("is carried by the binary as it stands in docs (scripts/embed-contracts.sh writes it there)")
    func embedded() throws {
        let file = try Self.file
        #expect(OpenAPIDocument.text == file)
    }

    @Test("names every path and method that is served, and no other")
    func routes() throws {
        var configuration = HTTPServerConfiguration()
        configuration.webhookPort = 3001
        let store = InMemoryStore()
        let announcer = OptOutAnnouncer(store: store, names: BrokerNames(), logger: LogBook().logger) { _, _ in }
        let server = HTTPServer(
            configuration: configuration,
            webhooks: FakeReceiver(),
            health: FakeHealth(),
            api: APIParts(
                messages: FakeSendAPI(),
                campaigns: FakeCampaignAPI(),
                optOuts: OptOutDesk(store: store, announcer: announcer)
            ),
            metrics: { "" },
            logger: LogBook().logger
        )
        let served = server.listeners().map(\.2.listing).reduce(into: [:]) { all, routes in
            all.merge(routes) { $0.union($1) }
        }
        let documented = Self.paths(try Self.file)
        #expect(documented == served)
    }

    @Test("is served", .timeLimit(.minutes(3)))
    func served() async throws {
        try await TestServer.with(api: FakeSendAPI(), keys: ["key"]) { server in
            let answer = try await server.request("/openapi.yaml", .GET)
            #expect(answer.status == .ok)
            #expect(answer.headers.first(name: "content-type") == "application/yaml")
            let file = try Self.file
            #expect(answer.body == file)
        }
    }
}
