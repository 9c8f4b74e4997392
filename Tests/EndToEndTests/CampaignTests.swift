import AMQP
import Contracts
import Foundation
import Testing
import VonageSimulator

@Suite("Campaigns", .enabled(if: World.brokerURL != nil), .serialized, .timeLimit(.minutes(8)))
struct CampaignTests {
    /// How many recipients are killed in the middle of; `SMS_BRIDGE_TEST_RECIPIENTS` for more.
    private static let recipients =
        ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_RECIPIENTS"].flatMap { Int($0) } ?? 2_000

    private static func number(_ index: Int) -> String { "1415\(5_000_000 + index)" }

    /// A campaign with 5 % of its numbers once more and 2 % bad ones.
    private static func body(_ count: Int, id: String) -> String {
        var recipients = (0..<count).map { #"{"to": "+\#(number($0))", "name": "N\#($0)"}"# }
        recipients += stride(from: 0, to: count, by: 20).map { #""\#(number($0))""# }
            .map { #"{"to": \#($0), "name": "again"}"# }
        recipients += (0..<count / 50).map { #"{"to": "bad \#($0)", "name": "x"}"# }
        return #"{"id": "\#(id)", "text": "Hi {{name}}", "recipients": [\#(recipients.joined(separator: ","))]}"#
    }

    /// What came to `sms.outbound` until a campaign's end: its own events, and the outcomes by command.
    private struct Published {
        var events: [CloudEvent<CampaignEvent>] = []
        var outcomes: [String: String] = [:]
        var numbers: [String: String] = [:]

        func count(_ outcome: String) -> Int { outcomes.values.count { $0 == outcome } }
    }

    private func follow(_ world: World, until end: String = "campaign.completed") async throws -> Published {
        var published = Published()
        while true {
            let delivery = try #require(await world.events.next(within: .seconds(60)), "no end came")
            if delivery.routingKey.hasPrefix("campaign.") {
                let event = try JSONDecoder().decode(CloudEvent<CampaignEvent>.self, from: Data(delivery.body))
                published.events.append(event)
                if delivery.routingKey == end { return published }
            } else {
                let event = try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(delivery.body))
                if delivery.routingKey == "uncertain" { continue }
                let before = published.outcomes.updateValue(delivery.routingKey, forKey: event.data.commandID)
                #expect(before == nil || before == delivery.routingKey)
                published.numbers[event.data.commandID] = event.data.to
            }
        }
    }

    @Test("the service killed twice in the middle of one: every number once, counts exact")
    func killed() async throws {
        let count = Self.recipients
        let settings = ["SEND_RATE": count > 2_000 ? "0" : "300/s", "SEND_CONCURRENCY": "4", "UNCERTAIN_WAIT": "2s"]
        try await World.with(extra: settings) { world in
            var service = try await world.startService()
            let published = Task { try await follow(world) }
            try await world.publish(Self.body(count, id: "spring"), key: "campaign", id: nil)
            for limit in [count / 5, count * 11 / 20] {
                #expect(
                    try await eventually(within: .seconds(120)) { world.simulator.requestCount >= limit },
                    "it does not get on"
                )
                service.killNow()
                _ = await service.waitForExit()
                service = try await world.startService()
            }
            let end = try await published.value
            let event = try #require(end.events.last)
            #expect(event.id == "campaign/spring/completed")
            #expect(event.data.recipients == count + count / 50)
            #expect(event.data.invalid == count / 50)
            #expect(event.data.duplicates == count / 20)
            #expect(event.data.pending == 0)
            #expect(event.data.accepted + event.data.failed == count)
            #expect(event.data.accepted == end.count("accepted"))
            #expect(event.data.failed == end.count("failed"))
            // Requests that were under way when the process was killed, and never arrived: their outcome is not known.
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
            let published = Task { try await follow(world) }
            try await world.publish(Self.body(1000, id: "x"), key: "campaign", id: nil)
            #expect(try await eventually { world.simulator.requestCount >= 10 })
            try await world.publish(#"{"campaign_id": "x"}"#, key: "cancel", id: nil)
            let end = try await published.value
            let data = try #require(end.events.last).data
            #expect(data.accepted + data.cancelled == 1000)
            #expect(data.accepted == world.simulator.requestCount)
            #expect(data.cancelled == end.count("cancelled"))
            #expect(data.state == "cancelled")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("an invalid campaign is published with its problems, and goes to the dead letters")
    func invalid() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let nameless = #"{"text": "Hi {{name}}", "recipients": ["+14155550100"]}"#
            try await world.publish(nameless, key: "campaign", id: "bad")
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
