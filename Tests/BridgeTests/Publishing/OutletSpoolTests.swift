import Contracts
import Logging
import SMSCore
import Synchronization
import TestSupport
import Testing

@testable import Bridge

/// A spool that records what it was asked for.
private final class WatchedSpool: EventSpool {
    let inner = InMemoryStore()
    private let state = Mutex<[(after: Int64, limit: Int)]>([])
    private let atEnd = Mutex<(@Sendable () async throws -> Void)?>(nil)

    var requests: [(after: Int64, limit: Int)] { state.withLock { $0 } }

    /// Runs an action once, right after a reader got an empty page.
    func afterNextEnd(_ action: @escaping @Sendable () async throws -> Void) { atEnd.withLock { $0 = action } }

    func spool(
        _ message: BrokerMessage,
        key: String,
        share: SpoolShare,
        at moment: Timestamp
    ) async throws -> Bool {
        try await inner.spool(message, key: key, share: share, at: moment)
    }

    func spooled(after number: Int64, limit: Int) async throws -> [SpooledEvent] {
        state.withLock { $0.append((number, limit)) }
        let events = try await inner.spooled(after: number, limit: limit)
        if events.isEmpty {
            let action = atEnd.withLock { action in
                defer { action = nil }
                return action
            }
            try await action?()
        }
        return events
    }

    func unspool(_ numbers: [Int64]) async throws { try await inner.unspool(numbers) }

    func spooledKeys() async throws -> Set<String> { try await inner.spooledKeys() }

    func spoolDepth(of share: SpoolShare) async throws -> SpoolDepth { try await inner.spoolDepth(of: share) }
}

@Suite("The outlet and its spool", .timeLimit(.minutes(3)))
struct OutletSpoolTests {
    private let publisher = RoutedPublisher()
    private let spool = WatchedSpool()
    private let clock = ImmediateClock()
    private let outlet: Outlet

    init() {
        outlet = Outlet(publisher, spool: spool, time: Stopwatch(clock))
    }

    /// Drains to the end of the spool, once the pauses of all routes are over.
    private func pass(_ outlet: Outlet? = nil) async throws {
        clock.pass(.seconds(600))
        for _ in 0..<1_000 where try await (outlet ?? self.outlet).drain().isAtEnd { return }
        Issue.record("the spool has no end")
    }

    @Test("with the broker away one event waits for it, all others are spooled at once, until it is back")
    func away() async throws {
        publisher.isAway = true
        for number in 1...5 {
            let delivery = try await outlet.offer(event("\(number)", "r\(number)"), key: "k\(number)")
            #expect(delivery == .spooled)
        }
        #expect((1...5).map { publisher.tries("r\($0)") } == [1, 0, 0, 0, 0])
        // A pass that finds it still away changes nothing.
        try await pass()
        #expect(try await outlet.offer(event("6", "r6"), key: "k6") == .spooled)
        #expect(publisher.tries("r6") == 0)
        publisher.isAway = false
        try await pass()
        #expect(Set(publisher.names) == ["1", "2", "3", "4", "5", "6"])
        #expect(outlet.spooledCount == 0)
        #expect(!outlet.needsDraining)
        #expect(try await outlet.offer(event("7", "r7"), key: "k7") == .published)
    }

    @Test("while a key is stuck, others are published at once; its own events and its route's wait untried")
    func stuck() async throws {
        publisher.fail("full", with: .refused)
        #expect(try await outlet.offer(event("a1", "full"), key: "a") == .spooled)
        #expect(try await outlet.offer(event("b1", "open"), key: "b") == .published)
        #expect(try await outlet.offer(event("a2", "open"), key: "a") == .spooled)
        #expect(try await outlet.offer(event("c1", "full"), key: "c") == .spooled)
        #expect(publisher.tries("full") == 1)
        try await pass()
        #expect(publisher.tries("full") == 2)
        #expect(try await outlet.offer(event("b2", "open"), key: "b") == .published)
        #expect(try await outlet.offer(event("a3", "open"), key: "a") == .spooled)
        publisher.fail("full", with: nil)
        try await pass()
        #expect(publisher.names.filter { $0.hasPrefix("a") } == ["a1", "a2", "a3"])
        #expect(publisher.names.contains("c1"))
        #expect(try await outlet.offer(event("a4", "full"), key: "a") == .published)
    }

