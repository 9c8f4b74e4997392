import AMQP
import Bridge
import Contracts
import CoreMetrics
import Logging
import SMSCore
import Telemetry

/// What `/metrics` shows: the counts as they are, and the gauges as of the request.
///
/// A request costs the broker and the store a few queries, so its answer is used for a second.
actor ServiceMetrics {
    struct Parts: Sendable {
        var registry: PrometheusRegistry
        var consuming: AMQPConnection
        var publishing: AMQPConnection
        var queues: BrokerQueues
        var gate: SendGate
        var outbound: OutboundFlow
        var messages: any MessageStore
        var spool: any EventSpool
        var overdue: any OverdueStore
        var ends: EndLedger
        var campaigns: any CampaignStore
        var underWay: CommandsUnderWay
        /// Where the store is.
        var storePath: String
        var health: any HealthSource
        var logger: Logger
    }

    /// How long the broker and the store are given.
    private static let limit: Duration = .seconds(1)

    private let parts: Parts
    private let gauges = OncePerSecond<Void>()
    private var blockedTime: Duration = .zero

    init(_ parts: Parts) {
        self.parts = parts
    }

    /// Everything in Prometheus' text format.
    func text() async -> String {
        await gauges.value { await self.setGauges() }
        return parts.registry.render(parts.ends.usage.counters)
    }

    private func setGauges() async {
        setConnections()
        setBreaker()
        setAges()
        setDisk()
        async let queues: Void = setQueues()
        // A store that does not answer this question would not answer the others either.
        if await setReadiness() { await setLedger() }
        await queues
    }

    private func setConnections() {
        BridgeMetrics.amqpConnected("consume").record(parts.consuming.state.isConnected ? 1 : 0)
        BridgeMetrics.amqpConnected("publish").record(parts.publishing.state.isConnected ? 1 : 0)
        // It is publishers that an alarm stops.
        let blocked = parts.publishing.status.blockedTime()
        BridgeMetrics.amqpBlocked().increment(by: (blocked - blockedTime) / .seconds(1))
        blockedTime = blocked
    }

    private func setBreaker() {
        let pause = parts.gate.snapshot.pause
        for cause in Breaker.Cause.allCases {
            BridgeMetrics.breakerOpen(cause.rawValue).record(pause?.cause == cause ? 1 : 0)
        }
    }

    private func setAges() {
        for lane in Lane.allCases {
            BridgeMetrics.oldestCommand(lane).record(parts.underWay.oldest(lane) / .seconds(1))
        }
    }

    private func setDisk() {
        guard let space = DiskSpace.ofFile(parts.storePath) else { return }
        BridgeMetrics.diskFree().record(space.free)
        BridgeMetrics.diskSize().record(space.size)
    }

    /// - Returns: whether the store works.
    private func setReadiness() async -> Bool {
        let report = await parts.health.ready()
        for dependency in report.dependencies {
            BridgeMetrics.ready(dependency.name).record(dependency.isHealthy ? 1 : 0)
        }
        return report.dependencies.contains { $0.name == "store" && $0.isHealthy }
    }

    private func setLedger() async {
        let (messages, spool) = (parts.messages, parts.spool)
        let (overdue, campaigns) = (parts.overdue, parts.campaigns)
        do {
            let open = try await withDeadline(Self.limit) { try await messages.openCounts() }
            BridgeMetrics.open("in_hand").record(parts.outbound.inHandCount)
            BridgeMetrics.open("untold").record(open.unpublished)
            BridgeMetrics.open("pending").record(open.pending)
            BridgeMetrics.open("sending").record(open.sending)
            BridgeMetrics.open("uncertain").record(open.uncertain)
            BridgeMetrics.retriesWaiting().record(open.waiting)
            BridgeMetrics.uncertainOpen().record(open.uncertain)
            let depth = try await withDeadline(Self.limit) { try await spool.spoolDepth() }
            BridgeMetrics.spoolEvents().record(depth.waiting)
            let late = try await withDeadline(Self.limit) { try await overdue.overdueCount() }
            BridgeMetrics.overdueOpen().record(late)
            let running = try await withDeadline(Self.limit) { try await campaigns.openCampaigns() }
            BridgeMetrics.campaignIdle().record(running.map { $0.idleTime(at: .now) / .seconds(1) }.max() ?? 0)
        } catch {
            parts.logger.warning("the ledger could not be counted for metrics", metadata: ["error": "\(error)"])
        }
    }

    /// While the broker is away the figures stay as they were; `amqp_connected` says so.
    private func setQueues() async {
        do {
            for queue in try await parts.queues.figures(within: Self.limit) ?? [] {
                if let ready = queue.ready {
                    BridgeMetrics.queueMessages(queue.name, "ready").record(ready)
                    if queue.name == parts.queues.names.dead { BridgeMetrics.deadLetters().record(ready) }
                }
                if let unacked = queue.unacked { BridgeMetrics.queueMessages(queue.name, "unacked").record(unacked) }
            }
        } catch {
            parts.logger.warning("the queues could not be counted for metrics", metadata: ["error": "\(error)"])
        }
    }
}

extension CampaignRecord {
    /// How long it has had no new outcome although it should have: zero while it collects, is paused, or has not begun.
    func idleTime(at now: Timestamp) -> Duration {
        guard state == .running || state == .cancelling, !isPaused else { return .zero }
        return max(.zero, now - max(updatedAt, terms.sendAt ?? updatedAt))
    }
}
