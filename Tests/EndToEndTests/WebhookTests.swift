import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

@Suite(
    "What Vonage reports reaches the exchanges",
    // Set by `make test`, which starts a broker; without one there is nothing to test against.
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct WebhookTests {
    @Test("submitted and delivered follow an accepted command, with its id and the caller's own reference")
    func receipts() async throws {
        try await World.with { world in
            let service = try await world.startService()
            try await world.publish(#"{"to": "14155550100", "text": "x", "client_ref": "mine"}"#, id: "r-1")
            let accepted = try await world.nextEvent()
            let first = try await world.nextWebhookEvent()
            let second = try await world.nextWebhookEvent()
            #expect([first.type, second.type] == ["sms.status.submitted", "sms.status.delivered"])
            for receipt in [first, second] {
                #expect(receipt.data.commandID == "r-1")
                #expect(receipt.data.clientRef == "mine")
                #expect(receipt.data.messageUUID == accepted.data.messageUUID)
                #expect(!receipt.data.superseded)
            }
            #expect([first.data.final, second.data.final] == [false, true])
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a handset's message is published once, by our number")
    func inbound() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let uuid = world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: "Hallo Welt")
            let event = try await world.nextWebhookEvent(InboundEvent.self)
            #expect(event.type == "sms.inbound.message")
            #expect(event.data.messageUUID == uuid)
            #expect(event.data.text == "Hallo Welt")
            #expect(event.data.from == "+14155550100")
            service.terminate()
            #expect(await service.waitForExit() == 0)
            #expect(!service.log.contains("Hallo Welt"), "the text is in the log")
        }
    }

    @Test("forged: refused, nothing is published, and one log line says why without the body")
    func forged() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let body = #"{"message_uuid": "u", "to": "1", "from": "2", "status": "delivered", "channel": "sms"}"#
            func post(_ headers: [(String, String)]) async throws -> HTTPClientResponse {
                var request = HTTPClientRequest(url: world.url + "/webhooks/status")
                request.method = .POST
                for (name, value) in headers { request.headers.add(name: name, value: value) }
                request.headers.add(name: "Content-Type", value: "application/json")
                request.body = .bytes(ByteBuffer(string: body))
                return try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            }
            let unsigned = try await post([])
            #expect(unsigned.status == .serviceUnavailable)
            #expect(unsigned.headers.contains(name: "Retry-After"))

            // One genuine webhook proves that the secret is right; from then on a wrong signature is a forgery.
            world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: "genuine")
            _ = try await world.nextWebhookEvent(InboundEvent.self)
            let forged = try await post([("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30.")])
            #expect(forged.status == .unauthorized)
            let large = HTTPClientRequest.Body.bytes(ByteBuffer(repeating: 0x20, count: 300_000))
            var request = HTTPClientRequest(url: world.url + "/webhooks/status")
            request.method = .POST
            request.body = large
            #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(10)).status == .payloadTooLarge)
            #expect(await world.webhookEvents.next(within: .milliseconds(300)) == nil)
            service.terminate()
            #expect(await service.waitForExit() == 0)
            let lines = service.log.split(separator: "\n").filter { $0.contains("webhook.handled") }
            #expect(lines.count == 3)
            #expect(!service.log.contains("signature-secret"))
        }
    }

    @Test("health says what is well")
    func health() async throws {
        try await World.with { world in
            let service = try await world.startService()
            for path in ["/health/live", "/health/ready", "/health/webhooks"] {
                let answer = try await HTTPClient.shared.execute(
                    HTTPClientRequest(url: world.url + path),
                    timeout: .seconds(10)
                )
                let body = try await answer.body.collect(upTo: 100_000)
                #expect(answer.status == .ok, "\(path): \(String(buffer: body))")
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("killed with -9 under webhook load: every webhook becomes one event, or a repeat with the same id")
    func killed() async throws {
        try await World.with { world in
            var service = try await world.startService()
            let count = 300
            for number in 0..<count {
                world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: "m-\(number)")
            }
            _ = try await world.nextWebhookEvent(InboundEvent.self)
            service.killNow()
            #expect(await service.waitForExit() != nil)
            service = try await world.startService()
            var ids: [String: Set<String>] = [:]
            while ids.count < count - 1 {
                let event = try await world.nextWebhookEvent(InboundEvent.self, within: .seconds(60))
                ids[event.data.messageUUID, default: []].insert(event.id)
            }
            #expect(ids.values.allSatisfy { $0.count == 1 })
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
