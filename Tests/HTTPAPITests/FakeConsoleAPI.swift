import Bridge
import Contracts
import SMSCore
import Synchronization
import TestSupport

/// A console over a store in memory, which remembers what it was asked.
final class FakeConsoleAPI: ConsoleAPI {
    let store: InMemoryStore
    let events: EventTap
    let configuration = [
        ConfigurationValue(name: "PORT", value: "3000", source: "default"),
        ConfigurationValue(name: "API_KEYS", value: "***", source: "environment"),
    ]
    private let desk: MessageDesk
    private let failure: (any Error)?
    private let state = Mutex<(queries: [MessageQuery], orders: [ReplayOrder])>(([], []))

    init(_ store: InMemoryStore = InMemoryStore(), names: BrokerNames = BrokerNames(), failure: (any Error)? = nil) {
        self.store = store
        self.failure = failure
        events = EventTap(names: names)
        desk = MessageDesk(messages: store, receipts: store)
    }

    var queries: [MessageQuery] { state.withLock { $0.queries } }
    var orders: [ReplayOrder] { state.withLock { $0.orders } }

    func messages(_ query: MessageQuery) async throws -> MessageListing {
        state.withLock { $0.queries.append(query) }
        return try await desk.list(query)
    }

    func timeline(of id: CommandID) async throws -> [TimelineItem]? { try await desk.timeline(of: id) }

    func overview() async -> Overview {
        let gate = SlotScheduler(SlotScheduler.Configuration()).snapshot(now: .zero)
        return Overview(
            version: "1",
            startedAt: Samples.moment,
            now: Samples.moment,
            health: HealthReport([]),
            gate: GateSnapshot(gate, now: .zero, wall: Samples.moment),
            spooled: 0,
            flow: events.flow(at: Samples.moment),
            usage: UsageSums()
        )
    }

    func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord] {
        try await store.campaigns(below: number, limit: limit)
    }

    func deadLetters(code: String?, limit: Int) async throws -> DeadLetterListing {
        if let failure { throw failure }
        let item = DeadLetterView(
            id: "order-1",
            handle: "@0123456789ab",
            code: code ?? "retries_exhausted",
            detail: "status 503",
            exchange: "sms.commands",
            routingKey: "send"
        )
        return DeadLetterListing(items: [item], count: 7)
    }

    func replay(_ order: ReplayOrder) async throws -> ReplayReport {
        if let failure { throw failure }
        state.withLock { $0.orders.append(order) }
        return ReplayReport(results: [ReplayReport.Line(id: "order-1", result: "replayed")], unknown: ["x"])
    }
}
