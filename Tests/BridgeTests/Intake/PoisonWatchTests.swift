import Contracts
import Logging
import SMSCore
import Synchronization
import TestSupport
import Testing

@testable import Bridge

@Suite("A delivery whose handling ends the process", .timeLimit(.minutes(3)))
struct PoisonWatchTests {
    private struct Failure: Error {}

    private let store = InMemoryStore()
    private let log = DeliveryLog()

    private var watch: PoisonWatch {
        PoisonWatch(store: store, retrier: Retrier(logger: .quiet, clock: ImmediateClock()))
    }

    private func delivery(isRedelivered: Bool = true) -> CommandDelivery {
        CommandDelivery(
            message: BrokerMessage(exchange: "", routingKey: "send", properties: .init(messageID: "a"), body: [1]),
            isRedelivered: isRedelivered,
            connection: 1,
            ack: { true },
            giveBack: {}
        )
    }

    private let key = Digest.hex(Array("a".utf8) + [1])

    /// Handles a delivery; the log has what was done, and the marks that stood in the store meanwhile.
    private func handle(_ delivery: CommandDelivery) async throws {
        let (store, log, key) = (store, log, key)
        try await watch.watch(delivery) { watched in
            try await watched.marked {
                let marks = try await store.handlings(of: key)
                log.note("handled with \(marks)")
            }
        } park: { times in
            log.note("parked after \(times)")
        }
    }

    private func leaveMarks(_ count: Int) async throws {
        for _ in 0..<count { _ = try await store.beginHandling(key, at: Samples.moment) }
    }

    @Test("one that comes for the first time leaves no mark")
    func first() async throws {
        try await leaveMarks(PoisonWatch.limit)
        try await handle(delivery(isRedelivered: false))
        #expect(log.all == ["handled with \(PoisonWatch.limit)"])
    }

    @Test("one that comes again is marked while it is handled, and not afterwards")
    func marked() async throws {
        try await handle(delivery())
        #expect(log.all == ["handled with 1"])
        #expect(try await store.handlings(of: key) == 0)
    }

    @Test("one that was handled after all loses the marks that earlier processes have left")
    func cleared() async throws {
        try await leaveMarks(PoisonWatch.limit - 1)
        try await handle(delivery())
        #expect(log.all == ["handled with \(PoisonWatch.limit)"])
        #expect(try await store.handlings(of: key) == 0)
    }

    @Test("one that ended five processes is dead-lettered unread")
    func parked() async throws {
        try await leaveMarks(PoisonWatch.limit)
        try await handle(delivery())
        #expect(log.all == ["parked after \(PoisonWatch.limit)"])
        #expect(try await store.handlings(of: key) == 0)
    }

    @Test("an error removes its own mark, and keeps those of processes that are gone")
    func failure() async throws {
        try await leaveMarks(2)
        let delivery = delivery()
        await #expect(throws: Failure.self) {
            try await watch.watch(delivery) { watched in
                try await watched.marked { throw Failure() }
            } park: { _ in
            }
        }
        #expect(try await store.handlings(of: key) == 2)
    }

    @Test("deliveries that a killed process has left marked are handled one at a time")
    func suspects() async throws {
        let watch = watch
        let handled = Handled()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                let id = "s\(number)"
                _ = try await store.beginHandling(Digest.hex(Array(id.utf8) + [1]), at: Samples.moment)
                var suspect = delivery().message
                suspect.properties.messageID = id
                let delivery = CommandDelivery(
                    message: suspect,
                    isRedelivered: true,
                    connection: 1,
                    ack: { true },
                    giveBack: {}
                )
                group.addTask {
                    try await watch.watch(delivery) { watched in
                        try await watched.marked {
                            handled.begin()
                            for _ in 0..<10 { await Task.yield() }
                            handled.end()
                        }
                    } park: { _ in
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(handled.most == 1)
    }
}

/// How many suspects are handled at a time.
private final class Handled: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    /// The most at a time.
    var most: Int { counts.withLock { $0.most } }

    func begin() {
        counts.withLock { counts in
            counts.now += 1
            counts.most = max(counts.most, counts.now)
        }
    }

    func end() { counts.withLock { $0.now -= 1 } }
}
