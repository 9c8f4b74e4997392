import Contracts
import SMSCore
import StoreSupport
import Synchronization
import TestSupport
import Testing

@testable import StorePostgres

@Suite("Replicas over one database", .againstServer, .timeLimit(.minutes(5)))
struct ReplicaTests {
    /// Begins an attempt of the replica `a`.
    private func begin(on maker: PostgresStore) async throws {
        var intent = Samples.sending("x")
        intent.state = .sending(Attempt(number: 1, since: Samples.moment, owner: BootID("a")))
        let begun = try await maker.begin(intent)
        guard case .begun = begun else {
            Issue.record("it was \(begun)")
            return
        }
    }

    /// Two replicas; the first has begun an attempt.
    private func withAttempt(_ body: (_ maker: PostgresStore, _ other: PostgresStore) async throws -> Void) async throws
    {
        try await TestSchema.with { schema in
            let (maker, other) = (try await schema.open("a"), try await schema.open("b"))
            try await maker.beat()
            try await other.beat()
            try await begin(on: maker)
            try await body(maker, other)
            await maker.close()
            await other.close()
        }
    }

    private func endLease(_ store: PostgresStore) async throws {
        try await store.execute("UPDATE message SET lease_until = clock_timestamp() - interval '1 second'")
    }

    private func ageHeartbeat(of owner: String, _ store: PostgresStore) async throws {
        try await store.execute("UPDATE replica SET heartbeat_at = now() - interval '1 hour' WHERE owner = '\(owner)'")
    }

    @Test("an attempt belongs to the process that began it until its lease ends")
    func leased() async throws {
        try await withAttempt { maker, other async throws in
            guard case .leased(let rest) = try await other.standing(of: Samples.id("x")) else {
                Issue.record("it is not leased")
                return
            }
            #expect(rest <= maker.leaseLength)
            #expect(try await maker.standing(of: Samples.id("x")) == .over, "its own process knows better")
        }
    }

    @Test("a process is gone when its session has ended and its sign of life is old; one of both proves nothing")
    func gone() async throws {
        try await withAttempt { maker, other async throws in
            try await endLease(other)
            #expect(try await other.standing(of: Samples.id("x")) == .lapsed)
            try await ageHeartbeat(of: "a", other)
            #expect(try await other.standing(of: Samples.id("x")) == .lapsed, "its session is there")
            try await maker.beat()
            await maker.close()
            #expect(try await other.standing(of: Samples.id("x")) == .lapsed, "its sign of life is young")
            try await ageHeartbeat(of: "a", other)
            #expect(try await other.standing(of: Samples.id("x")) == .over)
        }
    }

    @Test("soon after the server's start no replica is taken for gone that was last seen before it")
    func restarted() async throws {
        try await TestSchema.with { schema in
            let maker = try await schema.open("a")
            let other = try await schema.open("b", restartGrace: .seconds(365 * 86_400))
            try await maker.beat()
            try await begin(on: maker)
            await maker.close()
            try await endLease(other)
            // Before the start of any server that is a year old or less.
            try await other.execute("UPDATE replica SET heartbeat_at = 'epoch' WHERE owner = 'a'")
            #expect(try await other.standing(of: Samples.id("x")) == .lapsed)
            await other.close()
        }
    }

    @Test("soon after another server has taken over no replica is taken for gone that was last seen before that")
    func takenOver() async throws {
        try await TestSchema.with { schema in
            let maker = try await schema.open("a")
            let other = try await schema.open("b", restartGrace: .seconds(3_600))
            try await maker.beat()
            try await other.beat()
            try await begin(on: maker)
            await maker.close()
            try await endLease(other)
            try await ageHeartbeat(of: "a", other)
            try await other.execute("UPDATE server_life SET since = now() - interval '2 hours'")
            #expect(try await other.standing(of: Samples.id("x")) == .over)
            // What the table has of the server before; this one has no session of the old times either.
            try await other.execute("UPDATE server_life SET started_at = started_at - interval '1 day'")
            #expect(try await other.standing(of: Samples.id("x")) == .lapsed, "no replica has noted the new server yet")
            let third = try await schema.open("c", restartGrace: .seconds(3_600))
            try await third.beat()
            #expect(try await third.standing(of: Samples.id("x")) == .lapsed)
            await third.close()
            await other.close()
        }
    }

    @Test("each connection says anew that its process lives, whatever became of the last one's lock")
    func announcedAnew() async throws {
        try await TestSchema.with { schema in
            let store = try await schema.open("a")
            try await store.beat()
            let first = try await store.number("SELECT number FROM replica WHERE owner = 'a'")
            // A process of the same name, as one whose old session the server still takes for living.
            let again = try await schema.open("a")
            try await again.beat()
            #expect(try await store.number("SELECT number FROM replica WHERE owner = 'a'") != first)
            await again.close()
            await store.close()
        }
    }

    @Test("what a process writes of its own attempt ends the lease, what another one writes does not")
    func written() async throws {
        try await withAttempt { maker, other async throws in
            var record = try #require(try await other.record(of: Samples.id("x")))
            try await endLease(other)
            record.state = .uncertain(since: Samples.moment)
            let taken = try #require(try await other.save(record))
            #expect(try await other.standing(of: Samples.id("x")) == .lapsed)
            #expect(try await maker.save(taken) != nil)
            #expect(try await other.standing(of: Samples.id("x")) == .over)
        }
    }

