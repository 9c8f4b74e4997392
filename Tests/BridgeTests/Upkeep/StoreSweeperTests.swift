import Bridge
import Contracts
import Logging
import SMSCore
import Synchronization
import TestSupport
import Testing

@Suite("The sweeper of the store", .timeLimit(.minutes(3)))
struct StoreSweeperTests {
    /// A machine whose wall clock shows what the test sets, beside a monotonic clock.
    private final class Machine: Sendable {
        let clock = ManualClock()
        private let state = Mutex<(jump: Duration, trust: ClockTrust)>((.zero, .unknown))

        /// By how much the wall clock is ahead.
        var jump: Duration {
            get { state.withLock { $0.jump } }
            set { state.withLock { $0.jump = newValue } }
        }
        var trust: ClockTrust {
            get { state.withLock { $0.trust } }
            set { state.withLock { $0.trust = newValue } }
        }
        var wall: Timestamp { clock.timestamp + jump }

        /// A run of the service.
        func time(_ store: InMemoryStore) -> SweepTime {
            SweepTime(log: store, time: Stopwatch(clock), wall: { self.wall }, trust: { self.trust })
        }
    }

    private let store = InMemoryStore()
    private let machine = Machine()

    /// Lets a sweeper go round so many times, a minute apart.
    private func sweep(_ time: SweepTime, retention: Duration, rounds: Int = 2) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let sweeper = StoreSweeper(
            store: store,
            receipts: store,
            campaigns: store,
            time: time,
            retention: retention,
            clock: machine.clock,
            logger: logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await sweeper.run() }
            await machine.clock.waitForSleepers(1)
            for _ in 1..<rounds {
                machine.clock.advance(by: .seconds(60))
                await machine.clock.waitForSleepers(1)
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("keeps the keys of webhooks for 72 hours, however short records are kept")
    func webhookKeys() async throws {
        try await store.rememberInbound("in-1/message", at: Samples.moment)
        try await store.remember(Samples.receipt("u-1", "delivered"))
        _ = try await store.save(Samples.accepted("a", uuid: "u-1", keepUntil: Samples.moment + .seconds(3_600)))
        let time = machine.time(store)
        _ = try await time.advance()

        machine.clock.advance(by: .seconds(71 * 3_600))
        try await sweep(time, retention: .seconds(3_600))
        #expect(try await store.record(of: Samples.id("a")) == nil)
        #expect(try await store.hasSeenInbound("in-1/message"), "Vonage may still repeat it")
        #expect(try await store.receipts(of: "u-1").count == 1)

        machine.clock.advance(by: .seconds(2 * 3_600))
        try await sweep(time, retention: .seconds(3_600))
        #expect(try await !store.hasSeenInbound("in-1/message"))
        #expect(try await store.receipts(of: "u-1").isEmpty)
    }

    @Test("keeps the keys of webhooks as long as records, where that is longer")
    func longRetention() async throws {
        try await store.rememberInbound("in-1/message", at: Samples.moment)
        let time = machine.time(store)
        _ = try await time.advance()
        machine.clock.advance(by: .seconds(99 * 3_600))
        try await sweep(time, retention: .seconds(100 * 3_600))
        #expect(try await store.hasSeenInbound("in-1/message"))
        machine.clock.advance(by: .seconds(2 * 3_600))
        try await sweep(time, retention: .seconds(100 * 3_600))
        #expect(try await !store.hasSeenInbound("in-1/message"))
    }

    @Test(
        "a wall clock that is a month ahead deletes nothing, over a restart neither",
        arguments: [ClockTrust.unknown, .wrong]
    )
    func clockAhead(trust: ClockTrust) async throws {
        let month: Duration = .seconds(31 * 86_400)
        _ = try await store.save(Samples.accepted("a", uuid: "u-1", keepUntil: Samples.moment + .seconds(30 * 86_400)))
        try await store.rememberInbound("in-1/message", at: Samples.moment)
        let time = machine.time(store)
        _ = try await time.advance()
        machine.jump = month
        machine.trust = trust
        try await sweep(time, retention: .seconds(30 * 86_400))
        try await sweep(machine.time(store), retention: .seconds(30 * 86_400), rounds: 60)
        machine.jump = .zero
        try await sweep(machine.time(store), retention: .seconds(30 * 86_400))
        #expect(try await store.record(of: Samples.id("a")) != nil)
        #expect(try await store.hasSeenInbound("in-1/message"))
    }

    @Test("after a real month without a process, old records are deleted, once the provider confirms the time")
    func downtime() async throws {
        _ = try await store.save(Samples.accepted("a", uuid: "u-1", keepUntil: Samples.moment + .seconds(86_400)))
        _ = try await machine.time(store).advance()
        machine.clock.advance(by: .seconds(31 * 86_400))
        machine.trust = .confirmed
        try await sweep(machine.time(store), retention: .seconds(86_400), rounds: 30)
        #expect(try await store.record(of: Samples.id("a")) != nil, "it takes its time")
        try await sweep(machine.time(store), retention: .seconds(86_400), rounds: 2_000)
        #expect(try await store.record(of: Samples.id("a")) == nil)
        let moment = try #require(try await store.sweepMoment())
        #expect(machine.wall - moment < .seconds(120))
    }
}

@Suite("The beat of the listener", .timeLimit(.minutes(3)))
struct ListenerBeatTests {
    @Test("a wall clock that jumps ahead makes no gap")
    func jump() async throws {
        let store = InMemoryStore()
        let clock = ImmediateClock()
        let jump = Mutex<Duration>(.zero)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let beat = ListenerBeat(
            log: store,
            failures: FailureNotes(log: store, logger: logger),
            clock: clock,
            wall: { Samples.moment + clock.now.offset + jump.withLock { $0 } },
            logger: logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await beat.run() }
            for round in 1...4 {
                let count = clock.slept.count
                while clock.slept.count < count + 3 { await Task.yield() }
                jump.withLock { $0 = round.isMultiple(of: 2) ? .zero : .seconds(31 * 86_400) }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        let end = Samples.moment + .seconds(100_000_000)
        #expect(try await store.gaps(from: Timestamp(milliseconds: 0), until: end) == [])
    }
}