    @Test("what is refused keeps nothing else waiting: the spool behind it is published, page by page")
    func starvation() async throws {
        publisher.fail("full", with: .refused)
        for number in 0..<3_000 { #expect(try await outlet.keep(event("f", "full"), key: "f\(number)")) }
        for number in 0..<5 { #expect(try await outlet.keep(event("\(number)", "open"), key: "o\(number)")) }
        let first = try await outlet.drain()
        #expect(first.count == 0 && !first.isAtEnd)
        try await pass()
        #expect(Set(publisher.names) == ["0", "1", "2", "3", "4"])
        #expect(outlet.spooledCount == 3_000)
        #expect(publisher.tries("full") == 1)
        #expect(spool.requests.allSatisfy { $0.limit <= 200 })
        // Every page once: an interrupted pass is resumed, not begun again.
        #expect(spool.requests.map(\.after) == spool.requests.map(\.after).sorted())
        publisher.fail("full", with: nil)
        try await pass()
        #expect(outlet.spooledCount == 0)
    }

    @Test("a route that never answers does not count as an absent broker for long")
    func silentRoute() async throws {
        publisher.fail("silent", with: .unavailable("no confirm"))
        #expect(try await outlet.offer(event("s", "silent"), key: "s") == .spooled)
        #expect(try await outlet.offer(event("o", "open"), key: "o") == .spooled)
        try await pass()
        #expect(publisher.names == ["o"])
        #expect(try await outlet.offer(event("p", "open"), key: "p") == .published)
        #expect(try await outlet.offer(event("t", "silent"), key: "t") == .spooled)
        #expect(try await outlet.offer(event("q", "open"), key: "q") == .published)
    }

    @Test("after a start with a spool everything is held until it is known whose events wait there")
    func leftovers() async throws {
        publisher.fail("full", with: .refused)
        #expect(try await outlet.keep(event("a1", "full"), key: "a"))
        #expect(try await outlet.keep(event("b1", "open"), key: "b"))
        let next = Outlet(publisher, spool: spool, time: Stopwatch(clock))
        try await next.prepare()
        #expect(next.spooledCount == 2)
        #expect(try await next.offer(event("b2", "open"), key: "b") == .spooled)
        try await pass(next)
        #expect(publisher.names == ["b1", "b2"])
        #expect(try await next.offer(event("a2", "open"), key: "a") == .spooled)
        #expect(try await next.offer(event("c1", "open"), key: "c") == .published)
        publisher.fail("full", with: nil)
        try await pass(next)
        #expect(publisher.names.filter { $0.hasPrefix("a") } == ["a1", "a2"])
    }

    @Test("what is spooled right behind a pass holds its key all the same")
    func behindThePass() async throws {
        publisher.fail("full", with: .refused)
        #expect(try await outlet.keep(event("z", "full"), key: "z"))
        let outlet = outlet
        spool.afterNextEnd { _ = try await outlet.keep(event("a1", "full"), key: "a") }
        #expect(try await outlet.drain().isAtEnd)
        #expect(try await outlet.offer(event("a2", "open"), key: "a") == .spooled)
        #expect(try await outlet.offer(event("b1", "open"), key: "b") == .published)
    }

    @Test("one that is in the spool is dead-lettered, and delays no other")
    func impossibleInSpool() async throws {
        publisher.fail("long", with: .impossible("too long"))
        let outlet = Outlet(publisher, spool: spool, names: BrokerNames(prefix: "mine"), time: Stopwatch(clock))
        var broken = event("x1", "long")
        broken.properties.correlationID = String(repeating: "c", count: 256)
        broken.properties.headers = ["h": .string("v")]
        #expect(try await outlet.keep(broken, key: "x"))
        #expect(try await outlet.keep(event("x2", "open"), key: "x"))
        // As long as the dead letters do not take it, it waits, and so does its key.
        publisher.fail("mine.dead", with: .refused)
        try await pass(outlet)
        #expect(publisher.names == [])
        publisher.fail("mine.dead", with: nil)
        try await pass(outlet)
        #expect(outlet.spooledCount == 0)
        let deadLetter = try #require(publisher.published.first)
        #expect(deadLetter.exchange == "" && deadLetter.routingKey == "mine.dead")
        #expect(deadLetter.body == [1])
        #expect(deadLetter.properties.messageID == "x1")
        #expect(deadLetter.properties.correlationID == nil)
        #expect(deadLetter.properties.headers["h"] == nil)
        #expect(deadLetter.properties.headers["sms-original-exchange"] == .string("sms.status"))
        #expect(deadLetter.properties.headers["sms-original-routing-key"] == .string("long"))
        #expect(deadLetter.properties.headers["sms-error-detail"]?.text?.contains("too long") == true)
        #expect(publisher.names == ["x1", "x2"])
    }

    @Test("one whose dead letter cannot be published either is dropped")
    func impossibleTwice() async throws {
        publisher.fail("long", with: .impossible("too long"))
        publisher.fail("sms.dead", with: .impossible("too large"))
        #expect(try await outlet.keep(event("x1", "long"), key: "x"))
        #expect(try await outlet.keep(event("x2", "open"), key: "x"))
        try await pass()
        #expect(publisher.names == ["x2"])
        #expect(outlet.spooledCount == 0)
    }

    @Test("with the spool full while the broker is away, the broker is tried again all the same")
    func fullAndAway() async throws {
        let outlet = Outlet(publisher, spool: InMemoryStore(spoolCapacity: 0))
        publisher.isAway = true
        #expect(try await outlet.offer(event("1", "r"), key: "a") == .full)
        publisher.isAway = false
        #expect(outlet.needsDraining)
        try await pass(outlet)
        #expect(try await outlet.offer(event("2", "r"), key: "b") == .published)
    }

    @Test("a route that is refused is tried less and less often: in a day not three hundred times, not 50,000")
    func pauses() async throws {
        publisher.fail("full", with: .refused)
        #expect(try await outlet.offer(event("1", "full"), key: "a") == .spooled)
        #expect(try await outlet.keep(event("2", "full"), key: "b"))
        for _ in 0..<86_400 {
            clock.pass(.seconds(1))
            while outlet.needsDraining, try await !outlet.drain().isAtEnd {}
        }
        #expect((200..<300).contains(publisher.tries("full")))
        #expect(outlet.isResting)
        // Open routes are not delayed by it, nor are its own events for longer than a pause.
        #expect(try await outlet.offer(event("3", "open"), key: "c") == .published)
        publisher.fail("full", with: nil)
        try await pass()
        #expect(Set(publisher.names) == ["1", "2", "3"])
    }

    @Test("of one route one event is tried at a time, until it is known to be open")
    func oneTrial() async throws {
        publisher.fail("full", with: .refused)
        #expect(try await outlet.keep(event("o", "open"), key: "o"))
        for number in 0..<150 { #expect(try await outlet.keep(event("f", "full"), key: "f\(number)")) }
        try await pass()
        #expect(publisher.names == ["o"])
        #expect(publisher.tries("full") == 1)
        publisher.fail("full", with: nil)
        try await pass()
        #expect(outlet.spooledCount == 0)
        #expect(publisher.tries("full") == 151)
    }

    @Test("an event of a command queues behind another of its key, also after a restart, and while its route is paused")
    func inOrder() async throws {
        func publish(_ name: String, _ outcome: String, key: String, by outlet: Outlet) async throws {
            let message = BrokerMessage(
                exchange: "sms.outbound",
                routingKey: outcome,
                properties: .init(messageID: name),
                body: [1]
            )
            #expect(try await outlet.publish(message, key: key, step: "test", [:]))
        }
        publisher.fail("uncertain", with: .refused)
        try await publish("a1", "uncertain", key: "a", by: outlet)
        #expect(outlet.spooledCount == 1)
        try await publish("a2", "accepted", key: "a", by: outlet)
        #expect(outlet.spooledCount == 2, "it would overtake the first")
        try await publish("b1", "uncertain", key: "b", by: outlet)
        #expect(publisher.tries("uncertain") == 1, "its route was just refused")
        try await publish("c1", "accepted", key: "c", by: outlet)
        #expect(publisher.names == ["c1"])
        let next = Outlet(publisher, spool: spool)
        try await next.prepare()
        try await publish("a3", "accepted", key: "a", by: next)
        try await publish("c2", "accepted", key: "c", by: next)
        #expect(publisher.names == ["c1", "c2"])
        publisher.fail("uncertain", with: nil)
        try await pass()
        #expect(publisher.names.filter { $0.hasPrefix("a") } == ["a1", "a2", "a3"])
        try await publish("a4", "accepted", key: "a", by: outlet)
        #expect(publisher.names.last == "a4")
    }

    @Test("events that commands' queues refuse fill a share of their own, and leave webhooks theirs")
    func shares() async throws {
        let store = InMemoryStore(spoolCapacity: 3)
        let outlet = Outlet(publisher, spool: store, clock: clock)
        let refused = BrokerMessage(exchange: "sms.outbound", routingKey: "accepted", properties: .init(), body: [1])
        publisher.fail("accepted", with: .refused)
        for number in 0..<3 { try await outlet.publish(refused, key: "\(number)", step: "test", [:]) }
        #expect(try await store.spoolDepth(of: .outbound).isFull)
        #expect(try await !store.spoolDepth(of: .webhooks).isFull)
        // The next one waits for room, and is not lost.
        let waiting = Task { _ = try await outlet.publish(refused, key: "1", step: "test", [:]) }
        while clock.slept.count < 3 { await Task.yield() }
        #expect(outlet.spooledCount == 3)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(try await outlet.keep(event("w", "r"), key: "w"))
    }

    @Test("whatever fails and when, nothing is lost and the events of a key leave in their order", arguments: 1...10)
    func anyOrder(seed: UInt64) async throws {
        let publisher = FlakyPublisher(seed: seed)
        let clock = ImmediateClock()
        let outlet = Outlet(publisher, spool: spool, time: Stopwatch(clock))
        let keys = 20
        let count = 50
        try await withThrowingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    clock.pass(.seconds(600))
                    _ = try await outlet.drain()
                    await Task.yield()
                }
            }
            try await withThrowingTaskGroup { senders in
                for key in 0..<keys {
                    senders.addTask {
                        for number in 0..<count {
                            let message = event("\(key)/\(number)", "r\((key + number) % 5)")
                            let delivery = try await outlet.offer(message, key: "\(key)")
                            #expect(delivery == .published || delivery == .spooled)
                            await Task.yield()
                        }
                    }
                }
                try await senders.waitForAll()
            }
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
        publisher.heal()
        for _ in 0..<100 where outlet.spooledCount > 0 {
            clock.pass(.seconds(600))
            _ = try await outlet.drain()
        }
        for key in 0..<keys {
            let numbers = publisher.names.filter { $0.hasPrefix("\(key)/") }
            #expect(numbers == (0..<count).map { "\(key)/\($0)" }, "seed \(seed)")
        }
    }
}

/// A broker that fails at random, by the seed.
private final class FlakyPublisher: EventPublisher {
    private struct State {
        var random: UInt64
        var isHealed = false
        var published: [String] = []
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: seed)) }

    var names: [String] { state.withLock { $0.published } }

    func heal() { state.withLock { $0.isHealed = true } }

    func publish(_ message: BrokerMessage) async throws(PublishFailure) {
        await Task.yield()
        let failure: PublishFailure? = state.withLock { state in
            // Knuth's MMIX generator.
            state.random = state.random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            if !state.isHealed {
                switch state.random >> 60 {
                case 0: return .unavailable("away")
                case 1, 2: return .refused
                default: break
                }
            }
            state.published.append(message.properties.messageID ?? "?")
            return nil
        }
        if let failure { throw failure }
    }
}
