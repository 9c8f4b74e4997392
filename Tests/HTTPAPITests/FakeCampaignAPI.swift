import Bridge
import Contracts
import Synchronization

/// Campaigns that answer as a test sets them and remember what they were asked.
final class FakeCampaignAPI: CampaignAPI {
    private let answer: CampaignAnswer
    private let change: CampaignChange
    private let work: @Sendable () async -> Void
    private let state = Mutex<(orders: [SendOrder], waits: [Duration], changes: [String])>(([], [], []))

    init(
        _ answer: CampaignAnswer = .pending(FakeSendAPI.id("id-1")),
        change: CampaignChange = .done,
        work: @escaping @Sendable () async -> Void = {}
    ) {
        self.answer = answer
        self.change = change
        self.work = work
    }

    var orders: [SendOrder] { state.withLock { $0.orders } }
    /// How long a client wanted to wait for an end.
    var waits: [Duration] { state.withLock { $0.waits } }
    var changes: [String] { state.withLock { $0.changes } }

    func send(_ order: SendOrder) async throws -> CampaignAnswer {
        state.withLock { $0.orders.append(order) }
        await work()
        return answer
    }

    func outcome(of id: CommandID, within wait: Duration) async throws -> CampaignAnswer {
        state.withLock { $0.waits.append(wait) }
        return answer
    }

    func campaign(_ id: CommandID) async throws -> CampaignEvent? {
        id.text == "known" ? CampaignEvent(campaignID: "known", state: "running") : nil
    }

    func cancel(_ id: CommandID) async throws -> CampaignChange {
        state.withLock { $0.changes.append("cancel \(id)") }
        return change
    }

    func pause(_ id: CommandID, _ isPaused: Bool) async throws -> CampaignChange {
        state.withLock { $0.changes.append("\(isPaused ? "pause" : "resume") \(id)") }
        return change
    }
}
