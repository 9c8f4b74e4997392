import DequeModule
import Synchronization

/// What the simulator has seen: bounded, and watched by who waits for something.
final class SimulatorLedger: Sendable {
    private struct State {
        var messages = Deque<SimulatedMessage>()
        var requests = Deque<SimulatedRequest>()
        var webhooks = Deque<SimulatedWebhook>()
        var inbound = Deque<SimulatedInbound>()
        /// How many changes there were.
        var sequence = 0
        var requestCount = 0
        var messageCount = 0
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWatcher = 0
    }

    private let state = Mutex(State())
    private let keptMessages: Int
    private static let keptRequests = 10_000
    private static let keptInbound = 1_000

    /// The pages that are shown what happens.
    let pages = PageAudience()

    /// Creates a ledger.
    ///
    /// - Parameters:
    ///   - keptMessages: how many messages are remembered.
    ///   - history: what was seen before.
    init(keptMessages: Int, history: SimulatorHistory) {
        self.keptMessages = max(keptMessages, 1)
        state.withLock { state in
            state.messages = Deque(history.messages.suffix(self.keptMessages).map(\.message))
            state.requests = Deque(history.requests.suffix(Self.keptRequests))
            state.webhooks = Deque(history.webhooks.suffix(Self.keptRequests))
            state.inbound = Deque(history.inbound.suffix(Self.keptInbound))
            state.requestCount = history.requests.count
            state.messageCount = history.messages.count
        }
    }

    /// The messages accepted, oldest first.
    var messages: [SimulatedMessage] { state.withLock { Array($0.messages) } }
    /// The latest requests to send, oldest first.
    var requests: [SimulatedRequest] { state.withLock { Array($0.requests) } }
    /// The latest attempts to deliver webhooks, oldest first.
    var webhooks: [SimulatedWebhook] { state.withLock { Array($0.webhooks) } }
    /// The latest messages from handsets, oldest first.
    var inbound: [SimulatedInbound] { state.withLock { Array($0.inbound) } }
    /// How many requests to send there were.
    var requestCount: Int { state.withLock { $0.requestCount } }
    /// How many messages were accepted.
    var messageCount: Int { state.withLock { $0.messageCount } }

    /// Notes a request, and the message that it became.
    func add(_ request: SimulatedRequest, _ message: SimulatedMessage?) {
        change(.request(request, message)) { state in
            state.requestCount += 1
            if state.requests.count >= Self.keptRequests { state.requests.removeFirst() }
            state.requests.append(request)
            guard let message else { return }
            state.messageCount += 1
            if state.messages.count >= keptMessages { state.messages.removeFirst() }
            state.messages.append(message)
        }
    }

    /// Notes an attempt to deliver a webhook.
    func add(_ webhook: SimulatedWebhook) {
        change(.webhook(webhook)) { state in
            if state.webhooks.count >= Self.keptRequests { state.webhooks.removeFirst() }
            state.webhooks.append(webhook)
        }
    }

    /// Notes a message from a handset.
    func add(_ inbound: SimulatedInbound) {
        change(.inbound(inbound)) { state in
            if state.inbound.count >= Self.keptInbound { state.inbound.removeFirst() }
            state.inbound.append(inbound)
        }
    }

    /// Forgets everything.
    func clear() {
        change(nil) { state in
            state.messages.removeAll()
            state.requests.removeAll()
            state.webhooks.removeAll()
            state.inbound.removeAll()
            state.requestCount = 0
            state.messageCount = 0
        }
        pages.clear()
    }

    /// Waits until something is so.
    ///
    /// - Parameters:
    ///   - limit: how long at most.
    ///   - condition: asked now and after each change.
    /// - Returns: whether it came to be so in time; `false` also when the task is cancelled.
    func wait(_ limit: Duration, until condition: @escaping @Sendable (SimulatorLedger) -> Bool) async -> Bool {
        let (changes, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let watcher = state.withLock { state in
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = feed
            return state.nextWatcher
        }
        defer { state.withLock { $0.watchers[watcher] = nil } }
        guard !condition(self) else { return true }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in changes where condition(self) { return true }
                return false
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return condition(self)
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    private func change(_ change: PageChange?, _ body: (inout State) -> Void) {
        let (watchers, sequence) = state.withLock { state in
            body(&state)
            state.sequence += 1
            return (state.watchers.isEmpty ? [] : Array(state.watchers.values), state.sequence)
        }
        for watcher in watchers { watcher.yield() }
        if let change { pages.publish(change, sequence) }
    }
}

extension SimulatorLedger {
    /// What was seen last, all at one moment.
    struct Latest: Sendable {
        /// The latest requests to send, oldest first.
        let requests: [SimulatedRequest]
        /// The messages that they became, by their ids.
        let messages: [String: SimulatedMessage]
        /// The latest attempts to deliver webhooks, oldest first.
        let webhooks: [SimulatedWebhook]
        /// The latest messages from handsets, oldest first.
        let inbound: [SimulatedInbound]
        /// The number of the latest change.
        let sequence: Int
    }

    /// Reads what was seen last.
    ///
    /// - Parameter limit: how many requests, and messages from handsets, at most.
    /// - Returns: all of it.
    func latest(_ limit: Int) -> Latest {
        let (requests, messages, webhooks, inbound, sequence) = state.withLock { state in
            (
                Array(state.requests.suffix(limit)), Array(state.messages.suffix(limit)), Array(state.webhooks),
                Array(state.inbound.suffix(limit)), state.sequence
            )
        }
        return Latest(
            requests: requests,
            messages: Dictionary(messages.map { ($0.messageUUID, $0) }) { first, _ in first },
            webhooks: webhooks,
            inbound: inbound,
            sequence: sequence
        )
    }
}
