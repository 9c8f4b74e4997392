import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

@Suite(
    "A command on RabbitMQ becomes an SMS",
    // Set by `make test`, which starts a broker; without one there is nothing to test against.
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct OutboundTests {
    @Test("one request with the provider's body and credentials, one event, and the command is gone from its queue")
    func roundTrip() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let body = #"{"to": "+1 415 555 0100", "text": "Grüße", "client_ref": "mine", "metadata": {"k": "v"}}"#
            try await world.publish(body, id: "round-1")
            let event = try await world.nextEvent()
            #expect(event.type == "sms.outbound.accepted")
            #expect(event.id == "round-1/accepted")
            #expect(event.data.clientRef == "mine")
            #expect(event.data.metadata == ["k": "v"])

            let message = try #require(world.simulator.messages.first)
            #expect(world.simulator.requestCount == 1)
            #expect(message.messageUUID == event.data.messageUUID)
            #expect(message.authorization == "basic")
            let sent = try #require(try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: String])
            #expect(
                sent == [
                    "message_type": "text", "channel": "sms", "to": "14155550100", "from": "14155550199",
                    "text": "Grüße",
                    "client_ref": "round-1",
                ]
            )
            service.terminate()
            #expect(await service.waitForExit() == 0)
            #expect(try await world.client.queueInfo(world.names.queue(of: .send))?.readyCount == 0)
            #expect(!service.log.contains("Grüße"), "the text is in the log")
            #expect(!service.log.contains("4155550100"), "a number is in the log")
        }
    }

    @Test("broken commands end among the dead letters with every problem named, and the service goes on")
    func broken() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let deep = String(repeating: "[", count: 200_000)
            let bodies: [[UInt8]] = [
                Array("no json".utf8), Array("[]".utf8), [0x7B, 0x22, 0xFF, 0x22, 0x7D], Array(deep.utf8),
                Array(String(repeating: "x", count: 1_048_576).utf8), [],
            ]
            for body in bodies { try await world.publish(body, id: nil) }
            try await world.publish(#"{"to": 5, "text": "", "max_segments": "many"}"#, id: "broken")
            let event = try await world.nextEvent()
            #expect(event.data.error?.problems?.map(\.field) == ["to", "text", "max_segments"])
            try await world.publish(#"{"to": "14155550100", "text": "fine"}"#, id: "fine")
            #expect(try await world.nextEvent().id == "fine/accepted")

            let letters = try await world.client.consume(queue: world.names.dead, prefetch: 20)
            for _ in 0..<7 {
                let deadLetter = try #require(await letters.next(within: .seconds(30)))
                #expect(deadLetter.headers["sms-error-code"]?.stringValue == "invalid")
                #expect(deadLetter.headers["sms-error-detail"]?.stringValue?.isEmpty == false)
                deadLetter.ack()
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a body too large to be read lies whole among the dead letters, and the service goes on")
    func oversized() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let body = [UInt8](repeating: 0x78, count: 1_048_577)
            try await world.publish(body, id: "oversized")
            try await world.publish(#"{"to": "14155550100", "text": "fine"}"#, id: "fine")
            #expect(try await world.nextEvent().id == "fine/accepted")
            let letters = try await world.client.consume(
                queue: world.names.dead,
                prefetch: 1,
                bodyLimitBytes: 2 * 1024 * 1024
            )
            let deadLetter = try #require(await letters.next(within: .seconds(30)))
            #expect(deadLetter.body == body)
            #expect(deadLetter.properties.messageId == "oversized")
            deadLetter.ack()
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("refused by the provider: rejected, with the provider's words")
    func rejected() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.status, status: "422")])
            let service = try await world.startService()
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "refused")
            let event = try await world.nextEvent()
            #expect(event.type == "sms.outbound.rejected")
            #expect(event.data.error?.provider?.status == 422)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("killed with -9 in mid-run, three times: every command has one request at most and one outcome")
    func killed() async throws {
        try await World.with { world in
            let count = 150
            let settings = ["SEND_CONCURRENCY": "8", "UNCERTAIN_WAIT": "5s"]
            var service = try await world.startService(settings)
            world.simulator.setFaults([FaultRule(.slow, latencyMS: 20)])
            for number in 0..<count {
                try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "k-\(number)")
            }
            for kill in 1...3 {
                #expect(await world.simulator.wait(.seconds(60)) { $0.requestCount >= kill * 30 })
                service.killNow()
                #expect(await service.waitForExit() != nil)
                service = try await world.startService(settings)
            }
            var outcomes: [String: Set<String>] = [:]
            while outcomes.count < count {
                let event = try await world.nextEvent(within: .seconds(60))
                if event.type == "sms.outbound.uncertain" { continue }
                outcomes[event.data.commandID, default: []].insert(event.id)
            }
            #expect(outcomes.values.allSatisfy { $0.count == 1 }, "a command has two outcomes")
            let references = world.simulator.messages.compactMap(\.clientRef)
            #expect(references.count == Set(references).count, "a command was sent twice")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test(
        "a second service on the same store is alive, not ready, consumes nothing, and takes over when the first ends"
    )
    func second() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let port = try FreePort.any()
            let second = try ServiceProcess(
                ["serve"],
                environment: world.environment.merging(["PORT": "\(port)"]) { $1 },
                directory: world.folder
            )
            try await second.waitForOutput("another process serves this store")
            try await second.waitForOutput("listening")
            let url = "http://127.0.0.1:\(port)/health"
            for (path, status) in [("live", 200), ("ready", 503)] {
                let request = HTTPClientRequest(url: "\(url)/\(path)")
                #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(10)).status.code == status)
            }
            #expect(try await world.client.queueInfo(world.names.queue(of: .send))?.consumerCount == 1)
            service.killNow()
            #expect(await service.waitForExit() != nil)
            try await second.waitForOutput(#""message":"ready""#)
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "after")
            #expect(try await world.nextEvent().id == "after/accepted")
            second.terminate()
            #expect(await second.waitForExit() == 0)
        }
    }
}
