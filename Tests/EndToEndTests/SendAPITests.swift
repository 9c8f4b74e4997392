import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing
import VonageSimulator

@Suite(
    "The send API",
    // Set by `make test`, which starts a broker; without one there is nothing to test against.
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct SendAPITests {
    private static let hello = #"{"to": "+1 415 555 0100", "message": "Hello there"}"#

    @Test("sends what the tutorial's curl line asks for, and shows the message with its receipts")
    func roundTrip() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let sent = try await world.api(.POST, "/send-sms", body: Self.hello)
            #expect(sent.status == 200)
            #expect(sent["status"] == "Message sending initiated")
            let id = try #require(sent["id"])
            let message = try #require(world.simulator.messages.first)
            #expect(sent["message_uuid"] == message.messageUUID)
            #expect(sent.headers.first(name: "ratelimit-remaining") == "99")
            #expect(message.clientRef == id)
            #expect(try await world.nextEvent().data.commandID == id)

            var shown = try await world.api(.GET, "/messages/\(id)")
            let isDelivered = try await eventually(within: .seconds(30)) {
                shown = try await world.api(.GET, "/messages/\(id)")
                return shown.receipts == ["submitted", "delivered"]
            }
            #expect(isDelivered, "\(shown.body)")
            #expect(shown["state"] == "accepted")
            #expect(shown["to"] == "+14155550100")
            #expect(shown["from"] == "+14155550199")
            #expect(shown["message_uuid"] == message.messageUUID)
            #expect(try await world.api(.GET, "/messages/unknown").status == 404)
            #expect(try await world.api(.GET, "/openapi.yaml").body.hasPrefix("openapi: 3.1"))
            service.terminate()
            #expect(await service.waitForExit() == 0)
            #expect(!service.log.contains("Hello there"), "the text is in the log")
            #expect(!service.log.contains("4155550100"), "a number is in the log")
        }
    }

    @Test("sends once what comes again under its key, and refuses another body under it")
    func idempotency() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let key = [("Idempotency-Key", "order 7/1")]
            async let first = world.api(.POST, "/send-sms", key, body: Self.hello)
            async let second = world.api(.POST, "/send-sms", key, body: Self.hello)
            let answers = try await [first, second, world.api(.POST, "/send-sms", key, body: Self.hello)]
            #expect(answers.map(\.status) == [200, 200, 200])
            #expect(Set(answers.map { $0["message_uuid"] }).count == 1)
            #expect(world.simulator.requestCount == 1)
            let other = #"{"to": "14155550100", "message": "Something else"}"#
            let refused = try await world.api(.POST, "/send-sms", key, body: other)
            #expect(refused.status == 422)
            #expect(refused["status"] == "Failed to send message")
            #expect(refused.details["code"] as? String == "id_reused")
            #expect(world.simulator.requestCount == 1)
            #expect(try await world.api(.GET, "/messages/order%207%2F1")["state"] == "accepted")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("answers 422 with the provider's words, and 400 with every problem before anything is enqueued")
    func refused() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.status, status: "422")])
            let service = try await world.startService()
            let refused = try await world.api(.POST, "/send-sms", body: Self.hello)
            #expect(refused.status == 422)
            #expect(refused["status"] == "Failed to send message")
            #expect(refused.details["code"] as? String == "provider_rejected")
            #expect((refused.details["provider"] as? [String: Any])?["status"] as? Int == 422)
            #expect(world.simulator.requestCount == 1)
            let deep = String(repeating: #"{"a":"#, count: 50_000)
            for body in ["", "no", "[]", "{}", #"{"to": 5, "message": []}"#, deep, #"{"to": "\u0000"}"#] {
                let bad = try await world.api(.POST, "/send-sms", body: body)
                #expect(bad.status == 400)
                #expect(bad.headers.first(name: "content-type") == "application/problem+json")
                #expect(!bad.problems.isEmpty)
            }
            #expect(world.simulator.requestCount == 1)
            #expect(try await world.client.queueInfo(world.names.queue(of: .send))?.readyCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("answers 202 at once or after the wait, and calls back what waits for its time")
    func waiting() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let async = try await world.api(.POST, "/send-sms", [("Prefer", "respond-async")], body: Self.hello)
            #expect(async.status == 202)
            let location = try #require(async.headers.first(name: "location"))
            let isSent = try await eventually(within: .seconds(30)) {
                let message = try await world.api(.GET, location)
                return message.status == 200 && message["state"] == "accepted"
            }
            #expect(isSent)

            let sendAt = Timestamp(milliseconds: Timestamp.now.milliseconds + 3_600_000).rfc3339
            let later = #"{"to": "14155550100", "message": "Later", "send_at": "\#(sendAt)"}"#
            let key = [("Prefer", "wait=1"), ("Idempotency-Key", "later")]
            let pending = try await world.api(.POST, "/send-sms", key, body: later)
            #expect(pending.status == 202)
            #expect(pending.headers.first(name: "preference-applied") == "wait=1")
            #expect(try await world.api(.GET, "/messages/later")["state"] == "pending")
            let cancelling = try await world.api(.DELETE, "/messages/later")
            #expect(cancelling.status == 202)
            #expect(cancelling["status"] == "cancelling")
            let isCancelled = try await eventually(within: .seconds(30)) {
                try await world.api(.GET, "/messages/later")["state"] == "cancelled"
            }
            #expect(isCancelled)
            #expect(try await world.api(.DELETE, "/messages/later").status == 409)
            #expect(world.simulator.requestCount == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("ends a long wait when the service stops")
    func stopping() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let sendAt = Timestamp(milliseconds: Timestamp.now.milliseconds + 3_600_000).rfc3339
            let later = #"{"to": "14155550100", "message": "Later", "send_at": "\#(sendAt)"}"#
            async let answer = world.api(
                .POST,
                "/send-sms",
                [("Prefer", "wait=60"), ("Idempotency-Key", "later")],
                body: later
            )
            let isThere = try await eventually(within: .seconds(30)) {
                try await world.api(.GET, "/messages/later")["attempts"] == "0"
            }
            #expect(isThere)
            service.terminate()
            #expect(await service.waitForExit(within: .seconds(30)) == 0)
            #expect(try await answer.status == 202)
        }
    }

    @Test("asks for a key where there are keys, and keeps each to its rate")
    func keys() async throws {
        let extra = ["API_KEYS": "the-first-key-of-two, the-other-key-of-two", "API_RATE_LIMIT": "2/15m"]
        try await World.with(extra: extra) { world in
            let service = try await world.startService()
            #expect(try await world.api(.POST, "/send-sms", body: Self.hello).status == 401)
            let one = [("Authorization", "Bearer the-first-key-of-two"), ("X-Forwarded-For", "192.0.2.1")]
            let two = [("Authorization", "Bearer the-other-key-of-two")]
            for remaining in ["1", "0"] {
                let answer = try await world.api(.POST, "/send-sms", one, body: Self.hello)
                #expect(answer.status == 200)
                #expect(answer.headers.first(name: "ratelimit-remaining") == remaining)
            }
            let over = try await world.api(.POST, "/send-sms", one, body: Self.hello)
            #expect(over.status == 429)
            #expect(over.headers.first(name: "retry-after") == over.headers.first(name: "ratelimit-reset"))
            #expect(try await world.api(.POST, "/send-sms", two, body: Self.hello).status == 200)
            #expect(world.simulator.requestCount == 3)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("serves no client where there are no keys, and says so once at the start")
    func closed() async throws {
        try await World.with(extra: ["API_LOOPBACK": "false"]) { world in
            let service = try await world.startService()
            #expect(service.log.split(separator: "\n").count { $0.contains("set API_KEYS, or API_LOOPBACK=true") } == 1)
            for headers in [[], [("Authorization", "Bearer made-up-key-no-01")]] {
                let refused = try await world.api(.POST, "/send-sms", headers, body: Self.hello)
                #expect(refused.status == 403)
                #expect(refused["error"]?.contains("set API_KEYS, or API_LOOPBACK=true") == true)
            }
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("serves only this host with API_LOOPBACK, and warns of it at the start")
    func loopback() async throws {
        try await World.with { world in
            let service = try await world.startService()
            #expect(service.log.contains("served without keys to clients on this host"))
            #expect(try await world.api(.GET, "/inspect?text=x").status == 200)
            for header in [("X-Forwarded-For", "127.0.0.1"), ("Via", "1.1 tunnel"), ("Host", "example.ngrok.app")] {
                #expect(try await world.api(.POST, "/send-sms", [header], body: Self.hello).status == 403)
            }
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("answers 503 where the topology is missing")
    func noTopology() async throws {
        try await World.with { world in
            let service = try ServiceProcess(
                ["serve"],
                environment: world.environment.merging(["AMQP_DECLARE": "false"]) { $1 },
                directory: world.folder
            )
            try await service.waitForOutput("listening")
            let answer = try await world.api(.POST, "/send-sms", body: Self.hello)
            #expect(answer.status == 503)
            #expect(answer.headers.first(name: "retry-after") != nil)
            #expect(answer["id"] != nil)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("is 503 while the broker is away, never 500 over a lost connection, and works again after it")
    func outage() async throws {
        try await PrivateNode.with { broker in
            try await World.with(brokerURL: broker.url) { world in
                let service = try await world.startService()
                world.simulator.setFaults([FaultRule(.slow, times: 1, latencyMS: 3000)])
                let wishes = [("Prefer", "wait=5"), ("Idempotency-Key", "caught")]
                async let caught = world.api(.POST, "/send-sms", wishes, body: Self.hello)
                #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount == 1 })
                try await broker("stop")
                let status = try await caught.status
                #expect(status == 202 || status == 200)
                let key = [("Idempotency-Key", "away")]
                let away = try await world.api(.POST, "/send-sms", key, body: Self.hello)
                #expect(away.status == 503)
                #expect(away.headers.first(name: "retry-after") == "5")
                try await broker("start")
                var again = away
                let works = try await eventually(within: .seconds(60)) {
                    again = try await world.api(.POST, "/send-sms", key, body: Self.hello)
                    return again.status == 200
                }
                #expect(works, "\(again.status) \(again.body)")
                let isSettled = try await eventually(within: .seconds(30)) {
                    try await world.api(.GET, "/messages/caught")["state"] == "accepted"
                }
                #expect(isSettled)
                #expect(world.simulator.requestCount == 2)
                service.terminate()
                #expect(await service.waitForExit() == 0)
            }
        }
    }
}
