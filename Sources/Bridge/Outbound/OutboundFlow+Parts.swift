package import Contracts
package import Logging
package import SMSCore

/// The parts of the outbound flow.
extension OutboundFlow {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var store: any MessageStore
        package var listener: any ListenerLog
        package var sender: any SMSSender
        package var gate: SendGate
        package var outlet: Outlet
        /// Counts the outcomes of campaigns' commands; nil counts none.
        package var campaigns: CampaignLedger?
        /// The other processes that share the store; nil where there are none.
        package var replicas: (any ReplicaStore)?
        /// The rate that all of them share.
        package var slices: RateSlices?
        package var retrier: Retrier
        package var logger: Logger
        /// The wall-clock time.
        package var now: @Sendable () -> Timestamp
        /// Called after each step.
        package var onStep: OutboundStep.Hook
        /// Where traces go; nil makes none.
        package var traces: (any TraceSink)?

        /// The parts, from the composition root.
        package init(
            store: any MessageStore,
            listener: any ListenerLog,
            sender: any SMSSender,
            gate: SendGate,
            outlet: Outlet,
            campaigns: CampaignLedger? = nil,
            replicas: (any ReplicaStore)? = nil,
            slices: RateSlices? = nil,
            retrier: Retrier,
            logger: Logger,
            now: @escaping @Sendable () -> Timestamp = { .now },
            onStep: @escaping OutboundStep.Hook = { _ in },
            traces: (any TraceSink)? = nil
        ) {
            self.store = store
            self.listener = listener
            self.sender = sender
            self.gate = gate
            self.outlet = outlet
            self.campaigns = campaigns
            self.replicas = replicas
            self.slices = slices
            self.retrier = retrier
            self.logger = logger
            self.now = now
            self.onStep = onStep
            self.traces = traces
        }
    }

    /// The rules that come from configuration.
    package struct Policy: Sendable {
        package var names: BrokerNames
        /// `VONAGE_NUMBER`.
        package var defaultSender: Sender?
        package var decision: Decision.Policy
        /// This run of the service.
        package var boot: BootID
        /// Which personal data log lines may show.
        package var privacy: LogPrivacy

        /// Rules for one run.
        package init(
            names: BrokerNames,
            defaultSender: Sender?,
            decision: Decision.Policy,
            boot: BootID,
            privacy: LogPrivacy = LogPrivacy()
        ) {
            self.names = names
            self.defaultSender = defaultSender
            self.decision = decision
            self.boot = boot
            self.privacy = privacy
        }
    }

    /// How many commands were seen and are not in the ledger yet.
    package var inHandCount: Int { inHand.count }

    var store: any MessageStore { parts.store }
    var gate: SendGate { parts.gate }
    var retrier: Retrier { parts.retrier }

    func now() -> Timestamp { parts.now() }

    /// A step is done; throws where a test's hook simulates a crash there.
    func passed(_ step: OutboundStep) throws { try parts.onStep(step) }
}
