import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOHTTP1
import Testing
import VonageSimulator

@Suite("What the page shows of a service", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(5)))
struct ConsoleTests {
    /// The texts of a field, over the items of a list.
    private func texts(_ field: String, in body: String) throws -> [String] {
        guard case .object(let object) = try JSONValue(parsing: Array(body.utf8)),
            case .array(let items)? = object["items"]
        else { return [] }
        return items.compactMap { item in
            guard case .object(let fields) = item, case .string(let text)? = fields[field] else { return nil }
            return text
        }
    }

    @Test("a message that was tried again: found by its number, its timeline over HTTP and on the command line")
    func timeline() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.status, times: 1, status: "503")])
            let service = try await world.startService()
            let key = [("Idempotency-Key", "order-1"), ("Prefer", "wait=60")]
            let sent = try await world.api(.POST, "/send-sms", key, body: #"{"to": "+14155550100", "message": "Hi"}"#)
            #expect(sent.status == 200)
            let isDelivered = try await eventually(within: .seconds(30)) {
                try await world.api(.GET, "/messages/order-1/timeline").body.contains("delivered")
            }
            #expect(isDelivered)
            let timeline = try await world.api(.GET, "/messages/order-1/timeline").body
            let words = try texts("what", in: timeline)
            #expect(words.prefix(4) == ["taken", "attempt", "not_taken", "attempt"])
            #expect(words.contains("settled"))
            #expect(words.contains("published"))
            #expect(timeline.contains("503"))
            #expect(!timeline.contains(#""Hi""#))
            let found = try await world.api(.GET, "/messages?to=%2B14155550100").body
            #expect(try texts("id", in: found) == ["order-1"])
            let failed = try await world.api(.GET, "/messages?state=failed").body
            #expect(try texts("id", in: failed) == [])
            let overview = try await world.api(.GET, "/overview")
            #expect(overview.status == 200)
            #expect(overview.body.contains(#""accepted":["#))
            let configuration = try await world.api(.GET, "/configuration").body
            #expect(configuration.contains(#""name":"SEND_RATE""#))
            #expect(!configuration.contains(world.environment["VONAGE_API_SECRET"] ?? "none"))

            let shown = try ServiceProcess(
                ["messages", "show", "order-1", "--json"],
                environment: world.environment,
                directory: world.folder
            )
            #expect(await shown.waitForExit() == 0)
            #expect(shown.log.contains(#""what":"not_taken""#))
            let listed = try ServiceProcess(
                ["messages", "list", "--to", "+1 415 555 0100"],
                environment: world.environment,
                directory: world.folder
            )
            #expect(await listed.waitForExit() == 0)
            #expect(listed.log.contains("order-1"))
            let unknown = try ServiceProcess(
                ["messages", "show", "none"],
                environment: world.environment,
                directory: world.folder
            )
            #expect(await unknown.waitForExit() == 65)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a dead letter is listed and replayed, by the rules of the command line")
    func deadLetter() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.status, times: 1, status: "422")])
            let service = try await world.startService()
            let key = [("Idempotency-Key", "order-2"), ("Prefer", "wait=60")]
            let sent = try await world.api(.POST, "/send-sms", key, body: #"{"to": "+14155550100", "message": "Hi"}"#)
            #expect(sent.status == 422)
            let isListed = try await eventually(within: .seconds(30)) {
                let list = try await world.api(.GET, "/dead-letters").body
                return try texts("id", in: list) == ["order-2"]
            }
            #expect(isListed)
            let dry = try await world.api(.POST, "/dead-letters/replay", body: #"{"all": true, "dry_run": true}"#)
            #expect(dry.body.contains(#""result":"would_replay""#))
            let replay = try await world.api(
                .POST,
                "/dead-letters/replay",
                body: #"{"ids": ["order-2", "order-3"]}"#
            )
            #expect(replay.body.contains(#""result":"replayed""#))
            #expect(replay.body.contains(#""unknown":["order-3"]"#))
            let isSent = try await eventually(within: .seconds(30)) {
                try await world.api(.GET, "/messages/order-2")["state"] == "accepted"
            }
            #expect(isSent)
            let timeline = try await world.api(.GET, "/messages/order-2/timeline").body
            let words = try texts("what", in: timeline)
            #expect(words.contains("taken_again"))
            let isGone = try await eventually(within: .seconds(30)) {
                let list = try await world.api(.GET, "/dead-letters").body
                return try texts("id", in: list) == []
            }
            #expect(isGone)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
