package import Contracts
package import Logging
package import SMSCore

/// The parts of the flow of campaigns.
extension CampaignFlow {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var store: any CampaignStore
        package var messages: any MessageStore
        package var outlet: Outlet
        package var retrier: Retrier
        package var logger: Logger
        /// The wall-clock time.
        package var now: @Sendable () -> Timestamp
        /// Called after each step.
        package var onStep: CampaignStep.Hook

        /// The parts, from the composition root.
        package init(
            store: any CampaignStore,
            messages: any MessageStore,
            outlet: Outlet,
            retrier: Retrier,
            logger: Logger,
            now: @escaping @Sendable () -> Timestamp = { .now },
            onStep: @escaping CampaignStep.Hook = { _ in }
        ) {
            self.store = store
            self.messages = messages
            self.outlet = outlet
            self.retrier = retrier
            self.logger = logger
            self.now = now
            self.onStep = onStep
        }
    }

    /// The rules that come from configuration.
    package struct Policy: Sendable {
        package var names: BrokerNames
        /// `VONAGE_NUMBER`.
        package var defaultSender: Sender?
        /// How long a campaign is remembered after its end: `RECORD_RETENTION`.
        package var retention: Duration
        /// This run of the service.
        package var boot: BootID
        /// Whether bulk messages have windows: `SEND_WINDOWS`.
        package var keepsWindows: Bool

        /// Rules for one run.
        package init(
            names: BrokerNames,
            defaultSender: Sender?,
            retention: Duration,
            boot: BootID,
            keepsWindows: Bool = false
        ) {
            self.names = names
            self.defaultSender = defaultSender
            self.retention = retention
            self.boot = boot
            self.keepsWindows = keepsWindows
        }
    }

    /// A flow.
    package init(_ parts: Parts, policy: Policy) {
        self.parts = parts
        self.policy = policy
        publisher = CampaignPublisher(outlet: parts.outlet, defaultSender: policy.defaultSender)
        poison = PoisonWatch(store: parts.messages, retrier: parts.retrier)
    }

    var store: any CampaignStore { parts.store }
    var messages: any MessageStore { parts.messages }
    var retrier: Retrier { parts.retrier }
    var logger: Logger { parts.logger }

    func now() -> Timestamp { parts.now() }

    /// A step is done; throws where a test's hook simulates a crash there.
    func passed(_ step: CampaignStep) throws { try parts.onStep(step) }
}
