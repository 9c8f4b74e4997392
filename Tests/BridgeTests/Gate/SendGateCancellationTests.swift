import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The gate, when its callers or its service end", .timeLimit(.minutes(3)))
struct SendGateCancellationTests {
    @Test("forgets a command that is cancelled while it waits")
    func whileWaiting() async throws {
        try await withGate(.init(concurrency: 1)) { gate, _ in
            let first = try #require(try await gate.pass(.of("a")).pass)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await gate.pass(.of("b")) }
                }
                await gate.waitForWaiting(1)
                group.cancelAll()
            }
            #expect(gate.snapshot.waiting == [.send: 0, .bulk: 0])
            first.finish(outcome: .accepted(messageUUID: "u"))
            #expect(gate.snapshot.inFlight == [.send: 0, .bulk: 0])
        }
    }

    @Test("takes no command of a task that is cancelled already")
    func before() async {
        let gate = SendGate(.init())
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                await #expect(throws: CancellationError.self) { try await gate.pass(.of("a")) }
            }
        }
        #expect(gate.snapshot.inFlight == [.send: 0, .bulk: 0])
    }

    @Test("leaves nothing behind when commands are cancelled at random while others are granted")
    func random() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        try await withGate(.init(concurrency: 3, rate: .unlimited)) { gate, _ in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<2000 {
                    let isCalledOff = (seed >> (number % 61)) & 1 == 1
                    group.addTask {
                        let command = Task {
                            let answer = try await gate.pass(.of("\(number)", number % 2 == 0 ? .send : .bulk))
                            await Task.yield()
                            answer.pass?.finish(outcome: .accepted(messageUUID: "u"))
                        }
                        for _ in 0..<(number % 5) { await Task.yield() }
                        if isCalledOff { command.cancel() }
                        _ = await command.result
                    }
                }
            }
            #expect(gate.snapshot.waiting == [.send: 0, .bulk: 0], "seed \(seed)")
            #expect(gate.snapshot.inFlight == [.send: 0, .bulk: 0], "seed \(seed)")
        }
    }

    @Test("lets no command wait for ever once its service has ended")
    func serviceEnds() async throws {
        let gate = SendGate(.init(concurrency: 1))
        let first = try #require(try await gate.pass(.of("a")).pass)
        await withTaskGroup(of: Void.self) { group in
            let service = Task { try await gate.run() }
            group.addTask {
                await #expect(throws: CancellationError.self) { try await gate.pass(.of("b")) }
            }
            await gate.waitForWaiting(1)
            service.cancel()
            await group.waitForAll()
            _ = await service.result
        }
        #expect(gate.snapshot.waiting == [.send: 0, .bulk: 0])
        await #expect(throws: CancellationError.self) { try await gate.pass(.of("c")) }
        first.finish(outcome: .accepted(messageUUID: "u"))
    }
}

@Suite("The doorbell", .timeLimit(.minutes(3)))
struct DoorbellTests {
    @Test("wakes a waiting task, or one that comes after the ring; many rings are one")
    func rings() async throws {
        let bell = Doorbell()
        bell.ring()
        bell.ring()
        try await bell.wait()
        async let waiting: Void = bell.wait()
        await Task.yield()
        bell.ring()
        try await waiting
    }

    @Test("lets a cancelled task go, and keeps the next ring for the next")
    func cancelled() async throws {
        let bell = Doorbell()
        for rounds in 0..<200 {
            let task = Task { try await bell.wait() }
            for _ in 0..<(rounds % 4) { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        bell.ring()
        try await bell.wait()
    }
}
