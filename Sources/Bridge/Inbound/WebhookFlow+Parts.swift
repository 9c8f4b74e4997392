package import Contracts
package import Logging
package import SMSCore

/// The parts of the webhook flow.
extension WebhookFlow {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var reader: any WebhookReader
        package var messages: any MessageStore
        package var receipts: any ReceiptStore
        package var optOuts: InboundOptOuts
        /// Answers keywords; nil answers none.
        package var replies: KeywordReplies?
        package var failures: FailureNotes
        package var outlet: Outlet
        package var logger: Logger
        /// Counts what messages came to, and what they cost.
        package var ends: EndLedger
        /// Called when a receipt has settled a command that waits in the broker; it returns at once.
        package var onProved: @Sendable (CommandID) -> Void
        /// The wall-clock time, for handsets' messages.
        package var now: @Sendable () -> Timestamp
        /// Called after each step of a handset's message.
        package var onStep: InboundStep.Hook
        /// Where traces go; nil makes none.
        package var traces: (any TraceSink)?

        /// The parts, from the composition root.
        package init(
            reader: any WebhookReader,
            messages: any MessageStore,
            receipts: any ReceiptStore,
            optOuts: InboundOptOuts,
            replies: KeywordReplies? = nil,
            failures: FailureNotes,
            outlet: Outlet,
            logger: Logger,
            ends: EndLedger = EndLedger(),
            onProved: @escaping @Sendable (CommandID) -> Void = { _ in },
            now: @escaping @Sendable () -> Timestamp = { .now },
            onStep: @escaping InboundStep.Hook = { _ in },
            traces: (any TraceSink)? = nil
        ) {
            self.reader = reader
            self.messages = messages
            self.receipts = receipts
            self.optOuts = optOuts
            self.replies = replies
            self.failures = failures
            self.outlet = outlet
            self.logger = logger
            self.ends = ends
            self.onProved = onProved
            self.now = now
            self.onStep = onStep
            self.traces = traces
        }
    }

    /// A flow that publishes under the service's names; retention is that of records that a receipt settles.
    package init(_ parts: Parts, names: BrokerNames, retention: Duration, privacy: LogPrivacy = LogPrivacy()) {
        self.parts = parts
        self.retention = retention
        self.privacy = privacy
        events = WebhookEvents(names: names)
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
