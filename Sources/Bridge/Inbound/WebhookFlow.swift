import Contracts
import CoreMetrics
import Logging
package import SMSCore

/// The path of a webhook, from its raw bytes to the answer.
///
/// verify → normalise → seen before? → opt-outs → publish the event (confirmed, or spooled) → answer a keyword, where
/// that is configured → remember → 200. The
/// provider repeats what was not answered with 200, so a crash at any step loses nothing; the event's id makes a repeat
/// harmless.
package struct WebhookFlow: WebhookReceiver {
    let parts: Parts
    let events: WebhookEvents
    let retention: Duration
    let privacy: LogPrivacy
    /// Webhooks about one message are handled one after the other, so that their order is known and repeats are seen.
    let locks = KeyedLocks<String>()
    let refusals = RefusalLines()
    let deadWebhooks = DeadWebhooks()

    package func receive(_ webhook: UnverifiedWebhook) async -> WebhookAnswer {
        let start = ContinuousClock.now
        let said = parts.reader.read(webhook, now: .now)
        let handled = await handle(said, from: webhook.path)
        // The provider repeats what fails here, but until then silence about a command means nothing.
        if handled.isGenuineAndLost { await failures.note(at: .now) }
        report(handled, said, webhook.kind, took: ContinuousClock.now - start)
        return handled.answer
    }

    package func missed() async {
        await failures.note(at: .now)
    }

    // MARK: - The steps

    private func handle(_ said: WebhookReading, from path: String) async -> HandledWebhook {
        do {
            switch said {
            case .refused(let refusal): return .refused(refusal)
            case .notUnderstood(let webhook): return try await deadLetter(webhook, from: path)
            case .receipt(let report): return try await take(report, from: .webhook)
            case .message(let message): return try await take(message)
            case .otherChannel(let name, let payload): return try await take(payload, of: name)
            }
        } catch {
            return .failed("\(error)")
        }
    }

    /// Publishes a receipt, unless it has been published; the provider posted it, or was asked for it.
    func take(_ report: ReceiptReport, from source: ReceiptSource) async throws -> HandledWebhook {
        try await alone(report.messageUUID) {
            let now = Timestamp.now
            let (record, known) = try await prove(report, now: now)
            let receipt = SeenReceipt(
                messageUUID: report.messageUUID,
                commandID: record?.id,
                status: report.status,
                // Without a time the key has none either: with the time of arrival each repeat would be a new receipt.
                timestamp: report.timestamp?.rfc3339 ?? "",
                error: report.error,
                seenAt: now,
                source: source,
                usage: report.usage
            )
            let seen = try await receipts.receipts(of: report.messageUUID)
            // Its other receipts, and repeats, prove nothing new.
            if let known, seen.isEmpty { reportSecond(report, of: record?.id, known: known) }
            let verdict = ReceiptOrdering.judge(receipt, at: report.timestamp, seen: seen)
            if verdict == .repeated { return .repeated(uuid: report.messageUUID, id: record?.id) }
            let event = try events.status(report, receipt, of: record, isSuperseded: verdict == .superseded, now: now)
            let offered = try await outlet.offer(event, key: report.messageUUID)
            guard offered != .full else { return .full }
            if let number = try await optOuts.apply(report, now: now) { await optOuts.announce(number) }
            try await receipts.remember(receipt)
            count(receipt, of: record, from: report.from, to: report.to, seen: seen, now: now)
            return .offered(offered, uuid: report.messageUUID, id: record?.id, status: receipt.status)
        }
    }

    private func take(_ message: InboundMessage) async throws -> HandledWebhook {
        try await alone(message.messageUUID) {
            let now = parts.now()
            if try await receipts.hasSeenInbound(message.eventKey) {
                return .repeated(uuid: message.messageUUID, id: nil)
            }
            let wish = optOuts.wish(of: message)
            let changed = try await optOuts.apply(message, now: now)
            try passed(.listChanged)
            let offered = try await outlet.offer(events.inbound(message, now: now), key: message.messageUUID)
            guard offered != .full else { return .full }
            if wish == .help {
                let help = try events.help(message, now: now)
                guard try await outlet.offer(help, key: message.messageUUID) != .full else { return .full }
            }
            if let changed { await optOuts.announce(changed) }
            try passed(.messagePublished)
            if let wish, let replies = parts.replies {
                guard try await replies.answer(message, wish, now: now, passed) else { return .full }
            }
            try passed(.messageAnswered)
            try await receipts.rememberInbound(message.eventKey, at: now)
            try passed(.messageRemembered)
            BridgeMetrics.inbound().increment()
            return .offered(offered, uuid: message.messageUUID, id: nil, status: nil)
        }
    }

    /// Another channel's payload has no known id: the bytes are its key.
    private func take(_ payload: [UInt8], of channel: String) async throws -> HandledWebhook {
        let key = "d:" + Digest.hex(payload)
        return try await alone(key) {
            let now = Timestamp.now
            if try await receipts.hasSeenInbound(key) { return .repeated(uuid: nil, id: nil) }
            let event = try events.other(channel: channel, payload: payload, key: key, now: now)
            let offered = try await outlet.offer(event, key: key)
            guard offered != .full else { return .full }
            try await receipts.rememberInbound(key, at: now)
            return .offered(offered, uuid: nil, id: nil, status: nil)
        }
    }

    /// Finds the command that a receipt belongs to, and writes down what the receipt proves.
    ///
    /// - Returns: the command's record; nil when the message is not the service's, although its reference may be equal
    ///   to a command's id.
    private func prove(
        _ report: ReceiptReport,
        now: Timestamp
    ) async throws -> (record: MessageRecord?, known: String?) {
        while true {
            var record: MessageRecord?
            var proof = ReceiptProof.foreign
            if let reference = report.reference { record = try await messages.record(ofReference: reference) }
            if let record { proof = self.proof(report, for: record, now: now) }
            if proof == .foreign {
                record = try await messages.record(ofMessageUUID: report.messageUUID)
                if let record { proof = self.proof(report, for: record, now: now) }
            }
            guard let record else { return (nil, nil) }
            switch proof {
            case .foreign: return (nil, nil)
            case .nothing: return (record, nil)
            case .write(let proved):
                guard let written = try await messages.save(proved) else { continue }
                if written.isProvedOnItsWay { parts.onProved(written.id) }
                return (written, nil)
            case .secondMessage(let known): return (record, known)
            }
        }
    }

    private func proof(_ report: ReceiptReport, for record: MessageRecord, now: Timestamp) -> ReceiptProof {
        .of(report.messageUUID, saying: report.status, for: record, retention: retention, now: now)
    }

    /// The provider took two messages of one command, which must not happen.
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

    /// What is not understood is dead-lettered as far as the allowance goes: the payload, the reason, and the path.
    private func deadLetter(_ webhook: UnreadableWebhook, from path: String) async throws -> HandledWebhook {
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
        let reason = DeadLetterReason(.invalid, webhook.problems.joined(separator: "; "), firstSeen: now)
        return try await outlet.offerDeadLetter(original, reason) ? .notUnderstood(webhook.problems) : .full
    }

    // MARK: - What is counted and logged

    private func count(
        _ receipt: SeenReceipt,
        of record: MessageRecord?,
        from: String,
        to: String,
        seen: [SeenReceipt],
        now: Timestamp
    ) {
        BridgeMetrics.receipts(receipt.status).increment()
        parts.traces?.received(receipt, of: record)
        if let errorClass = receipt.error?.errorClass { BridgeMetrics.receiptErrors(errorClass).increment() }
        guard StatusEvent.finalStatuses.contains(receipt.status) else { return }
        if let accepted = record?.settlement {
            BridgeMetrics.deliveryDuration().recordNanoseconds((now - accepted.at).wholeMilliseconds * 1_000_000)
        }
        parts.ends.count(receipt, of: record, from: from, to: to, seen: seen)
    }

    /// One line per webhook, or one a minute and reason where nothing else bounds them, without body and query.
    private func report(
        _ handled: HandledWebhook,
        _ said: WebhookReading,
        _ kind: WebhookKind,
        took duration: Duration
    ) {
        BridgeMetrics.webhooks(kind.rawValue, handled.label).increment()
        BridgeMetrics.webhookDuration().recordNanoseconds(duration.wholeMilliseconds * 1_000_000)
        if !handled.isTakenReceipt { parts.traces?.answered(kind, handled.label, took: duration) }
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
