import Bridge
import Contracts
import Logging
import SMSCore
import TestSupport
import Testing

@Suite("The sweeper of the store", .timeLimit(.minutes(1)))
struct StoreSweeperTests {
    private let store = InMemoryStore()

    /// Lets a sweeper run at a moment, until it has been round.
    private func sweep(at moment: Timestamp, retention: Duration) async throws {
        let clock = ImmediateClock()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let sweeper = StoreSweeper(
            store: store,
            receipts: store,
            retention: retention,
            clock: clock,
            now: { moment },
            logger: logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await sweeper.run() }
            while clock.slept.count < 2 { await Task.yield() }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("keeps the keys of webhooks for 72 hours, however short records are kept")
    func webhookKeys() async throws {
        try await store.rememberInbound("in-1/message", at: Samples.moment)
        try await store.remember(Samples.receipt("u-1", "delivered"))
        _ = try await store.save(Samples.accepted("a", uuid: "u-1", keepUntil: Samples.moment + .seconds(3_600)))

        try await sweep(at: Samples.moment + .seconds(71 * 3_600), retention: .seconds(3_600))
        #expect(try await store.record(of: Samples.id("a")) == nil)
        #expect(try await store.hasSeenInbound("in-1/message"), "Vonage may still repeat it")
        #expect(try await store.receipts(of: "u-1").count == 1)

        try await sweep(at: Samples.moment + .seconds(73 * 3_600), retention: .seconds(3_600))
        #expect(try await !store.hasSeenInbound("in-1/message"))
        #expect(try await store.receipts(of: "u-1").isEmpty)
    }

    @Test("keeps the keys of webhooks as long as records, where that is longer")
    func longRetention() async throws {
        try await store.rememberInbound("in-1/message", at: Samples.moment)
        try await sweep(at: Samples.moment + .seconds(99 * 3_600), retention: .seconds(100 * 3_600))
        #expect(try await store.hasSeenInbound("in-1/message"))
        try await sweep(at: Samples.moment + .seconds(101 * 3_600), retention: .seconds(100 * 3_600))
        #expect(try await !store.hasSeenInbound("in-1/message"))
    }
}
