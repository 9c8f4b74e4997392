import Bridge
import Contracts
import Logging
import SMSCore

/// What the page about the service asks, from the parts of the running service.
struct ServiceConsole: ConsoleAPI {
    let desk: MessageDesk
    let search: any MessageSearch
    let letters: DeadLetterDesk
    let figures: ServiceOverview
    let configuration: [ConfigurationValue]
    let events: EventTap

    func messages(_ query: MessageQuery) async throws -> MessageListing { try await desk.list(query) }

    func timeline(of id: CommandID) async throws -> [TimelineItem]? { try await desk.timeline(of: id) }

    func overview() async -> Overview { await figures.present() }

    func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord] {
        try await search.campaigns(below: number, limit: limit)
    }

    func deadLetters(code: String?, limit: Int) async throws -> DeadLetterListing {
        try await letters.list(code: code, limit: limit)
    }

    func replay(_ order: ReplayOrder) async throws -> ReplayReport { try await letters.replay(order) }
}

/// The overview, gathered once for all who ask within a second.
struct ServiceOverview: Sendable {
    struct Parts: Sendable {
        var health: any HealthSource
        var gate: SendGate
        var outlet: Outlet
        var messages: any MessageStore
        var desk: MessageDesk
        var queues: BrokerQueues
        var events: EventTap
        var overdue: any OverdueStore
        var ends: EndLedger
        var logger: Logger
    }

    /// How long the broker and the store are given.
    private static let limit: Duration = .seconds(1)
    /// How many of those that wait are shown.
    private static let examples = 20

    private let parts: Parts
    private let startedAt = Timestamp.now
    private let gathered = OncePerSecond<Overview>()

    init(_ parts: Parts) {
        self.parts = parts
    }

    func present() async -> Overview { await gathered.value { await gather() } }

    private func gather() async -> Overview {
        let now = Timestamp.now
        async let health = parts.health.ready()
        async let queues = queues()
        var overview = Overview(
            version: Version.text,
            startedAt: startedAt,
            now: now,
            health: await health,
            gate: parts.gate.snapshot,
            spooled: parts.outlet.spooledCount,
            flow: parts.events.flow(at: now),
            usage: parts.ends.usage
        )
        let (messages, desk, overdue) = (parts.messages, parts.desk, parts.overdue)
        do {
            let open = try await withDeadline(Self.limit) { try await messages.openCounts() }
            overview.open = Overview.OpenFigures(open)
            overview.uncertain = try await withDeadline(Self.limit) {
                try await desk.open(.uncertain, limit: Self.examples)
            }
            overview.waiting = try await withDeadline(Self.limit) {
                try await desk.open(.waiting, limit: Self.examples)
            }
            overview.overdue = try await withDeadline(Self.limit) { try await overdue.overdueCount() }
        } catch {
            parts.logger.warning("the ledger could not be read for the overview", metadata: ["error": "\(error)"])
        }
        overview.queues = await queues
        return overview
    }

    /// - Returns: nil when the broker does not answer.
    private func queues() async -> [Overview.QueueFigures]? {
        do {
            return try await parts.queues.figures(within: Self.limit)?.compactMap { queue in
                queue.ready.map { Overview.QueueFigures(name: queue.name, ready: $0, unacked: queue.unacked) }
            }
        } catch {
            parts.logger.warning("the queues could not be counted for the overview", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