    @Test("a piece of work has one process at a time, and another when its time is over")
    func claims() async throws {
        try await TestSchema.with { schema in
            let (one, other) = (try await schema.open("a"), try await schema.open("b"))
            #expect(try await one.claim("campaign 1", for: .seconds(600)))
            #expect(try await !other.claim("campaign 1", for: .seconds(600)))
            #expect(try await one.claim("campaign 1", for: .seconds(600)))
            #expect(try await other.claim("campaign 2", for: .seconds(600)))
            try await one.execute("UPDATE claim SET until = clock_timestamp() - interval '1 second'")
            #expect(try await other.claim("campaign 1", for: .seconds(600)))
            await one.close()
            await other.close()
        }
    }

    /// What two replicas do with the same messages at the same time: begin, settle, note receipts, and count.
    @Test("changes of the same rows, in whatever order they are asked for, are never undone for a circle of waits")
    func noCircles() async throws {
        try await TestSchema.with { schema in
            let stores = [try await schema.open("a"), try await schema.open("b")]
            let names = (0..<40).map { "m-\($0)" }
            for name in names { _ = try await stores[0].save(Samples.record(name)) }
            // The order of the ids is not that of the UUIDs.
            let uuids = Dictionary(uniqueKeysWithValues: zip(names, (0..<40).map { "u-\(99 - $0)" }))
            for _ in 0..<25 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for store in stores {
                        for (name, uuid) in uuids.shuffled() {
                            group.addTask {
                                let known = try #require(try await store.record(of: Samples.id(name)))
                                var next = Samples.accepted(name, uuid: uuid, at: Samples.moment)
                                (next.version, next.isPublished) = (known.version, false)
                                _ = try await store.save(Bool.random() ? next : known)
                            }
                            group.addTask { try await store.remember(Samples.receipt(uuid, "delivered")) }
                            group.addTask { _ = try await store.beginHandling(name, at: Samples.moment) }
                        }
                        group.addTask { try await store.noteListening(at: Samples.moment, tolerance: .seconds(1)) }
                    }
                    try await group.waitForAll()
                }
            }
            for store in stores {
                #expect(store.writer.conflicts.load(ordering: .relaxed) == 0)
                await store.close()
            }
        }
    }

    @Test("slots of one rate are given away once, however many processes take them")
    func slots() async throws {
        try await TestSchema.with { schema in
            let stores = [try await schema.open("a"), try await schema.open("b"), try await schema.open("c")]
            // An hour apart, so that none lapses while the test runs: each slice begins where the one before it ended.
            let delays = try await withThrowingTaskGroup(of: TakenSlots?.self) { group in
                for index in 0..<30 {
                    group.addTask {
                        try await stores[index % 3]
                            .takeSlots(of: "account", count: 2, every: .seconds(3_600), within: .seconds(1_000_000))
                    }
                }
                return try await group.reduce(into: [Duration]()) { all, slots in
                    slots.map { all.append($0.first - $0.taken) }
                }
            }
            #expect(delays.count == 30)
            let slices = Set(delays.map { Int((($0 + .seconds(1_800)) / .seconds(7_200)).rounded(.down)) })
            #expect(slices == Set(0..<30))
            let beyond = try await stores[0].takeSlots(of: "account", count: 1, every: .seconds(1), within: .seconds(2))
            #expect(beyond == nil)
            for store in stores { await store.close() }
        }
    }

    @Test("the spooled events of a process that is gone are taken over, whole and in order")
    func spools() async throws {
        try await TestSchema.with { schema in
            let (one, other) = (try await schema.open("a"), try await schema.open("b"))
            try await one.beat()
            try await other.beat()
            for name in ["1", "2"] {
                let event = BrokerMessage(exchange: "e", routingKey: name, properties: .init(), body: [1, 2])
                #expect(try await one.spool(event, key: "k", share: .webhooks, at: Samples.moment))
            }
            #expect(try await other.adoptSpools() == [], "its process lives")
            #expect(try await other.spooled(limit: 10).isEmpty)
            await one.close()
            try await ageHeartbeat(of: "a", other)
            #expect(try await other.adoptSpools() == ["k", "k"])
            #expect(try await other.spooled(limit: 10).map(\.message.routingKey) == ["1", "2"])
            #expect(try await other.spoolDepth(of: .webhooks).waiting == 2)
            await other.close()
        }
    }

    @Test("bodies of one key run one after the other in all processes")
    func locks() async throws {
        try await TestSchema.with { schema in
            let stores = [try await schema.open("a"), try await schema.open("b")]
            let inside = Inside()
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Each process sends one at a time, as its own locks see to.
                for store in stores {
                    group.addTask {
                        for _ in 0..<5 {
                            try await store.withLock("k") {
                                inside.enter()
                                for _ in 0..<5 { try await store.beat() }
                                inside.leave()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(inside.most == 1)
            for store in stores { await store.close() }
        }
    }
}

/// How many are inside at a time.
private final class Inside: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }

    func leave() { state.withLock { $0.now -= 1 } }
}
