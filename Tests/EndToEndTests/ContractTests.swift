import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

@Suite(
    "The documents say what the service says",
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct ContractTests {
    @Test("schemas, AsyncAPI and OpenAPI keep to their standards, their examples to them, and the binary carries both")
    func documents() async throws {
        let (code, output) = try await ContractCheck.run(in: FileManager.default.temporaryDirectory)
        #expect(code == 0, "\(output)")
        let embedded = try await ContractCheck.embedded()
        #expect(embedded.code == 0, "\(embedded.output)")
    }

    @Test("every kind of event and dead letter that a run brings about fits its schema")
    func events() async throws {
        try await World.with { world in
            let collected = try await world.durableEvents(of: [
                world.names.outbound, world.names.status, world.names.inbound,
            ])
            let service = try await world.startService(["UNCERTAIN_WAIT": "1s", "DENIED_PREFIXES": "1876"])
            world.simulator.setFaults([
                FaultRule(.status, to: "1415555011", status: "422"),
                FaultRule(.dropBefore, to: "1415555012"),
                FaultRule(.failReceipt, to: "1415555013", status: "undeliverable", error: 1240),
            ])
            let later = (Timestamp.now + .seconds(3600)).rfc3339
            let past = (Timestamp.now - .seconds(60)).rfc3339
            let expensive = "It’s " + String(repeating: "x", count: 75)
            let commands = [
                "full": #""to": "14155550100", "text": "\#(expensive)", "client_ref": "mine", "metadata": {"k": "v"}, "#
                    + #""smart_encoding": true, "expires_at": "\#(later)""#,
                "rejected": #""to": "14155550110", "text": "x""#,
                "uncertain": #""to": "14155550120", "text": "x", "on_uncertain": "fail""#,
                "undeliverable": #""to": "14155550130", "text": "x""#,
                "denied": #""to": "18765550100", "text": "x""#,
                "expired": #""to": "14155550100", "text": "x", "expires_at": "\#(past)""#,
                "called-off": #""to": "14155550100", "text": "x", "send_at": "\#(later)""#,
                "invalid": #""to": "nowhere", "text": "", "max_segments": 0"#,
            ]
            for (id, body) in commands { try await world.publish("{\(body)}", id: id) }
            try await world.publish("no json", id: nil)
            // The provider's word for an opt-out, and the handset's; START; another channel; a campaign.
            try await world.publish(#"{"id": "called-off"}"#, key: "cancel", id: nil)
            let campaign =
                #"{"text": "Hi {{name}}", "recipients": [{"to": "14155550151", "name": "A"}, "#
                + #"{"to": "14155550152", "name": "B"}, {"to": "x", "name": "C"}]}"#
            try await world.publish(campaign, key: "campaign", id: "spring")
            let nameless = #"{"text": "Hi {{name}}", "recipients": ["14155550151"]}"#
            try await world.publish(nameless, key: "campaign", id: "bad")
            world.simulator.receiveInbound(from: "14155550161", to: "14155550199", text: "stop")
            world.simulator.receiveInbound(from: "14155550162", to: "14155550199", text: "Grüße 🙂")
            let wanted: Set = [
                "sms.outbound.accepted", "sms.outbound.rejected", "sms.outbound.uncertain", "sms.outbound.failed",
                "sms.outbound.expired", "sms.outbound.cancelled", "sms.outbound.invalid", "sms.campaign.started",
                "sms.campaign.completed", "sms.status.submitted", "sms.status.delivered", "sms.status.undeliverable",
                "sms.inbound.message", "sms.inbound.opt-out",
            ]
            var seen: Set<String> = []
            var lines: [Data] = []
            func take(until isEnough: () -> Bool) async throws {
                let deadline = ContinuousClock.now + .seconds(60)
                while !isEnough(), ContinuousClock.now < deadline {
                    guard let delivery = await collected.next(within: .seconds(20)) else { break }
                    lines.append(try ContractCheck.line(of: delivery))
                    seen.insert(delivery.properties.type ?? "")
                    _ = delivery.ack()
                }
            }
            try await take { wanted.isSubset(of: seen) }
            #expect(wanted.subtracting(seen) == [])
            // After the STOP.
            try await world.publish(#"{"to": "14155550161", "text": "x"}"#, id: "suppressed")
            world.simulator.receiveInbound(from: "14155550161", to: "14155550199", text: "START")
            try await take { seen.isSuperset(of: ["sms.outbound.suppressed", "sms.inbound.opt-in"]) }
            #expect(seen.isSuperset(of: ["sms.outbound.suppressed", "sms.inbound.opt-in"]))

            let dead = try await world.client.consume(queue: world.names.dead, prefetch: 50)
            for _ in 0..<6 {
                lines.append(try ContractCheck.line(of: #require(await dead.next(within: .seconds(20)))))
            }
            await dead.close()
            let (code, output) = try await ContractCheck.run("events", lines, in: world.folder)
            #expect(code == 0, "\(output)")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("every answer over HTTP fits its operation")
    func answers() async throws {
        try await World.with { world in
            let service = try await world.startService(["API_RATE_LIMIT": "9/15m"])
            world.simulator.setFaults([FaultRule(.status, to: "1415555011", status: "422")])
            var lines: [Data] = []
            func ask(_ method: HTTPMethod, _ path: String, _ headers: [(String, String)] = [], _ body: String? = nil)
                async throws -> UInt
            {
                let answer = try await world.api(method, path, headers, body: body)
                lines.append(try ContractCheck.line(of: answer, method.rawValue, path))
                return answer.status
            }
            let key = [("Idempotency-Key", "k-1")]
            #expect(try await ask(.POST, "/send-sms", key, #"{"to": "14155550100", "message": "x"}"#) == 200)
            #expect(try await ask(.POST, "/send-sms", key, #"{"to": "14155550100", "message": "y"}"#) == 422)
            #expect(try await ask(.POST, "/send-sms", [], #"{"to": "14155550110", "message": "x"}"#) == 422)
            #expect(try await ask(.POST, "/send-sms", [], #"{"to": "nowhere"}"#) == 400)
            #expect(try await ask(.POST, "/send-sms", [], "no json") == 400)
            let later = (Timestamp.now + .seconds(3600)).rfc3339
            let scheduled = #"{"to": "14155550100", "message": "x", "send_at": "\#(later)"}"#
            let async = [("Prefer", "respond-async"), ("Idempotency-Key", "k-2")]
            #expect(try await ask(.POST, "/send-sms", async, scheduled) == 202)
            let campaign = #"{"recipients": ["14155550100", "x"], "message": "Hi"}"#
            #expect(try await ask(.POST, "/send-campaign", [("Idempotency-Key", "c-1")], campaign) == 207)
            #expect(try await ask(.POST, "/send-campaign", [], "[]") == 400)
            let started = [("Prefer", "respond-async"), ("Idempotency-Key", "c-2")]
            #expect(try await ask(.POST, "/send-campaign", started, campaign) == 202)
            #expect(try await ask(.POST, "/send-campaign", started, campaign) == 429)
            #expect(try await ask(.GET, "/messages/k-1") == 200)
            #expect(try await ask(.GET, "/messages/unknown") == 404)
            #expect(try await ask(.DELETE, "/messages/k-1") == 409)
            #expect(try await ask(.DELETE, "/messages/k-2") == 202)
            #expect(try await ask(.GET, "/campaigns/c-1") == 200)
            #expect(try await ask(.DELETE, "/campaigns/c-1") == 409)
            #expect(try await ask(.PUT, "/opt-outs/+14155550107") == 204)
            #expect(try await ask(.GET, "/opt-outs") == 200)
            #expect(try await ask(.GET, "/opt-outs?limit=0") == 400)
            #expect(try await ask(.DELETE, "/opt-outs/+14155550107") == 204)
            #expect(try await ask(.DELETE, "/opt-outs/+14155550107") == 404)
            #expect(try await ask(.GET, "/inspect?text=x") == 200)
            #expect(try await ask(.GET, "/inspect") == 400)
            #expect(try await ask(.POST, "/webhooks/status", [], "{}") == 503)
            for path in ["health/live", "health/ready", "health/webhooks", "metrics", "openapi.yaml", "asyncapi.yaml"] {
                #expect(try await ask(.GET, "/" + path) == 200, "\(path)")
            }
            let (code, output) = try await ContractCheck.run("responses", lines, in: world.folder)
            #expect(code == 0, "\(output)")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("what breaks a schema is reported, so that the tests above can fail")
    func canFail() async throws {
        try await World.with { world in
            let event = Data(
                (#"{"exchange": "sms.outbound", "routing_key": "accepted", "body": {"specversion": "1.0", "#
                    + #""type": "sms.outbound.accepted", "data": {"surprise": 1}}}"#).utf8
            )
            #expect(try await ContractCheck.run("events", [event], in: world.folder).code == 1)
            let answer = APIAnswer(status: 200, headers: ["content-type": "application/json"], body: #"{"id": 5}"#)
            let line = try ContractCheck.line(of: answer, "GET", "/messages/x")
            #expect(try await ContractCheck.run("responses", [line], in: world.folder).code == 1)
        }
    }
}
