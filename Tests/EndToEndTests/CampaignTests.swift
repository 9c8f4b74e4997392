import AMQP
import Bridge
import Contracts
import Foundation
import Testing
import VonageSimulator

@Suite("Campaigns", .enabled(if: World.brokerURL != nil), .serialized, .timeLimit(.minutes(3)))
struct CampaignTests {
    private static func number(_ index: Int) -> String { "1415\(5_000_000 + index)" }

    /// A campaign with 5 % of its numbers once more and 2 % bad ones.
    private static func body(_ count: Int, id: String) -> String {
        var recipients = (0..<count).map { #"{"to": "+\#(number($0))", "name": "N\#($0)"}"# }
        recipients += stride(from: 0, to: count, by: 20).map { #""\#(number($0))""# }
            .map { #"{"to": \#($0), "name": "again"}"# }
        recipients += (0..<count / 50).map { #"{"to": "bad \#($0)", "name": "x"}"# }
        return #"{"id": "\#(id)", "text": "Hi {{name}}", "recipients": [\#(recipients.joined(separator: ","))]}"#
    }

    private func publish(_ body: String, to world: World, key: String = "campaign", id: String? = nil) async throws {
        try await world.client.publish(
            AMQPMessage(body: Array(body.utf8), properties: AMQPProperties(deliveryMode: .persistent, messageId: id)),
            to: world.names.commands,
            routingKey: key
        )
    }

    /// What came to `sms.outbound` until a campaign's end: its own events, and the outcomes by command.
    private struct Told {
        var events: [CloudEvent<CampaignEvent>] = []
        var outcomes: [String: String] = [:]
        var numbers: [String: String] = [:]

        func count(_ outcome: String) -> Int { outcomes.values.count { $0 == outcome } }
    }

    private func follow(_ world: World, until end: String = "campaign.completed") async throws -> Told {
        var told = Told()
        while true {
            let delivery = try #require(await world.events.next(within: .seconds(60)), "no end came")
            if delivery.routingKey.hasPrefix("campaign.") {
                let event = try JSONDecoder().decode(CloudEvent<CampaignEvent>.self, from: Data(delivery.body))
                told.events.append(event)
                if delivery.routingKey == end { return told }
            } else {
                let event = try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(delivery.body))
                if delivery.routingKey == "uncertain" { continue }
                let before = told.outcomes.updateValue(delivery.routingKey, forKey: event.data.commandID)
                #expect(before == nil || before == delivery.routingKey)
                told.numbers[event.data.commandID] = event.data.to
            }
        }
    }

    @Test("2,000 recipients, and the service killed twice: every number once, counts exact")
    func killed() async throws {
        let settings = ["SEND_RATE": "300/s", "SEND_CONCURRENCY": "4", "UNCERTAIN_WAIT": "2s"]
        try await World.with(extra: settings) { world in
            var service = try await world.startService()
            let told = Task { try await follow(world) }
            try await publish(Self.body(2000, id: "spring"), to: world)
            for limit in [400, 1100] {
                #expect(
                    try await eventually(within: .seconds(60)) { world.simulator.requestCount >= limit },
                    "it does not get on"
                )
                service.killNow()
                _ = await service.waitForExit()
                service = try await world.startService()
            }
            let end = try await told.value
            let event = try #require(end.events.last)
            #expect(event.id == "campaign/spring/completed")
            #expect(event.data.recipients == 2040)
            #expect(event.data.invalid == 40)
            #expect(event.data.duplicates == 100)
            #expect(event.data.pending == 0)
            #expect(event.data.accepted + event.data.failed == 2000)
            #expect(event.data.accepted == end.count("accepted"))
            #expect(event.data.failed == end.count("failed"))
            // Requests that were under way when the process was killed, and never arrived: nobody can know.
            #expect(event.data.failed <= 2 * 8)
            #expect(Set(end.events.map(\.type)).contains("sms.campaign.progress"))
            #expect(Set(end.events.filter { $0.type == "sms.campaign.started" }.map(\.id)).count == 1)

            let numbers = world.simulator.messages.map(\.to)
            #expect(Set(numbers).count == numbers.count, "a number was sent to twice")
            let accepted = end.outcomes.filter { $0.value == "accepted" }.compactMap { end.numbers[$0.key] }
            #expect(Set(accepted.map { String($0.dropFirst()) }).isSubset(of: Set(numbers)))
            #expect(Set(accepted).count == event.data.accepted)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a cancelled campaign sends nothing more, and every recipient has an outcome")
    func cancelled() async throws {
        try await World.with(extra: ["SEND_RATE": "20/s"]) { world in
            let service = try await world.startService()
            let told = Task { try await follow(world) }
            try await publish(Self.body(1000, id: "x"), to: world)
            #expect(try await eventually { world.simulator.requestCount >= 10 })
            try await publish(#"{"campaign_id": "x"}"#, to: world, key: "cancel")
            let end = try await told.value
            let data = try #require(end.events.last).data
            #expect(data.accepted + data.cancelled == 1000)
            #expect(data.accepted == world.simulator.requestCount)
            #expect(data.cancelled == end.count("cancelled"))
            #expect(data.state == "cancelled")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("an invalid campaign is told with its problems, and goes to the dead letters")
    func invalid() async throws {
        try await World.with { world in
            let service = try await world.startService()
            try await publish(#"{"text": "Hi {{name}}", "recipients": ["+14155550100"]}"#, to: world, id: "bad")
            let event = try await world.nextEvent()
            #expect(event.type == "sms.outbound.invalid")
            #expect(event.data.commandID == "bad")
            #expect(event.data.error?.problemCount == 1)
            #expect(try await eventually { try await world.client.queueInfo(world.names.dead)?.readyCount == 1 })
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
