import Contracts
import Logging
import SMSCore

/// The parts of the flow of campaigns.
extension CampaignFlow {
    /// What the flow works with.
    struct Parts: Sendable {
        let store: any CampaignStore
        let messages: any MessageStore
        let outlet: Outlet
        let retrier: Retrier
        let logger: Logger
        /// The wall-clock time.
        let now: @Sendable () -> Timestamp
        /// Called after each step.
        let onStep: CampaignStep.Hook
    }

    /// The rules that come from configuration.
    struct Policy: Sendable {
        let names: BrokerNames
        /// `VONAGE_NUMBER`.
        let defaultSender: Sender?
        /// How long a campaign is remembered after its end: `RECORD_RETENTION`.
        let retention: Duration
        /// This run of the service.
        let boot: BootID
        /// Whether bulk messages have windows: `SEND_WINDOWS`.
        var keepsWindows = false
    }

    /// A flow.
    init(_ parts: Parts, policy: Policy) {
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
