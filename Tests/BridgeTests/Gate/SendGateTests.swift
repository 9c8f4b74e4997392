import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The gate", .timeLimit(.minutes(3)))
struct SendGateTests {
    private static let accepted = SubmitOutcome.accepted(messageUUID: "u")

    @Test("lets a command go at once when nothing prevents it, also before its service runs")
    func atOnce() async throws {
        let gate = SendGate(.init())
        let pass = try #require(try await gate.pass(.of("a")).pass)
        #expect(!pass.isProbe)
        #expect(pass.waited == .zero)
        #expect(gate.snapshot.inFlight == [.send: 1, .bulk: 0])
        pass.finish(outcome: Self.accepted)
        #expect(gate.snapshot.inFlight == [.send: 0, .bulk: 0])
    }

    @Test("lets the others go one slot after the other, each at its own time")
    func slots() async throws {
        try await withGate(.init(rate: .perSecond(10))) { gate, clock in
            let sent = SentLog()
            try await withThrowingTaskGroup { group in
                for (count, id) in ["a", "b", "c", "d"].enumerated() {
                    group.addTask {
                        let pass = try #require(try await gate.pass(.of(id)).pass)
                        sent.note(id, at: clock.now.sinceStart)
                        pass.finish(outcome: Self.accepted)
                    }
                    await gate.waitForWaiting(count)
                    while sent.ids.isEmpty { await Task.yield() }
                }
                for count in 2...4 {
                    clock.advance(by: .milliseconds(100))
                    while sent.ids.count != count { await Task.yield() }
                }
                try await group.waitForAll()
            }
            #expect(sent.ids == ["a", "b", "c", "d"])
            #expect(sent.moments == [0, 100, 200, 300].map { .milliseconds($0) })
            #expect(gate.snapshot.totalWait == .milliseconds(600))
        }
    }

