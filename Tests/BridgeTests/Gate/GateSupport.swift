import Contracts
import SMSCore
import Synchronization
import TestSupport

@testable import Bridge

/// A gate whose timer runs while a body runs.
func withGate<Value: Sendable>(
    _ configuration: SlotScheduler.Configuration = .init(),
    _ body: @escaping @Sendable (SendGate, ManualClock) async throws -> Value
) async throws -> Value {
    let clock = ManualClock()
    let gate = SendGate(configuration, time: GateTime(clock, wall: { clock.timestamp }))
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await gate.run()
            return nil
        }
        group.addTask { try await body(gate, clock) }
        defer { group.cancelAll() }
        while let value = try await group.next() {
            if let value { return value }
        }
        throw CancellationError()
    }
}

extension SlotRequest {
    static func of(
        _ id: String,
        _ lane: Lane = .send,
        from sender: Sender = .alphanumeric("Ours")
    ) -> SlotRequest {
        SlotRequest(id: Samples.id(id), lane: lane, sender: sender, segments: 1)
    }
}

extension GateAnswer {
    /// The pass; nil when the command waits in the broker.
    var pass: GatePass? {
        if case .go(let pass) = self { pass } else { nil }
    }

    /// Until when it waits in the broker; nil when it may go.
    var until: Timestamp? {
        if case .later(let until) = self { until } else { nil }
    }
}

extension SendGate {
    /// Waits until so many commands wait inside.
    func waitForWaiting(_ count: Int) async {
        while snapshot.waiting.values.reduce(0, +) != count { await Task.yield() }
    }
}

extension PaceLimit {
    static func perSecond(_ count: Int) -> PaceLimit { .limited(count: count, per: .seconds(1), unit: .requests) }
}

/// What was sent when, from several tasks.
final class SentLog: Sendable {
    private let entries = Mutex<[(id: String, at: Duration)]>([])

    var ids: [String] { entries.withLock { $0.map(\.id) } }
    var moments: [Duration] { entries.withLock { $0.map(\.at) } }

    func note(_ id: String, at moment: Duration) { entries.withLock { $0.append((id, moment)) } }
}
