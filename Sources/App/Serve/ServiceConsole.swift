import AMQP
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
actor ServiceOverview {
    struct Parts: Sendable {
        var health: any HealthSource
        var gate: SendGate
        var outlet: Outlet
        var messages: any MessageStore
        var desk: MessageDesk
        var consuming: AMQPConnection
        var consumers: [AMQPConsumer]
        var names: BrokerNames
        var events: EventTap
        var logger: Logger
    }

    /// How long the broker and the store are given.
    private static let limit: Duration = .seconds(1)
    /// How many of those that wait are shown.
    private static let examples = 20

    private let parts: Parts
    private let startedAt = Timestamp.now
    private var gathering: Task<Overview, Never>?
    private var last: (overview: Overview, at: ContinuousClock.Instant)?

    init(_ parts: Parts) {
        self.parts = parts
    }

    func present() async -> Overview {
        if let last, ContinuousClock.now - last.at < .seconds(1) { return last.overview }
        if let gathering { return await gathering.value }
        let task = Task { await gather() }
        gathering = task
        let overview = await task.value
        gathering = nil
        last = (overview, .now)
        return overview
    }

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
            flow: parts.events.flow(at: now)
        )
        let (messages, desk) = (parts.messages, parts.desk)
        do {
            let open = try await withDeadline(Self.limit) { try await messages.openCounts() }
            overview.open = Overview.OpenFigures(open)
            overview.uncertain = try await withDeadline(Self.limit) {
                try await desk.open(.uncertain, limit: Self.examples)
            }
            overview.waiting = try await withDeadline(Self.limit) {
                try await desk.open(.waiting, limit: Self.examples)
            }
        } catch {
            parts.logger.warning("the ledger could not be read for the overview", metadata: ["error": "\(error)"])
        }
        overview.queues = await queues
        return overview
    }

    /// - Returns: nil when the broker does not answer.
    private func queues() async -> [Overview.QueueFigures]? {
        guard parts.consuming.state.isConnected else { return nil }
        let (names, connection, consumers) = (parts.names, parts.consuming, parts.consumers)
        let queues =
            Lane.allCases.flatMap { [names.queue(of: $0), names.dueQueue(of: $0)] }
            + [names.campaign, names.cancel, names.dead, names.unrouted]
        do {
            return try await withDeadline(Self.limit) {
                var figures: [Overview.QueueFigures] = []
                for queue in queues {
                    guard let ready = try await connection.queueInfo(queue)?.readyCount else { continue }
                    var unacked: Int?
                    if let consumer = consumers.first(where: { $0.queueName == queue }) {
                        unacked = await consumer.unsettledCount()
                    }
                    figures.append(Overview.QueueFigures(name: queue, ready: ready, unacked: unacked))
                }
                return figures
            }
        } catch {
            parts.logger.warning("the queues could not be counted for the overview", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