    @Test("wakes for a slot that is earlier than the one it sleeps for")
    func earlierSlot() async throws {
        let senders = SenderLimits(named: [.alphanumeric("Slow"): .perSecond(1)])
        try await withGate(.init(rate: .perSecond(10), senders: senders)) { gate, clock in
            try #require(try await gate.pass(.of("s0", from: .alphanumeric("Slow"))).pass).finish(
                outcome: Self.accepted
            )
            async let slow = gate.pass(.of("s1", from: .alphanumeric("Slow")))
            await gate.waitForWaiting(1)
            await clock.waitForSleepers(1)
            // Its slot is in 1 s; those of other senders come every 100 ms.
            async let fast = gate.pass(.of("f1"))
            clock.advance(by: .milliseconds(100))
            #expect(try await fast.pass != nil)
            #expect(gate.snapshot.waiting == [.send: 1, .bulk: 0])
            clock.advance(by: .milliseconds(900))
            #expect(try await slow.pass?.waited == .seconds(1))
        }
    }

    @Test("sends a command away until its sender's slot, and lets it go when it comes back")
    func reservation() async throws {
        let senders = SenderLimits(others: .limited(count: 1, per: .seconds(60), unit: .requests))
        try await withGate(.init(senders: senders)) { gate, clock in
            #expect(try await gate.pass(.of("a")).pass != nil)
            let until = try #require(try await gate.pass(.of("b")).until)
            #expect(until - clock.timestamp == .seconds(60))
            #expect(try await gate.pass(.of("c")).until == until + .seconds(60))
            clock.advance(by: .seconds(30))
            #expect(try await gate.pass(.of("b"), reservation: until).until == until)
            clock.advance(by: .seconds(31))
            #expect(try await gate.pass(.of("b"), reservation: until).pass != nil)
            #expect(gate.snapshot.waiting == [.send: 0, .bulk: 0])
        }
    }

    @Test("sends a command away for half a minute that has waited ten")
    func longStay() async throws {
        try await withGate(.init(concurrency: 1)) { gate, clock in
            let first = try #require(try await gate.pass(.of("a")).pass)
            async let second = gate.pass(.of("b"))
            await gate.waitForWaiting(1)
            clock.advance(by: .seconds(600))
            #expect(try await second.until == clock.timestamp + .seconds(30))
            first.giveBack()
        }
    }

    @Test("gives a connection back once: when the pass is finished, given back or dropped")
    func once() async throws {
        let gate = SendGate(.init(concurrency: 8, rate: .unlimited))
        let pass = try #require(try await gate.pass(.of("a")).pass)
        let other = try #require(try await gate.pass(.of("b")).pass)
        pass.finish(outcome: Self.accepted)
        pass.finish(outcome: Self.accepted)
        pass.giveBack()
        #expect(gate.snapshot.inFlight == [.send: 1, .bulk: 0])
        other.giveBack()
        #expect(gate.snapshot.inFlight == [.send: 0, .bulk: 0])
        _ = try await gate.pass(.of("c"))
        #expect(gate.snapshot.inFlight == [.send: 0, .bulk: 0])
    }

    @Test("lets the next go when a connection comes free")
    func handover() async throws {
        try await withGate(.init(concurrency: 1, rate: .unlimited)) { gate, _ in
            let first = try #require(try await gate.pass(.of("a")).pass)
            async let second = gate.pass(.of("b"))
            await gate.waitForWaiting(1)
            first.finish(outcome: Self.accepted)
            #expect(try await second.pass != nil)
        }
    }

    @Test("holds everything for a 429 and shows until when, then goes on at half the speed")
    func throttled() async throws {
        try await withGate(.init(rate: .perSecond(40))) { gate, clock in
            let pass = try #require(try await gate.pass(.of("a")).pass)
            pass.finish(outcome: .throttled(retryAfter: .seconds(7)))
            #expect(gate.snapshot.heldUntil == clock.timestamp + .seconds(7))
            #expect(gate.snapshot.unitsPerSecond == 20)
            async let next = gate.pass(.of("b"))
            await gate.waitForWaiting(1)
            clock.advance(by: .milliseconds(6999))
            await Task.yield()
            #expect(gate.snapshot.waiting == [.send: 1, .bulk: 0])
            clock.advance(by: .milliseconds(1))
            #expect(try await next.pass?.waited == .seconds(7))
            #expect(gate.snapshot.heldUntil == nil)
        }
    }

    @Test("shows why it pauses, sends one probe, and goes on when it is accepted")
    func breaker() async throws {
        try await withGate(.init(rate: .unlimited)) { gate, clock in
            let pass = try #require(try await gate.pass(.of("bad")).pass)
            pass.finish(outcome: .accountTrouble(ProviderProblem(status: 402)))
            let trouble = clock.timestamp
            let expected = GateSnapshot.Pause(
                cause: .account,
                detail: "account: 402",
                since: trouble,
                nextProbe: trouble + .seconds(1)
            )
            #expect(gate.snapshot.pause == expected)

            async let first = gate.pass(.of("b"))
            await gate.waitForWaiting(1)
            async let second = gate.pass(.of("c"))
            await gate.waitForWaiting(2)
            clock.advance(by: .seconds(1))
            let probe = try #require(try await first.pass)
            #expect(probe.isProbe)
            #expect(gate.snapshot.pause?.nextProbe == nil)
            #expect(gate.snapshot.waiting == [.send: 1, .bulk: 0])
            #expect(!gate.wasAnotherAccepted(after: trouble, than: Samples.id("bad")))
            probe.finish(outcome: Self.accepted)
            #expect(try await second.pass?.isProbe == false)
            #expect(gate.snapshot.pause == nil)
            #expect(gate.wasAnotherAccepted(after: trouble, than: Samples.id("bad")))
            #expect(!gate.wasAnotherAccepted(after: trouble, than: Samples.id("b")))
        }
    }

    @Test("grants ahead of the slot by the lead, and holds the request until the slot")
    func lead() async throws {
        try await withGate(.init(rate: .perSecond(10), lead: .milliseconds(40))) { gate, clock in
            let first = try #require(try await gate.pass(.of("a")).pass)
            await first.waitForSlot()
            async let answer = gate.pass(.of("b"))
            await gate.waitForWaiting(1)
            clock.advance(by: .milliseconds(60))
            let second = try #require(try await answer.pass)
            async let slot: Void = second.waitForSlot()
            await clock.waitForSleepers(1)
            clock.advance(by: .milliseconds(40))
            await slot
            #expect(clock.now.sinceStart == .milliseconds(100))
        }
    }
}
