import Contracts
import Testing

@testable import SMSCore

/// Some processes over one record, one broker and one provider, every step interleaved.
///
/// Crashes, processes frozen for longer than their lease, lost connections, a clock of its own. What decides is the real code (`Decision`, the record's
/// transitions); the model has what the store and the flow promise around it.
@Suite("Replicas over one record, modelled")
struct ReplicaModelTests {
    @Test("send once, and bring every command to its end", arguments: 0..<2_000)
    func interleavings(seed: Int) throws {
        var model = try ReplicaModel(seed: UInt64(seed), owners: 3)
        let end = model.run()
        #expect(end.requests <= 1, "seed \(seed): \(end.log)")
        #expect(end.isSettled, "seed \(seed): \(end.log)")
        if end.outcome == .accepted { #expect(end.requests == 1, "seed \(seed): \(end.log)") }
    }

    @Test("would send twice without the look at the own clock before the request, which the model notices")
    func withoutClock() throws {
        let twice = try (0..<2_000).contains { seed in
            var model = try ReplicaModel(seed: UInt64(seed), owners: 3)
            model.looksAtClock = false
            model.trustsExpiry = true
            return model.run().requests > 1
        }
        #expect(twice)
    }
}

/// A repeatable source of numbers.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private struct ReplicaModel {
    struct End {
        var requests: Int
        var isSettled: Bool
        var outcome: Outcome?
        var log: [String]
    }

    /// Where a process stands with its copy.
    enum Stage {
        case idle
        /// It has a copy, and waits until a moment to handle it.
        case holding(until: Timestamp)
        /// It has written its intent, at that moment of its own clock, and is about to send.
        case begun(MessageRecord, before: MessageRecord, at: Timestamp)
        /// It has looked at its clock; the next step is the request.
        case ready(MessageRecord)
        /// The request was made.
        case sent(MessageRecord)
    }

    struct Owner {
        var boot: BootID
        var stage = Stage.idle
        var frozenUntil: Timestamp?
        var heartbeat: Timestamp
    }

    static let lease: Duration = .seconds(15)
    var looksAtClock = true
    /// Whether an expired lease alone counts as the end of its process.
    var trustsExpiry = false

    private var numbers: SeededNumbers
    private var now = Timestamp(milliseconds: 1_795_579_200_000)
    private var owners: [Owner]
    private var gone: Set<BootID> = []
    private var record: MessageRecord?
    private var leaseOwner: BootID?
    private var leaseUntil = Timestamp(milliseconds: 0)
    private var requests = 0
    private var receiptAt: Timestamp?
    /// When copies in the broker may be delivered.
    private var queue: [Timestamp]
    private var log: [String] = []
    private let policy = Decision.Policy()
    private let situation: Decision.Situation

