extension MessagesPayload {
    /// Says what the payload means.
    ///
    /// - Parameters:
    ///   - kind: which address was called; decides only where the payload could be either.
    ///   - raw: the body as received, for other channels.
    /// - Returns: what it said, or everything that keeps it from being understood.
    func read(kind: VonageWebhookKind, raw: [UInt8]) -> Result<VonageWebhook, VonageWebhook.NotUnderstood> {
        guard channel == "sms" else { return .success(.otherChannel(name: channel, payload: raw)) }
        let isStatus = status != nil && !hasMessage || (kind == .status && !hasMessage)
        return isStatus ? readStatus() : readInbound(raw)
    }

    private func readStatus() -> Result<VonageWebhook, VonageWebhook.NotUnderstood> {
        var problems: [String] = []
        if messageUUID == nil { problems.append("message_uuid is missing") }
        if status == nil { problems.append("status is missing") }
        if to?.number == nil { problems.append("to is missing") }
        guard let messageUUID, let status, let to = to?.number else {
            return .failure(VonageWebhook.NotUnderstood(problems: problems))
        }
        return .success(
            .status(
                VonageStatusReport(
                    messageUUID: messageUUID,
                    to: to,
                    from: from?.number ?? "",
                    status: VonageStatusReport.Status(status),
                    providerStatus: status,
                    timestamp: timestamp.flatMap(VonageTimestamp.parse),
                    clientRef: clientRef,
                    problem: problem,
                    usage: usage,
                    segments: segments,
                    networkCode: networkCode,
                    format: format
                )
            )
        )
    }

    private func readInbound(_ raw: [UInt8]) -> Result<VonageWebhook, VonageWebhook.NotUnderstood> {
        if content == nil, let messageType, messageType != "text" {
            return .success(.otherChannel(name: messageType.lowercased(), payload: raw))
        }
        var problems: [String] = []
        if messageUUID == nil { problems.append("message_uuid is missing") }
        if from?.number == nil { problems.append("from is missing") }
        if to?.number == nil { problems.append("to is missing") }
        if !hasMessage { problems.append("text is missing") }
        guard problems.isEmpty, let messageUUID, let from = from?.number, let to = to?.number else {
            return .failure(VonageWebhook.NotUnderstood(problems: problems))
        }
        return .success(
            .inbound(
                VonageInboundMessage(
                    messageUUID: messageUUID,
                    from: from,
                    to: to,
                    text: content ?? "",
                    keyword: keyword,
                    segments: segments,
                    timestamp: timestamp.flatMap(VonageTimestamp.parse),
                    usage: usage,
                    networkCode: networkCode,
                    part: nil,
                    binary: nil,
                    format: format,
                    apiKey: nil
                )
            )
        )
    }
}
