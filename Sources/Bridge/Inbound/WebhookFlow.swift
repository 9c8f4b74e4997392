package import Contracts
import CoreMetrics
package import Logging
package import SMSCore

/// The path of a webhook, from its raw bytes to the answer.
///
/// verify → normalise → seen before? → opt-outs → publish the event (confirmed, or spooled) → remember → 200. The provider repeats
/// what was not answered with 200, so dying anywhere on the way loses nothing; the event's id makes a repeat harmless.
package struct WebhookFlow: WebhookReceiver {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var reader: any WebhookReader
        package var messages: any MessageStore
        package var receipts: any ReceiptStore
        package var optOuts: InboundOptOuts
        package var failures: FailureNotes
        package var outlet: EventOutlet
        package var logger: Logger
        /// Called when a receipt has settled a command that waits in the broker; it returns at once.
        package var onProved: @Sendable (CommandID) -> Void

        /// The parts, from the composition root.
        package init(
            reader: any WebhookReader,
            messages: any MessageStore,
            receipts: any ReceiptStore,
            optOuts: InboundOptOuts,
            failures: FailureNotes,
            outlet: EventOutlet,
            logger: Logger,
            onProved: @escaping @Sendable (CommandID) -> Void = { _ in }
        ) {
            self.reader = reader
            self.messages = messages
            self.receipts = receipts
            self.optOuts = optOuts
            self.failures = failures
            self.outlet = outlet
            self.logger = logger
            self.onProved = onProved
        }
    }

    private let reader: any WebhookReader
    private let messages: any MessageStore
    private let receipts: any ReceiptStore
    private let optOuts: InboundOptOuts
    private let failures: FailureNotes
    private let outlet: EventOutlet
    private let logger: Logger
    private let onProved: @Sendable (CommandID) -> Void
    private let names: BrokerNames
    private let events: WebhookEvents
    private let retention: Duration
    private let privacy: LogPrivacy
    /// Webhooks about one message go one after the other, so that order can be judged and repeats are seen.
    private let locks = KeyedLocks<String>()
    private let refusals = RefusalLines()
    private let deadWebhooks = DeadWebhooks()

    /// A flow that publishes under our names; retention is that of records that a receipt settles.
    package init(_ parts: Parts, names: BrokerNames, retention: Duration, privacy: LogPrivacy = LogPrivacy()) {
        reader = parts.reader
        messages = parts.messages
        receipts = parts.receipts
        optOuts = parts.optOuts
        failures = parts.failures
        outlet = parts.outlet
        logger = parts.logger
        onProved = parts.onProved
        self.names = names
        events = WebhookEvents(names: names)
        self.retention = retention
        self.privacy = privacy
    }

    package func receive(_ webhook: UnverifiedWebhook) async -> WebhookAnswer {
        let start = ContinuousClock.now
        let said = reader.read(webhook, now: .now)
        let handled = await handle(said, from: webhook.path)
        // What fails here is repeated to us, but until then silence about a command means nothing.
        if handled.isGenuineAndLost { await failures.note(at: .now) }
        report(handled, said, webhook.kind, took: ContinuousClock.now - start)
        return handled.answer
    }

    package func missed() async {
        await failures.note(at: .now)
    }

    // MARK: - The line, step by step

    private func handle(_ said: WebhookReading, from path: String) async -> HandledWebhook {
        do {
            switch said {
            case .refused(let refusal): return .refused(refusal)
            case .notUnderstood(let webhook): return try await bury(webhook, from: path)
            case .receipt(let report): return try await take(report)
            case .message(let message): return try await take(message)
            case .otherChannel(let name, let payload): return try await take(payload, of: name)
            }
        } catch {
            return .failed("\(error)")
        }
    }

    private func take(_ report: ReceiptReport) async throws -> HandledWebhook {
        try await locks.withLock(report.messageUUID) { _ in
            let now = Timestamp.now
            let (record, known) = try await prove(report, now: now)
            let receipt = SeenReceipt(
                messageUUID: report.messageUUID,
                commandID: record?.id,
                status: report.status,
                // Without a time the key has none either: that of its arrival would make a new receipt of each repeat.
                timestamp: report.timestamp?.rfc3339 ?? "",
                error: report.error,
                seenAt: now
            )
            let seen = try await receipts.receipts(of: report.messageUUID)
            // Its other receipts, and repeats, tell nothing new.
            if let known, seen.isEmpty { reportSecond(report, of: record?.id, known: known) }
            let verdict = ReceiptOrdering.judge(receipt, at: report.timestamp, seen: seen)
            if verdict == .repeated { return .repeated(uuid: report.messageUUID, id: record?.id) }
            let event = try events.status(report, receipt, of: record, isSuperseded: verdict == .superseded, now: now)
            let delivery = try await deliver(event, key: report.messageUUID)
            guard delivery != .full else { return .full }
            if let number = try await optOuts.apply(report, now: now) { await optOuts.announce(number) }
            try await receipts.remember(receipt)
            count(receipt, of: record, now: now)
            return .told(delivery, uuid: report.messageUUID, id: record?.id, status: receipt.status)
        }
    }

    private func take(_ message: InboundMessage) async throws -> HandledWebhook {
        try await locks.withLock(message.messageUUID) { _ in
            let now = Timestamp.now
            if try await receipts.hasSeenInbound(message.eventKey) {
                return .repeated(uuid: message.messageUUID, id: nil)
            }
            let changed = try await optOuts.apply(message, now: now)
            let delivery = try await deliver(events.inbound(message, now: now), key: message.messageUUID)
            guard delivery != .full else { return .full }
            if let changed { await optOuts.announce(changed) }
            try await receipts.rememberInbound(message.eventKey, at: now)
            BridgeMetrics.inbound().increment()
            return .told(delivery, uuid: message.messageUUID, id: nil, status: nil)
        }
    }

    /// Another channel's payload has no id that we know of: the bytes are its key.
    private func take(_ payload: [UInt8], of channel: String) async throws -> HandledWebhook {
        let key = "d:" + Digest.hex(payload)
        return try await locks.withLock(key) { _ in
            let now = Timestamp.now
            if try await receipts.hasSeenInbound(key) { return .repeated(uuid: nil, id: nil) }
            let event = try events.other(channel: channel, payload: payload, key: key, now: now)
            let delivery = try await deliver(event, key: key)
            guard delivery != .full else { return .full }
            try await receipts.rememberInbound(key, at: now)
            return .told(delivery, uuid: nil, id: nil, status: nil)
        }
    }

    /// Finds the command that a receipt belongs to, and writes down what the receipt proves.
    ///
    /// - Returns: the command's record; nil when the message is none of ours, although its reference may be equal to one.
    private func prove(
        _ report: ReceiptReport,
        now: Timestamp
    ) async throws -> (record: MessageRecord?, known: String?) {
        while true {
            var record: MessageRecord?
            var proof = ReceiptProof.foreign
            if let reference = report.reference { record = try await messages.record(ofReference: reference) }
            if let record { proof = .of(report.messageUUID, for: record, retention: retention, now: now) }
            if proof == .foreign {
                record = try await messages.record(ofMessageUUID: report.messageUUID)
                if let record { proof = .of(report.messageUUID, for: record, retention: retention, now: now) }
            }
            guard let record else { return (nil, nil) }
            switch proof {
            case .foreign: return (nil, nil)
            case .nothing: return (record, nil)
            case .write(let proved):
                guard let written = try await messages.save(proved) else { continue }
                if written.isProvedOnItsWay { onProved(written.id) }
                return (written, nil)
            case .secondMessage(let known): return (record, known)
            }
        }
    }

    /// The provider took two messages of one command, which must not be.
    private func reportSecond(_ report: ReceiptReport, of id: CommandID?, known: String) {
        BridgeMetrics.secondMessages().increment()
        logger.error(
            "a second message of one command",
            metadata: [
                BridgeLogKey.id.rawValue: "\(id?.text ?? "")",
                BridgeLogKey.messageUUID.rawValue: "\(report.messageUUID)",
                BridgeLogKey.knownUUID.rawValue: "\(known)",
            ]
        )
    }

    /// Publishes or keeps an event; one that can never be published is kept among the dead letters.
    private func deliver(_ event: BrokerMessage, key: String) async throws -> EventOutlet.Delivery {
        let delivery = try await outlet.deliver(event, key: key)
        guard case .impossible(let reason) = delivery else { return delivery }
        let letter = DeadLetter.unpublishable(event, reason, names: names, now: .now)
        return try await bury(letter) ? delivery : .full
    }

    /// What cannot be understood is kept, as far as the allowance goes: the payload, why, and where it came in.
    private func bury(_ webhook: UnreadableWebhook, from path: String) async throws -> HandledWebhook {
        guard !webhook.payload.isEmpty else { return .empty }
        guard deadWebhooks.mayKeep(webhook.payload.count, isChecked: webhook.isChecked) else {
            return .notKept(webhook.problems)
        }
        let now = Timestamp.now
        let original = BrokerMessage(
            exchange: "webhook",
            routingKey: path,
            properties: .init(
                contentType: DeadLetter.short(webhook.contentType),
                appID: "sms-bridge",
                timestamp: now.seconds
            ),
            body: webhook.payload
        )
        let letter = DeadLetter(
            code: ErrorCode.invalid.rawValue,
            detail: webhook.problems.joined(separator: "; "),
            attempts: 0,
            firstSeen: now,
            lastSeen: now,
            originalExchange: "webhook",
            originalRoutingKey: path,
            advice: .fix
        )
        return try await bury(letter.message(of: original, names: names)) ? .notUnderstood(webhook.problems) : .full
    }

    /// Puts a letter among the dead ones.
    ///
    /// - Returns: false when the spool is full.
    /// - Throws: when it can be kept nowhere.
    private func bury(_ letter: BrokerMessage) async throws -> Bool {
        switch try await outlet.deliver(letter, key: "webhook") {
        case .published, .spooled: return true
        case .full: return false
        case .impossible(let reason): throw UnpublishableLetter(reason: reason)
        }
    }

    private struct UnpublishableLetter: Error, CustomStringConvertible {
        let reason: String
        var description: String { "a dead letter can never be published: \(reason)" }
    }

    // MARK: - What is counted and logged

    private func count(_ receipt: SeenReceipt, of record: MessageRecord?, now: Timestamp) {
        BridgeMetrics.receipts(receipt.status).increment()
        if StatusEvent.finalStatuses.contains(receipt.status), let accepted = record?.settlement {
            BridgeMetrics.deliveryDuration().recordNanoseconds((now - accepted.at).wholeMilliseconds * 1_000_000)
        }
    }

    /// One wide line per webhook, of those that nothing else bounds one a minute and reason; neither body nor query is in it.
    private func report(
        _ handled: HandledWebhook,
        _ said: WebhookReading,
        _ kind: WebhookKind,
        took duration: Duration
    ) {
        BridgeMetrics.webhooks(kind.rawValue, handled.label).increment()
        BridgeMetrics.webhookDuration().recordNanoseconds(duration.wholeMilliseconds * 1_000_000)
        var count: Int?
        if handled.sharesItsLine {
            count = refusals.take(handled.label, now: .now)
            if count == nil { return }
        }
        var metadata = handled.metadata.merging(privacy.metadata(of: said)) { $1 }
        metadata[BridgeLogKey.webhookKind.rawValue] = "\(kind.rawValue)"
        metadata[BridgeLogKey.result.rawValue] = "\(handled.label)"
        metadata[BridgeLogKey.durationMS.rawValue] = .stringConvertible(duration.wholeMilliseconds)
        if let count { metadata[BridgeLogKey.count.rawValue] = .stringConvertible(count) }
        logger.log(level: handled.level, "webhook.handled", metadata: metadata)
    }
}