    init(seed: UInt64, owners: Int) throws {
        numbers = SeededNumbers(state: seed)
        let now = now
        self.owners = (0..<owners).map { Owner(boot: BootID("boot-\($0)"), heartbeat: now) }
        queue = [now]
        situation = try .sample(#", "on_uncertain": "auto""#, now: now)
    }

    mutating func run() -> End {
        for step in 0..<4_000 {
            // The world becomes calm, so that everything can come to its end.
            let isCalm = step > 400
            now = now + .milliseconds(Int64.random(in: 1...(isCalm ? 5_000 : 2_500), using: &numbers))
            receive()
            let index = Int.random(in: owners.indices, using: &numbers)
            if !isCalm { disturb(index) }
            advance(index)
            if queue.isEmpty, owners.allSatisfy(\.isIdle), record?.settlement != nil { break }
        }
        return End(
            requests: requests,
            isSettled: record?.settlement != nil,
            outcome: record?.settlement?.outcome,
            log: log
        )
    }

    /// The provider's receipt comes some time after the request.
    private mutating func receive() {
        guard let at = receiptAt, at <= now, var current = record else { return }
        receiptAt = nil
        current.provedUUID = "uuid"
        current.version += 1
        record = current
        log.append("receipt")
    }

    private mutating func disturb(_ index: Int) {
        switch Int.random(in: 0..<40, using: &numbers) {
        case 0:
            // The process ends at once; the broker delivers its copy again, and another process comes in its place.
            if !owners[index].isIdle { queue.append(now) }
            gone.insert(owners[index].boot)
            log.append("\(owners[index].boot.text) crashes")
            owners[index] = Owner(boot: BootID(owners[index].boot.text + "'"), heartbeat: now)
        case 1, 2:
            // Frozen, mostly for longer than a lease; the broker takes it for lost and delivers its copy again.
            guard owners[index].frozenUntil == nil else { return }
            owners[index].frozenUntil = now + .seconds(Int64.random(in: 5...300, using: &numbers))
            if !owners[index].isIdle { queue.append(now + .seconds(20)) }
            log.append("\(owners[index].boot.text) freezes")
        default:
            break
        }
    }

    private mutating func advance(_ index: Int) {
        if let until = owners[index].frozenUntil {
            guard until <= now else { return }
            owners[index].frozenUntil = nil
        }
        owners[index].heartbeat = now
        switch owners[index].stage {
        case .idle:
            guard let place = queue.firstIndex(where: { $0 <= now }) else { return }
            queue.remove(at: place)
            owners[index].stage = .holding(until: now)
        case .holding(let until):
            if until <= now { decide(index) }
        case .begun(let begun, let before, let at):
            if looksAtClock, now - at > Self.lease / 2 {
                log.append("\(owners[index].boot.text) gives its intent back")
                if save(before.notBegun(begun), by: owners[index].boot) { leaseOwner = nil }
                owners[index].stage = .holding(until: now)
            } else {
                owners[index].stage = .ready(begun)
            }
        case .ready(let begun):
            requests += 1
            receiptAt = now + .seconds(Int64.random(in: 1...60, using: &numbers))
            log.append("\(owners[index].boot.text) sends")
            owners[index].stage = .sent(begun)
        case .sent(let begun):
            conclude(begun, index)
        }
    }

    private mutating func decide(_ index: Int) {
        let boot = owners[index].boot
        var situation = situation
        situation.now = now
        situation.standing = standing(for: boot)
        // No receipt within the whole wait means that there was no request: this provider sends a receipt for each.
        situation.silence = requests == 0 ? .conclusive : .inconclusive(why: "a request was made")
        switch Decision.of(record, in: situation, policy: policy) {
        case .send(let current, _):
            var begun = current.beginning(at: now, by: boot)
            guard save(begun, by: boot) else { return }
            begun.version += 1
            (leaseOwner, leaseUntil) = (boot, now + Self.lease)
            log.append("\(boot.text) begins")
            owners[index].stage = .begun(begun, before: current, at: now)
        case .settle(let settled):
            if save(settled, by: boot) { log.append("\(boot.text) settles") }
        case .wait(let waiting, let until):
            _ = save(waiting, by: boot)
            owners[index].stage = .holding(until: until)
        case .join(let until):
            owners[index].stage = .holding(until: until)
        case .assess:
            owners[index].stage = .holding(until: now + .seconds(1))
        case .leave, .finish, .republish:
            owners[index].stage = .idle
        }
    }

    private mutating func conclude(_ begun: MessageRecord, _ index: Int) {
        defer { owners[index].stage = .holding(until: now) }
        guard let current = record, case .sending(let attempt) = begun.state else { return }
        guard current.state == begun.state || current.state == .uncertain(since: attempt.since) else { return }
        let accepted = Settlement(outcome: .accepted, messageUUID: "uuid", error: nil, at: now)
        _ = save(current.settled(accepted, retention: policy.retention), by: owners[index].boot)
    }

    private mutating func save(_ changed: MessageRecord, by boot: BootID) -> Bool {
        guard changed.version == record?.version ?? 0 else { return false }
        var written = changed
        written.version += 1
        record = written
        if leaseOwner == boot { leaseOwner = nil }
        return true
    }

    /// What the store says of the process that has made the last attempt.
    private func standing(for boot: BootID) -> AttemptStanding {
        guard let leaseOwner, leaseOwner != boot else { return .over }
        if leaseUntil > now { return .leased(leaseUntil - now) }
        if gone.contains(leaseOwner) || trustsExpiry { return .over }
        return .lapsed
    }
}

extension ReplicaModel.Owner {
    fileprivate var isIdle: Bool { if case .idle = stage { true } else { false } }
}
