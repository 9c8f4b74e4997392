import AMQP
import Contracts
import Foundation
import NIOHTTP1
import Testing
import VonageSimulator

/// What only waits is no poison, however often the process is killed meanwhile (docs/delivery-guarantees.md).
@Suite("Killed while commands wait", .enabled(if: World.brokerURL != nil), .serialized, .timeLimit(.minutes(3)))
struct PoisonWaitTests {
    /// More than a delivery may take the process with it.
    private static let kills = 7

    @Test("seven kills while the account is refused: all ten go out when it is paid, once, and none is poison")
    func refused() async throws {
        // A kill between a refusal and its note leaves a doubt: `resend` and a short wait carry it over. The provider
        // has refused that request, so a second message can only be a fault of ours.
        try await World.with(extra: ["UNCERTAIN_WAIT": "2s"]) { world in
            world.simulator.setFaults([FaultRule(.status, status: "402")])
            try await world.declareTopology()
            let ids = (0..<10).map { "w-\($0)" }
            for id in ids {
                try await world.publish(#"{"to": "14155550100", "text": "x", "on_uncertain": "resend"}"#, id: id)
            }
            for _ in 0..<Self.kills {
                let doomed = try await startAndWaitForRefusal(in: world)
                doomed.killNow()
                #expect(await doomed.waitForExit() == SIGKILL)
                let lane = world.names.queue(of: .send)
                let isNoticed = try await eventually(within: .seconds(30)) {
                    try await world.client.queueInfo(lane)?.consumerCount == 0
                }
                try #require(isNoticed, "the broker has not noticed the death")
            }
            let service = try await startAndWaitForRefusal(in: world)
            #expect(world.simulator.messageCount == 0)
            world.simulator.setFaults([])

            var outcomes: [String] = []
            while outcomes.count < ids.count {
                let event = try await world.nextEvent(within: .seconds(60))
                if event.type != "sms.outbound.uncertain" { outcomes.append(event.id) }
            }
            #expect(outcomes.sorted() == ids.map { "\($0)/accepted" }.sorted())
            // A kill between a wait's confirm and the ack leaves a copy of the command in its retry queue: it comes
            // back, is known, and is acked. None may stay longer than that.
            let lanes = [world.names.queue(of: .send), world.names.dueQueue(of: .send)]
            let queues = lanes + ["1s", "2s", "5s"].map(world.names.retry)
            let areDrained = try await eventually(within: .seconds(30)) {
                for queue in queues where try await world.client.queueInfo(queue)?.readyCount != 0 { return false }
                return true
            }
            #expect(areDrained, "a copy stays in a retry queue")
            service.terminate()
            #expect(await service.waitForExit() == 0, "\(service.log.suffix(3_000))")
            #expect(world.simulator.messages.compactMap(\.clientRef).sorted() == ids.sorted())
            for queue in queues + [world.names.dead] {
                #expect(try await world.client.queueInfo(queue)?.readyCount == 0, "something is left in \(queue)")
            }
        }
    }

    /// Starts the service, and waits until it holds every command and knows that the account is refused.
    private func startAndWaitForRefusal(in world: World) async throws -> ServiceProcess {
        let before = world.simulator.requestCount
        let service = try await world.startService()
        let isAsked = await world.simulator.wait(.seconds(30)) { $0.requestCount > before }
        try #require(isAsked, "nothing was tried; the log ends: \(service.log.suffix(3_000))")
        let lane = world.names.queue(of: .send)
        let isHeld = try await eventually(within: .seconds(30)) {
            guard try await world.client.queueInfo(lane)?.readyCount == 0 else { return false }
            let report = try await world.api(.GET, "/health/ready").body
            return report.contains("sending pauses") && report.contains("402")
        }
        try #require(isHeld, "the commands do not wait; the log ends: \(service.log.suffix(3_000))")
        return service
    }
}
