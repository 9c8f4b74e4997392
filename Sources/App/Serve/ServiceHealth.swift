import AMQP
import Bridge
import Contracts
import SMSCore
import ServiceLifecycle
import Synchronization

/// How the running service is; every answer comes from a snapshot, or from the store within a second.
struct ServiceHealth: HealthSource {
    let consuming: AMQPConnection
    let publishing: AMQPConnection
    let consumers: [AMQPConsumer]
    let gate: SendGate
    let probe: StoreProbe
    let spool: any EventSpool
    let clock: ServiceClock
    let draining: DrainFlag
    /// Whether webhooks are checked by anything at all.
    let isVerifyingWebhooks: Bool
    /// How asking for receipts goes; nil where that is off.
    var reports: ReportsState?

    func ready() async -> HealthReport {
        // Side by side, for each may take its second.
        async let depth = spoolDepth { try await $0.spoolDepth() }
        async let store = store()
        var dependencies = [
            HealthReport.Dependency("draining", isHealthy: !draining.isUp, detail: draining.isUp ? "stopping" : nil),
            connection("broker.consume", consuming),
            connection("broker.publish", publishing),
        ]
        dependencies += consumers.map(consumer)
        dependencies.append(provider())
        dependencies.append(await store)
        dependencies.append(await spool(depth))
        dependencies.append(clock.health())
        dependencies.append(
            HealthReport.Dependency(
                "webhooks.verification",
                isHealthy: true,
                detail: isVerifyingWebhooks
                    ? nil
                    : "webhooks are not verified: none of VONAGE_SIGNATURE_SECRET, WEBHOOK_TOKEN, "
                        + "WEBHOOK_ALLOWED_IPS is set"
            )
        )
        // Sending and receiving go on without it, so it makes nothing unready.
        if let reports {
            dependencies.append(HealthReport.Dependency("reports", isHealthy: true, detail: reports.detail))
        }
        return HealthReport(dependencies)
    }

    func webhooks() async -> HealthReport {
        async let store = store()
        // Events of commands and campaigns have a share of their own, which takes no room from webhooks.
        let depth = await spoolDepth { try await $0.spoolDepth(of: .webhooks) }
        let hasRoom = HealthReport.Dependency(
            "spool",
            isHealthy: depth.map { !$0.isFull } ?? false,
            detail: depth.map { $0.isFull ? "full: \($0.waiting) events wait for the broker" : nil } ?? "cannot be read"
        )
        return HealthReport([await store, hasRoom])
    }

    private func connection(_ name: String, _ connection: AMQPConnection) -> HealthReport.Dependency {
        switch connection.state {
        case .connected:
            HealthReport.Dependency(name, isHealthy: true)
        case .blocked(let reason):
            HealthReport.Dependency(name, isHealthy: false, detail: "blocked by the broker: \(reason)")
        case .reconnecting(let reason, let attempt):
            HealthReport.Dependency(
                name,
                isHealthy: false,
                detail: "reconnecting (attempt \(attempt)): \(reason.message)"
            )
        case .idle, .connecting, .closing, .closed:
            HealthReport.Dependency(name, isHealthy: false, detail: "not connected")
        }
    }

    /// Why sending pauses, where it does; a 429 is the provider's ordinary way to set the pace.
    private func provider() -> HealthReport.Dependency {
        let snapshot = gate.snapshot
        if let pause = snapshot.pause {
            let next = pause.nextProbe.map { "next try at \($0.rfc3339)" } ?? "being tried now"
            let detail = "sending pauses since \(pause.since.rfc3339): \(pause.detail); \(next)"
            return HealthReport.Dependency("provider", isHealthy: false, detail: detail)
        }
        let held = snapshot.heldUntil.map { "too many requests; sending holds until \($0.rfc3339)" }
        return HealthReport.Dependency("provider", isHealthy: true, detail: held)
    }

    private func consumer(_ consumer: AMQPConsumer) -> HealthReport.Dependency {
        let status = consumer.status
        let name = "queue.\(status.queueName ?? "?")"
        let detail = status.isSubscribed ? nil : status.lastError?.message ?? "not consumed"
        return HealthReport.Dependency(name, isHealthy: status.isSubscribed, detail: detail)
    }

    private func store() async -> HealthReport.Dependency {
        do {
            try await probe.ask(within: .seconds(1))
            return HealthReport.Dependency("store", isHealthy: true)
        } catch {
            return HealthReport.Dependency("store", isHealthy: false, detail: "\(error)")
        }
    }

    private func spool(_ depth: SpoolDepth?) -> HealthReport.Dependency {
        guard let depth else { return HealthReport.Dependency("spool", isHealthy: false, detail: "cannot be read") }
        let detail = depth.waiting == 0 ? nil : "\(depth.waiting) events wait for the broker"
        return HealthReport.Dependency("spool", isHealthy: depth.waiting == 0, detail: detail)
    }

    private func spoolDepth(
        _ look: @escaping @Sendable (any EventSpool) async throws -> SpoolDepth
    ) async -> SpoolDepth? {
        let spool = spool
        do {
            return try await withDeadline(.seconds(1)) { try await look(spool) }
        } catch {
            // Both callers report it as an unhealthy dependency.
            return nil
        }
    }
}

/// Goes up when the service begins to stop.
final class DrainFlag: Service {
    private let state = Mutex(false)

    var isUp: Bool { state.withLock { $0 } }

    /// Waits for the shutdown, and raises the flag; listed last, it is stopped first.
    func run() async throws {
        try await gracefulShutdown()
        state.withLock { $0 = true }
    }
}
