import Contracts
import Foundation
import Testing
import VonageSimulator

@Suite("The time of sending", .enabled(if: World.brokerURL != nil), .serialized, .timeLimit(.minutes(3)))
struct PacingTests {
    @Test("SEND_RATE=50/s: what the provider gets in ten seconds is within 2 %")
    func rate() async throws {
        try await World.with(extra: ["SEND_RATE": "50/s"]) { world in
            try await world.declareTopology()
            for number in 0..<600 {
                try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "r-\(number)", lane: .bulk)
            }
            let service = try await world.startService()
            #expect(await world.simulator.wait(.seconds(40)) { $0.requestCount >= 551 })
            let moments = world.simulator.messages.map(\.receivedAt).sorted()
            // From the first second on, when the rate has settled.
            let start = moments[25]
            let count = moments.filter { $0 >= start && $0 < start.addingTimeInterval(10) }.count
            #expect((490...510).contains(count), "\(count) in 10 s")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a code goes out within a second although thousands of bulk messages stand in line")
    func lanes() async throws {
        try await World.with(extra: ["SEND_RATE": "20/s"]) { world in
            try await world.declareTopology()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<8 {
                    group.addTask {
                        for number in 0..<500 {
                            let id = "b-\(part)-\(number)"
                            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: id, lane: .bulk)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let service = try await world.startService()
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount >= 20 })
            for code in 0..<5 {
                let published = Date()
                try await world.publish(#"{"to": "14155550177", "text": "4711"}"#, id: "code-\(code)")
                #expect(
                    await world.simulator.wait(.seconds(10)) { $0.messages.contains { $0.clientRef == "code-\(code)" } }
                )
                let message = world.simulator.messages.first { $0.clientRef == "code-\(code)" }
                #expect(message?.receivedAt.timeIntervalSince(published) ?? 99 < 1)
            }
            service.killNow()
            #expect(await service.waitForExit() != nil)
        }
    }

    @Test("send_at is met within a second, through the wait queues of the broker")
    func scheduled() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let due = Date(timeIntervalSinceNow: 7.3)
            let at = Timestamp(milliseconds: Int64(due.timeIntervalSince1970 * 1000)).rfc3339
            for number in 0..<20 {
                try await world.publish(#"{"to": "14155550100", "text": "x", "send_at": "\#(at)"}"#, id: "at-\(number)")
            }
            _ = try await world.events(20)
            let delays = world.simulator.messages.map { $0.receivedAt.timeIntervalSince(due) }
            #expect(delays.count == 20)
            // Twenty messages take 0.7 s at 30 a second.
            #expect(delays.allSatisfy { (-0.001...1.7).contains($0) }, "\(delays)")
            #expect(delays.min() ?? 9 < 0.3, "\(delays)")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a sender with a slow rate holds up no other")
    func senders() async throws {
        try await World.with(extra: ["SEND_RATE": "0", "SEND_RATES": "14155550111=1/s"]) { world in
            let service = try await world.startService()
            for number in 0..<8 {
                try await world.publish(
                    #"{"to": "14155550100", "text": "x", "from": "14155550111"}"#,
                    id: "slow-\(number)"
                )
            }
            for number in 0..<50 {
                try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "fast-\(number)")
            }
            _ = try await world.events(58)
            let slow = world.simulator.messages.filter { $0.from == "14155550111" }.map(\.receivedAt).sorted()
            let fast = world.simulator.messages.filter { $0.from != "14155550111" }.map(\.receivedAt).sorted()
            #expect(slow.count == 8)
            #expect(fast.count == 50)
            for (earlier, later) in zip(slow, slow.dropFirst()) {
                #expect(later.timeIntervalSince(earlier) > 0.9)
            }
            #expect(try #require(fast.last) < slow[4])
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
