import Contracts
import Logging
import SMSCore

/// The parts of the webhook flow.
extension WebhookFlow {
    /// What the flow works with.
    struct Parts: Sendable {
        let reader: any WebhookReader
        let messages: any MessageStore
        let receipts: any ReceiptStore
        let optOuts: InboundOptOuts
        /// Answers keywords; nil answers none.
        let replies: KeywordReplies?
        let failures: FailureNotes
        let outlet: Outlet
        /// The other processes that listen for the same webhooks; nil where there are none.
        let replicas: (any ReplicaStore)?
        let logger: Logger
        /// Counts what messages came to, and what they cost.
        let ends: EndLedger
        /// Called when a receipt has settled a command that waits in the broker; it returns at once.
        let onProved: @Sendable (CommandID) -> Void
        /// The wall-clock time, for handsets' messages.
        let now: @Sendable () -> Timestamp
        /// Called after each step of a handset's message.
        let onStep: InboundStep.Hook
        /// Where traces go; nil makes none.
        let traces: (any TraceSink)?
    }

    /// A flow that publishes under the service's names; retention is that of records that a receipt settles.
    init(_ parts: Parts, names: BrokerNames, retention: Duration, privacy: LogPrivacy) {
        self.parts = parts
        self.retention = retention
        self.privacy = privacy
        events = WebhookEvents(names: names)
    }

    /// Runs a body while no other webhook of the same key is handled, here or by another process.
    func alone<Value>(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        try await locks.withLock(key) { _ in
            guard let replicas = parts.replicas else { return try await body() }
            return try await replicas.withLock(key, body)
        }
    }

    var messages: any MessageStore { parts.messages }
    var receipts: any ReceiptStore { parts.receipts }
    var optOuts: InboundOptOuts { parts.optOuts }
    var failures: FailureNotes { parts.failures }
    var outlet: Outlet { parts.outlet }
    var logger: Logger { parts.logger }

    /// A step is done; throws where a test's hook simulates a crash there.
    func passed(_ step: InboundStep) throws { try parts.onStep(step) }
}
