import Contracts
import SMSCore

extension MessagesPayload {
    /// Gives the meaning of the payload.
    ///
    /// - Parameter webhook: the webhook that it came in; which address was called decides only where it could be either.
    /// - Returns: what it said, or everything that keeps it from being understood.
    func read(_ webhook: VerifiedWebhook) -> WebhookReading {
        guard channel == "sms" else { return .otherChannel(name: channel, payload: webhook.body) }
        let isStatus = status != nil && !hasMessage || (webhook.kind == .status && !hasMessage)
        return isStatus ? readStatus(webhook) : readInbound(webhook)
    }

    private func readStatus(_ webhook: VerifiedWebhook) -> WebhookReading {
        var problems: [String] = []
        if messageUUID == nil { problems.append("message_uuid is missing") }
        if status == nil { problems.append("status is missing") }
        if to?.number == nil { problems.append("to is missing") }
        guard let messageUUID, let status, let to = to?.number else { return .notUnderstood(webhook, problems) }
        var report = ReceiptReport(
            messageUUID: messageUUID,
            to: to,
            from: from?.number ?? "",
            status: status.lowercased(),
            providerStatus: status
        )
        report.timestamp = timestamp.flatMap(VonageTimestamp.parse)
        report.reference = clientRef
        report.set(error)
        report.usage = usage
        report.segments = segments
        report.networkCode = networkCode
        return .receipt(report)
    }

    private func readInbound(_ webhook: VerifiedWebhook) -> WebhookReading {
        if content == nil, let messageType, messageType != "text" {
            return .otherChannel(name: messageType.lowercased(), payload: webhook.body)
        }
        var problems: [String] = []
        if messageUUID == nil { problems.append("message_uuid is missing") }
        if from?.number == nil { problems.append("from is missing") }
        if to?.number == nil { problems.append("to is missing") }
        if !hasMessage { problems.append("text is missing") }
        guard problems.isEmpty, let messageUUID, let from = from?.number, let to = to?.number else {
            return .notUnderstood(webhook, problems)
        }
        var message = InboundMessage(messageUUID: messageUUID, from: from, to: to, text: content ?? "")
        message.keyword = keyword
        message.segments = segments
        message.timestamp = timestamp.flatMap(VonageTimestamp.parse)
        message.usage = usage
        message.networkCode = networkCode
        return .message(message)
    }
}
