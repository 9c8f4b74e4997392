import Bridge
import Contracts
import Foundation
import SMSCore
import Synchronization
import TestSupport
import Testing

private struct NoAnswer: Error {}

/// Other processes, as a test has them.
final class FakeReplicas: ReplicaStore {
    /// The keys of the locks that were taken, in order.
    let locks = DeliveryLog()
    /// When slots were taken.
    let taken = Mutex<[ContinuousClock.Instant]>([])
    private let state: Mutex<(standings: [AttemptStanding], leases: [Duration])>
    private let onSlots: @Sendable (_ number: Int) async throws -> Void

    /// What is answered, in order; the last answer repeats.
    ///
    /// `onSlots` is called at each asking for slots with its number, from 1 on.
    init(
        _ standings: [AttemptStanding] = [.over],
        leases: [Duration] = [.seconds(15)],
        onSlots: @escaping @Sendable (_ number: Int) async throws -> Void = { _ in }
    ) {
        state = Mutex((standings, leases))
        self.onSlots = onSlots
    }

    var leaseLength: Duration {
        state.withLock { $0.leases.count > 1 ? $0.leases.removeFirst() : $0.leases[0] }
    }

    func beat() async throws {}

    func standing(of id: CommandID) async throws -> AttemptStanding {
        state.withLock { $0.standings.count > 1 ? $0.standings.removeFirst() : $0.standings[0] }
    }

    func claim(_ work: String, for time: Duration) async throws -> Bool { true }

    func takeSlots(of rate: String, count: Int, every interval: Duration, within: Duration) async throws -> TakenSlots?
    {
        let number = taken.withLock { taken in
            taken.append(.now)
            return taken.count
        }
        try await onSlots(number)
        return TakenSlots(first: .zero, taken: .zero)
    }

    func figures() async throws -> ReplicaFigures { ReplicaFigures(replicas: 1, leases: 0, replicationLag: nil) }

    func adoptSpools() async throws -> [String] { [] }

    func withLock<Value>(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        locks.note(key)
        return try await body()
    }
}

@Suite("The outbound flow beside other processes", .timeLimit(.minutes(3)))
struct OutboundReplicaTests {
    /// A record whose attempt another process has begun.
    private func begin(_ bench: Bench, by owner: String) async throws -> MessageRecord {
        let first = Bench(after: bench)
        try await first.flow.handle(first.delivery(id: "other"))
        var record = try #require(try await bench.record("other"))
        record = MessageRecord(
            id: Samples.id("a-1"),
            bodyDigest: record.bodyDigest,
            lane: record.lane,
            facts: record.facts,
            now: bench.now
        )
        guard case .begun(let begun) = try await bench.store.begin(record.beginning(at: bench.now, by: BootID(owner)))
        else {
            Issue.record("it was not begun")
            return record
        }
        return begun
    }

    /// Does what another process does with an attempt whose lease is over.
    private static func doubt(_ store: InMemoryStore) async {
        guard var record = try? await store.record(of: Samples.id("a-1")), case .sending(let attempt) = record.state
        else {
            return
        }
        record.state = .uncertain(since: attempt.since)
        _ = try? await store.save(record)
    }

    @Test("sends nothing while the attempt of another process is leased, and keeps the copy")
    func leased() async throws {
        let bench = Bench(replicas: FakeReplicas([.leased(.seconds(12))]))
        let begun = try await begin(bench, by: "other")
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.isEmpty)
        #expect(try await bench.record() == begun)
        #expect(bench.publisher.carriers.count == 1)
    }

    @Test("gives its intent back when half of its lease is over before the request, and sends then")
    func spent() async throws {
        let bench = Bench(replicas: FakeReplicas(leases: [.zero, .seconds(600)]))
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.count == 1)
        let record = try #require(try await bench.record())
        #expect(record.attempts == 1)
        #expect(record.settlement?.outcome == .accepted)
        #expect(record.version >= 4, "begun, given back, begun, settled")
    }

    @Test("gives its intent back though another process has taken the attempt for uncertain meanwhile, and sends then")
    func givenBackInDoubt() async throws {
        let first = Bench()
        let store = first.store
        // The second time it is asked, for another slot than the one that is over, the database does not answer.
        let replicas = FakeReplicas { number in
            guard number == 2 else { return }
            await Self.doubt(store)
            throw NoAnswer()
        }
        let bench = Bench(after: first, replicas: replicas)
        let slices = RateSlices(
            replicas: replicas,
            account: .limited(count: 4, per: .seconds(1), unit: .requests),
            senders: SenderLimits()
        )
        let isFirst = Mutex(true)
        let flow = bench.wiring.outboundFlow(sender: bench.sender, gate: bench.gate, slices: slices) { step in
            guard step == .intentWritten, isFirst.withLock({ exchange(&$0, with: false) }) else { return }
            // More than a slot may be late.
            usleep(130_000)
        }
        try await flow.handle(bench.delivery())
        let record = try #require(try await bench.record())
        #expect(await bench.sender.sent.count == 1)
        #expect(record.attempts == 1)
        #expect(record.settlement?.outcome == .accepted)
        #expect(record.version >= 5, "begun, doubted, given back, begun, settled")
    }

    @Test("a request that is late for its slot of the shared rate leaves at another one")
    func lateForSlot() async throws {
        let replicas = FakeReplicas()
        let sentAt = Mutex<ContinuousClock.Instant?>(nil)
        let bench = Bench(replicas: replicas) { sentAt.withLock { $0 = .now } }
        let slices = RateSlices(
            replicas: replicas,
            account: .limited(count: 50, per: .seconds(1), unit: .requests),
            senders: SenderLimits()
        )
        let flow = bench.wiring.outboundFlow(sender: bench.sender, gate: bench.gate, slices: slices) { step in
            // A slow disk: more than a slot may be late, less than the next one is away.
            if step == .intentWritten { usleep(15_000) }
        }
        try await flow.handle(bench.delivery())
        let first = try #require(replicas.taken.withLock { $0.first })
        let moment = try #require(sentAt.withLock { $0 })
        #expect(moment - first >= .milliseconds(20), "one slot is 20 ms")
        #expect(try await bench.record()?.attempts == 1)
    }

    @Test("an answer counts though another process has taken the attempt for uncertain meanwhile")
    func lateAnswer() async throws {
        let first = Bench()
        let store = first.store
        let bench = Bench(after: first, replicas: FakeReplicas()) { await Self.doubt(store) }
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.count == 1)
        #expect(try await bench.record()?.settlement?.messageUUID == "u-1")
    }
}
