import AMQP
import Bridge
import Contracts
import Foundation
import Testing
import VonageSimulator

/// The service really dies, at a named place of the outbound line; docs/delivery-guarantees.md has the table.
@Suite("Killed between two steps", .enabled(if: World.brokerURL != nil), .serialized, .timeLimit(.minutes(3)))
struct FailPointTests {
    /// What a run through a fail point is about.
    enum Course: String, CaseIterable {
        case accepted, refused, scheduled, unanswered

        /// The steps of its line.
        var steps: [OutboundStep] {
            let start: [OutboundStep] = [.opened, .lookedUp]
            let request: [OutboundStep] = [.slotsTaken, .intentWritten, .requestMade, .outcomeWritten]
            let end: [OutboundStep] = [.eventPublished, .replyPublished, .markedPublished]
            switch self {
            case .accepted: return start + request + end
            case .refused: return [.outcomeWritten, .deadLetterPublished, .eventPublished, .markedPublished]
            case .scheduled: return [.carrierPublished, .waitWritten]
            case .unanswered: return [.outcomeWritten, .uncertaintyPublished, .carrierPublished, .waitWritten]
            }
        }

        static var all: [(Course, OutboundStep)] { allCases.flatMap { course in course.steps.map { (course, $0) } } }
    }

    @Test("one request at most, one outcome, nothing lost", arguments: Course.all)
    func dies(course: Course, step: OutboundStep) async throws {
        let timeout = course == .unanswered ? "1s" : "30s"
        try await World.with(extra: ["UNCERTAIN_WAIT": "2s", "SEND_TIMEOUT": timeout]) { world in
            var body = #"{"to": "14155550100", "text": "x", "on_uncertain": "fail""#
            switch course {
            case .accepted: world.simulator.setFaults([FaultRule(.noReceipt)])
            case .refused: world.simulator.setFaults([FaultRule(.status, status: "422")])
            case .scheduled: body += #", "send_at": "\#((Timestamp.now + .seconds(8)).rfc3339)""#
            case .unanswered: world.simulator.setFaults([FaultRule(.hang)])
            }
            try await world.declareTopology()
            try await world.publish(body + "}", id: "f")
            let doomed = try ServiceProcess(
                ["serve"],
                environment: world.environment.merging(["SMS_BRIDGE_DIE_AT": step.rawValue]) { $1 },
                directory: world.folder
            )
            #expect(await doomed.waitForExit() == SIGKILL)
            let service = try await world.startService()

            var ids: [String] = []
            repeat { ids.append(try await world.nextEvent().id) } while ids.last == "f/uncertain"
            let isUnsure = course == .accepted && (step == .intentWritten || step == .requestMade)
            let expected =
                switch course {
                case .refused: "f/rejected"
                case .unanswered: "f/failed"
                case .accepted, .scheduled: isUnsure ? "f/failed" : "f/accepted"
                }
            #expect(ids.last == expected)
            #expect(ids.contains("f/uncertain") == (isUnsure || course == .unanswered))
            #expect(world.simulator.requestCount == (course == .accepted && step == .intentWritten ? 0 : 1))
            if [.eventPublished, .replyPublished, .markedPublished].contains(step) {
                #expect(try await world.nextEvent().id == ids.last, "the copy that came again publishes it again")
            }
            // Another copy, which the crash has left in a wait queue, comes back and ends in silence.
            let queues = ["1s", "2s", "5s"].map(world.names.retry) + [world.names.dueQueue(of: .send)]
            for queue in queues + [world.names.queue(of: .send)] {
                let isEmpty = try await eventually { try await world.client.queueInfo(queue)?.readyCount == 0 }
                #expect(isEmpty, "\(queue)")
            }
            service.terminate()
            #expect(await service.waitForExit() == 0, "\(service.log.suffix(3_000))")
            #expect(world.simulator.requestCount == (course == .accepted && step == .intentWritten ? 0 : 1))
        }
    }
}
