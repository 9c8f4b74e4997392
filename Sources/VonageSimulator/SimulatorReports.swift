import FoundationEssentials
import Synchronization

/// What the Reports API knows: how each message ended, whether its receipts were sent or not.
final class SimulatorReports: Sendable {
    /// How many queries are remembered.
    private static let keptQueries = 10_000
    /// How many records a page has at most.
    static let pageSize = 1_000

    private struct State {
        /// The ends of messages that did not end as usual, in the order in which they were noted.
        var ends: [String: ReceiptPlan.Step] = [:]
        var order: [String] = []
        var queries: [SimulatedReportQuery] = []
        var queryCount = 0
    }

    private let state: Mutex<State>
    private let limit: Int

    /// Creates what is known.
    ///
    /// - Parameters:
    ///   - limit: how many unusual ends are remembered.
    ///   - history: what was accepted before.
    init(limit: Int, history: SimulatorHistory) {
        self.limit = limit
        state = Mutex(State())
        for accepted in history.messages { note(accepted.message.messageUUID, accepted.rule) }
    }

    /// The queries that were answered with records, oldest first.
    var queries: [SimulatedReportQuery] { state.withLock { $0.queries } }
    /// How many requests there were, refused ones included.
    var queryCount: Int { state.withLock { $0.queryCount } }

    /// Notes how a message ends under the rule that was applied to it.
    func note(_ messageUUID: String, _ rule: FaultRule?) {
        let step: ReceiptPlan.Step
        switch rule?.fault {
        case .failReceipt:
            step = .init(status: rule?.status ?? "rejected", error: rule?.error ?? 1_330, age: 15)
        case .noReceipt where rule?.status != nil || rule?.error != nil:
            step = .init(status: rule?.status ?? "rejected", error: rule?.error, age: 15)
        default: return
        }
        state.withLock { state in
            if state.ends.updateValue(step, forKey: messageUUID) == nil { state.order.append(messageUUID) }
            if state.order.count > limit { state.ends[state.order.removeFirst()] = nil }
        }
    }

    /// How a message ended, as of a moment.
    func end(of message: SimulatedMessage, now: Date) -> ReceiptPlan.Step {
        let step = state.withLock { $0.ends[message.messageUUID] } ?? .init(status: "delivered", age: 15)
        let isOver = message.receivedAt.addingTimeInterval(Double(step.age) / 1_000) <= now
        return isOver ? step : .init(status: "submitted", age: 0)
    }

    /// Counts a request.
    func noteRequest() { state.withLock { $0.queryCount += 1 } }

    /// Notes a query that was answered.
    func note(_ query: SimulatedReportQuery) {
        state.withLock { state in
            if state.queries.count >= Self.keptQueries { state.queries.removeFirst() }
            state.queries.append(query)
        }
    }

    /// Forgets everything.
    func clear() { state.withLock { $0 = State() } }
}

/// A query of the Reports API.
package struct SimulatedReportQuery: Sendable, Codable {
    /// The ids that were asked for; empty for a query by date.
    package let ids: [String]
    /// The recipient of a query by date.
    package let to: String?
    /// How many records the answer had.
    package let records: Int
}
