import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing
import VonageSimulator

@Suite("Nothing lost, nothing sent twice", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct DeliveryTests {
    private let simple = #"{"to": "14155550100", "text": "x"}"#

    @Test("fifty copies at once: one request, and each copy's own reply")
    func copies() async throws {
        try await World.with { world in
            let service = try await world.startService()
            world.simulator.setFaults([FaultRule(.slow, latencyMS: 300)])
            let replies = try await world.client.consumeTemporary()
            let queue = try await replies.waitUntilSubscribed(within: .seconds(30))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await world.publish(simple, id: "copy", replyTo: queue) }
                }
                try await group.waitForAll()
            }
            for _ in 0..<50 {
                let reply = try #require(await replies.next(within: .seconds(30)))
                #expect(reply.properties.messageId == "copy/accepted")
            }
            #expect(world.simulator.requestCount == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a cancelled command is published at once and never sent, however long it would have waited")
    func cancelled() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let at = (Timestamp.now + .seconds(86_400 * 100)).rfc3339
            try await world.publish(#"{"to": "14155550100", "text": "x", "send_at": "\#(at)"}"#, id: "far")
            let ladder = world.names.retry("24h")
            #expect(
                try await eventually { try await world.client.queueInfo(ladder)?.readyCount == 1 },
                "it does not wait in the broker"
            )
            try await world.client.publish(
                AMQPMessage(body: Array(#"{"id": "far"}"#.utf8)),
                to: world.names.commands,
                routingKey: "cancel"
            )
            let event = try await world.nextEvent()
            #expect(event.id == "far/cancelled")
            #expect(event.data.attempts == 0)
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a receipt that comes before its own request times out proves it accepted")
    func provedEarly() async throws {
        try await World.with(extra: ["SEND_TIMEOUT": "2s", "UNCERTAIN_WAIT": "60s"]) { world in
            world.simulator.setFaults([FaultRule(.hangAfter)])
            let service = try await world.startService()
            try await world.publish(simple, id: "slow")
            let event = try await world.nextEvent()
            #expect(event.id == "slow/accepted")
            #expect(event.data.messageUUID == world.simulator.messages.first?.messageUUID)
            #expect(world.simulator.requestCount == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("accepted and never answered, with no receipt: published as uncertain, then failed; nothing is sent again")
    func silent() async throws {
        try await World.with(extra: ["SEND_TIMEOUT": "1s", "UNCERTAIN_WAIT": "3s"]) { world in
            world.simulator.setFaults([FaultRule(.dropAfter), FaultRule(.noReceipt)])
            let service = try await world.startService()
            try await world.publish(simple, id: "lost")
            #expect(try await world.nextEvent().id == "lost/uncertain")
            // The receipt of the one that was taken came all the same.
            let next = try await world.nextEvent()
            #expect(["lost/failed", "lost/accepted"].contains(next.id))
            #expect(world.simulator.requestCount == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("the broker's connections cut during a slow request: one request, one outcome, nothing uncertain")
    func cut() async throws {
        // A node of its own, for this cuts every connection.
        try await PrivateNode.with { broker in
            try await World.with(brokerURL: broker.url) { world in
                world.simulator.setFaults([FaultRule(.slow, latencyMS: 2_000)])
                let service = try await world.startService()
                let events = try await world.durableEvents(of: [world.names.outbound])
                try await world.publish(simple, id: "cut")
                #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount == 1 })
                try await broker("ctl", "close_all_connections", "cut by the test")
                let event = try #require(await events.next(within: .seconds(60)))
                #expect(event.properties.messageId == "cut/accepted")
                event.ack()
                let lane = world.names.queue(of: .send)
                #expect(
                    try await eventually(within: .seconds(40)) {
                        try await world.client.queueInfo(lane)?.readyCount == 0
                    }
                )
                service.terminate()
                #expect(await service.waitForExit() == 0)
                #expect(world.simulator.requestCount == 1)
            }
        }
    }

    @Test("402: sending pauses, ready says why, no attempt is counted, and all goes on once it is paid")
    func account() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.status, status: "402")])
            let service = try await world.startService()
            for number in 0..<10 { try await world.publish(simple, id: "p-\(number)") }
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount >= 3 })
            let request = HTTPClientRequest(url: world.url + "/health/ready")
            let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            let report = String(buffer: try await answer.body.collect(upTo: 100_000))
            #expect(answer.status.code == 503)
            #expect(report.contains("sending pauses") && report.contains("402"), "\(report)")
            world.simulator.setFaults([])
            let events = try await world.events(10)
            #expect(Set(events.map(\.id)) == Set((0..<10).map { "p-\($0)/accepted" }))
            #expect(events.allSatisfy { $0.data.attempts == 1 })
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a command that is refused with 402 again and again stops no other, and is rejected in the end")
    func alwaysRefused() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.status, to: "1999", status: "402")])
            let service = try await world.startService()
            try await world.publish(#"{"to": "19995550100", "text": "x"}"#, id: "bad")
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount == 1 })
            for number in 0..<20 { try await world.publish(simple, id: "good-\(number)") }
            let events = try await world.events(21)
            #expect(events.filter { $0.type == "sms.outbound.accepted" }.count == 20)
            let rejected = try #require(events.first { $0.id == "bad/rejected" })
            #expect(rejected.data.attempts == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a consumer's full queue that refuses events holds nothing up; they are published once it takes them")
    func fullQueue() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let foreign = world.names.prefix + ".foreign"
            try await world.client.declare(
                AMQPTopology(
                    queues: [
                        AMQPQueue(foreign, arguments: ["x-max-length": 1, "x-overflow": "reject-publish"])
                    ],
                    bindings: [AMQPBinding(from: world.names.outbound, to: .queue(foreign), routingKey: "accepted")]
                )
            )
            for number in 0..<6 { try await world.publish(simple, id: "q-\(number)") }
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount == 6 })
            #expect(
                try await eventually(within: .seconds(30)) {
                    try await world.client.queueInfo(world.names.queue(of: .send))?.readyCount == 0
                }
            )
            try await world.publish(#"{"to": "none"}"#, id: "other")
            _ = try await world.client.deleteQueue(foreign)
            var published: Set<String> = []
            while published.count < 7 {
                let event = try await world.nextEvent()
                published.insert("\(event.data.commandID) \(event.type)")
            }
            #expect(published == Set((0..<6).map { "q-\($0) sms.outbound.accepted" } + ["other sms.outbound.invalid"]))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("SIGTERM: what is under way is finished, the rest is handed back, and the exit is 0")
    func drains() async throws {
        try await World.with(extra: ["SEND_RATE": "5/s", "SEND_CONCURRENCY": "4"]) { world in
            world.simulator.setFaults([FaultRule(.slow, latencyMS: 500)])
            let service = try await world.startService()
            for number in 0..<60 { try await world.publish(simple, id: "d-\(number)") }
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount >= 4 })
            let start = ContinuousClock.now
            service.terminate()
            #expect(await service.waitForExit() == 0)
            // The rest would have taken ten seconds.
            #expect(ContinuousClock.now - start < .seconds(5))
            let made = world.simulator.requestCount
            let published = try await world.events(made)
            #expect(published.allSatisfy { $0.type == "sms.outbound.accepted" })
            #expect(try await world.client.queueInfo(world.names.queue(of: .send))?.readyCount == 60 - made)
        }
    }

    @Test("a second signal ends at once")
    func secondSignal() async throws {
        try await World.with { world in
            world.simulator.setFaults([FaultRule(.slow, latencyMS: 9_000)])
            let service = try await world.startService()
            try await world.publish(simple, id: "s")
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount == 1 })
            service.terminate()
            // Two signals at once would be one to the kernel.
            let ready = HTTPClientRequest(url: world.url + "/health/ready")
            #expect(
                try await eventually {
                    let answer = try await HTTPClient.shared.execute(ready, timeout: .seconds(10))
                    return String(buffer: try await answer.body.collect(upTo: 100_000)).contains("stopping")
                }
            )
            let start = ContinuousClock.now
            service.terminate()
            #expect(await service.waitForExit() == 1, "\(service.log.suffix(2_000))")
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }
}
