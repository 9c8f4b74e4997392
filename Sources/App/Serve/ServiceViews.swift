import AMQP
import Bridge
import SMSCore
import Telemetry

/// What shows how the service is doing: its health, its metrics and its console.
struct ServiceViews {
    let health: ServiceHealth
    let metrics: ServiceMetrics
    let console: ServiceConsole

    /// What they look at.
    struct Parts {
        let settings: Settings
        /// What the console shows of the settings.
        let configuration: [ConfigurationValue]
        /// Whether webhooks are verified.
        let isVerifying: Bool
        let store: any Store
        let consuming: AMQPConnection
        let publishing: AMQPConnection
        let consumers: [AMQPConsumer]
        let wiring: Wiring
        let outbound: OutboundParts
        let receipts: ReceiptParts
        let events: EventTap
        let clock: ServiceClock
        let draining: DrainFlag
        let underWay: CommandsUnderWay
    }

    init(_ parts: Parts) {
        let (settings, store, logger) = (parts.settings, parts.store, parts.wiring.logger)
        let gate = parts.outbound.gate
        let queues = BrokerQueues(
            connection: parts.consuming,
            consumers: parts.consumers,
            names: parts.wiring.policy.names
        )
        health = ServiceHealth(
            consuming: parts.consuming,
            publishing: parts.publishing,
            consumers: parts.consumers,
            gate: gate,
            probe: StoreProbe(store),
            spool: store,
            clock: parts.clock,
            draining: parts.draining,
            isVerifyingWebhooks: parts.isVerifying,
            reports: parts.receipts.reportsState
        )
        metrics = ServiceMetrics(
            ServiceMetrics.Parts(
                registry: Observability.metrics,
                consuming: parts.consuming,
                publishing: parts.publishing,
                queues: queues,
                gate: gate,
                outbound: parts.outbound.flow,
                messages: store,
                spool: store,
                overdue: store,
                ends: parts.receipts.ends,
                campaigns: store,
                underWay: parts.underWay,
                storePath: settings.store.path,
                health: health,
                logger: logger
            )
        )
        let desk = MessageDesk(messages: store, receipts: store)
        console = ServiceConsole(
            desk: desk,
            search: store,
            letters: DeadLetterDesk(settings.broker),
            figures: ServiceOverview(
                ServiceOverview.Parts(
                    health: health,
                    gate: gate,
                    outlet: parts.wiring.outlet,
                    messages: store,
                    desk: desk,
                    queues: queues,
                    events: parts.events,
                    overdue: store,
                    ends: parts.receipts.ends,
                    logger: logger
                )
            ),
            configuration: parts.configuration,
            events: parts.events
        )
    }
}
