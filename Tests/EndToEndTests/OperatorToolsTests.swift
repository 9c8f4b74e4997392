import AMQP
import App
import Contracts
import Foundation
import NIOHTTP1
import Testing
import VonageSimulator

@Suite("The operator's tools", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct OperatorToolsTests {
    private func run(_ arguments: String..., in world: World) async throws -> (Int32?, String) {
        let process = try ServiceProcess(arguments, environment: world.environment, directory: world.folder)
        let code = await process.waitForExit()
        return (code, process.log)
    }

    @Test("unrouted events are listed as often as one likes, and replayed to who is bound by now")
    func unrouted() async throws {
        try await World.with { world in
            try await world.declareTopology()
            // The watchers of the world are bound to everything, so these are put where unrouted events lie.
            for id in ["e-3", "e-4"] { try await world.publishEvent(id, to: world.names.unrouted, key: "other.x") }
            #expect(try await world.unroutedCount(becomes: 2))

            for _ in 0..<25 {
                let (code, output) = try await run("unrouted", "list", "--json", in: world)
                #expect(code == 0, "\(output)")
                #expect(output.contains(#""id":"e-3""#) && output.contains(#""id":"e-4""#))
            }
            let (listed, table) = try await run("unrouted", "list", "--key", "other.*", in: world)
            #expect(listed == 0)
            #expect(table.contains("ROUTING KEY") && table.contains("2 events"))

            // They did not come from an exchange of events.
            let (refused, complaint) = try await run("unrouted", "replay", "--all", in: world)
            #expect(refused == 65)
            #expect(complaint.contains("2 refused"))
            #expect(try await world.unroutedCount(becomes: 2))
        }
    }

    @Test("a replayed event goes to the exchange and key that it came from, and comes back while nothing is bound")
    func replay() async throws {
        try await World.with { world in
            try await world.declareTopology()
            // What the broker itself hands to the alternate exchange.
            let watched = world.events.queueName ?? ""
            await world.events.close()
            #expect(try await eventually { try await world.client.queueInfo(watched) == nil })
            try await world.publishEvent("lost-1", to: world.names.outbound, key: "accepted")
            try await world.publishEvent("lost-2", to: world.names.outbound, key: "failed")
            #expect(try await world.unroutedCount(becomes: 2))
            let (_, list) = try await run("unrouted", "list", "--json", in: world)
            #expect(list.contains(#""exchange":"\#(world.names.outbound)""#))
            #expect(list.contains(#""routing_key":"accepted""#))

            let (dry, plan) = try await run("unrouted", "replay", "--all", "--dry-run", in: world)
            #expect(dry == 0)
            #expect(plan.contains("would replay lost-1"))
            #expect(try await world.unroutedCount(becomes: 2))

            let (back, hint) = try await run("unrouted", "replay", "--all", "--rate", "50/s", in: world)
            #expect(back == 75, "\(hint)")
            #expect(hint.contains("no queue is bound"))
            #expect(try await world.unroutedCount(becomes: 2))

            let bound = try await world.client.consumeTemporary(bindings: [
                AMQPTemporaryBinding(exchange: world.names.outbound, routingKey: "accepted")
            ])
            try await bound.waitUntilSubscribed(within: .seconds(30))
            let (code, output) = try await run("unrouted", "replay", "lost-1", "unknown", "--json", in: world)
            #expect(code == 65, "\(output)")
            #expect(output.contains(#""id":"lost-1""#) && output.contains(#""result":"replayed""#))
            #expect(output.contains(#""result":"unknown""#))
            let delivery = try #require(await bound.next(within: .seconds(30)))
            #expect(delivery.properties.messageId == "lost-1")
            #expect(delivery.routingKey == "accepted")
            #expect(try await world.unroutedCount(becomes: 1))
            await bound.close()
        }
    }

    @Test("unrouted says where the service never ran, and what it wants")
    func usage() async throws {
        try await World.with { world in
            let (code, output) = try await run("unrouted", "list", in: world)
            #expect(code == 69)
            #expect(output.contains("has the service ever run on this broker?"))
            #expect(try await run("unrouted", "replay", in: world).0 == 64)
            #expect(try await run("unrouted", "replay", "a", "--all", in: world).0 == 64)
        }
    }

    @Test("backup copies the store while the service runs, overwrites nothing, and its exit codes say why not")
    func backup() async throws {
        try await World.with { world in
            let (none, missing) = try await run("backup", "early.db", in: world)
            #expect(none == 66, "\(missing)")
            let service = try await world.startService()
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "kept")
            #expect(try await world.nextEvent().id == "kept/accepted")
            let (code, output) = try await run("backup", "backup.db", "--json", in: world)
            #expect(code == 0, "\(output)")
            #expect(output.contains(#""file":"backup.db""#))
            let (again, refusal) = try await run("backup", "backup.db", in: world)
            #expect(again == 73)
            #expect(refusal.contains("exists"))
            #expect(try await run("backup", "no/such/folder.db", in: world).0 == 73)
            service.terminate()
            #expect(await service.waitForExit() == 0)

            // The service on the restored copy knows the command.
            let restored = try await world.startService(["STORE_URL": "sqlite:\(world.folder.path)/backup.db"])
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "kept")
            #expect(try await world.nextEvent().id == "kept/accepted")
            #expect(world.simulator.messages.count == 1)
            restored.terminate()
            #expect(await restored.waitForExit() == 0)
        }
    }

    @Test("--version, the metric build_info and the connection report what was built")
    func version() async throws {
        try await World.with { world in
            let (code, output) = try await run("--version", in: world)
            #expect(code == 0)
            #expect(output == Version.text + "\n")
            let service = try await world.startService()
            let metrics = try await world.api(.GET, "/metrics").body
            #expect(metrics.contains(#"sms_bridge_build_info{version="\#(Version.text)"} 1"#))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}

extension World {
    fileprivate func publishEvent(_ id: String, to exchange: String, key: String) async throws {
        let properties = AMQPProperties(deliveryMode: .persistent, messageId: id, type: "sms.test")
        let message = AMQPMessage(body: Array("{}".utf8), properties: properties)
        try await client.publish(message, to: exchange, routingKey: key, timeout: .seconds(30))
    }

    /// Waits until no consumer holds unrouted events and there are so many.
    fileprivate func unroutedCount(becomes count: Int) async throws -> Bool {
        try await eventually {
            let info = try await client.queueInfo(names.unrouted)
            return info?.readyCount == count && info?.consumerCount == 0
        }
    }
}
