import FoundationEssentials

/// A receipt as Messages API v1 sends it.
struct ReceiptPayload: Encodable {
    struct Usage: Encodable {
        let currency = "EUR"
        let price: String
    }

    struct Network: Encodable {
        let networkCode = "23410"

        private enum CodingKeys: String, CodingKey { case networkCode = "network_code" }
    }

    struct SMS: Encodable {
        let countTotal: String

        private enum CodingKeys: String, CodingKey { case countTotal = "count_total" }
    }

    struct Fault: Encodable {
        let type: String
        let title: String
        let detail: String
        let instance: String
    }

    /// What every message costs, in EUR.
    static let price = "0.0333"

    let messageUUID: String
    let to: String
    let from: String
    let timestamp: String
    let status: String
    let channel = "sms"
    let clientRef: String?
    let error: Fault?
    let usage: Usage
    let destination = Network()
    let sms: SMS

    private enum CodingKeys: String, CodingKey {
        case to, from, timestamp, status, channel, error, usage, destination, sms
        case messageUUID = "message_uuid"
        case clientRef = "client_ref"
    }

    /// Writes the receipt of a message.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - step: what it reports.
    init(_ message: SimulatedMessage, _ step: ReceiptPlan.Step) {
        let parts = SMSParts(message.text, encodingType: message.encodingType)
        messageUUID = message.messageUUID
        to = message.to
        from = message.from
        timestamp = SimulatorTime.text(message.receivedAt.addingTimeInterval(Double(step.age) / 1_000))
        status = step.status
        clientRef = message.clientRef
        error = step.error.map { code in
            Fault(
                type: "https://developer.vonage.com/api-errors/messages#\(code)",
                title: "\(code)",
                detail: "The simulator was set to report this.",
                instance: message.messageUUID
            )
        }
        usage = Usage(price: Self.price)
        sms = SMS(countTotal: "\(parts.segments)")
    }
}

/// A message from a handset as Messages API v1 sends it.
struct InboundPayload: Encodable {
    struct SMS: Encodable {
        let numMessages: String
        let keyword: String

        private enum CodingKeys: String, CodingKey {
            case numMessages = "num_messages"
            case keyword
        }
    }

    let channel = "sms"
    let messageUUID: String
    let to: String
    let from: String
    let timestamp: String
    let text: String
    let messageType = "text"
    let sms: SMS
    let usage = ReceiptPayload.Usage(price: "0.0057")
    let origin = ReceiptPayload.Network()

    private enum CodingKeys: String, CodingKey {
        case channel, to, from, timestamp, text, sms, usage, origin
        case messageUUID = "message_uuid"
        case messageType = "message_type"
    }

    /// Writes a message.
    ///
    /// - Parameter message: what the handset sent.
    init(_ message: SimulatedInbound) {
        messageUUID = message.messageUUID
        to = message.to
        from = message.from
        text = message.text
        timestamp = SimulatorTime.text(SimulatorTime.date(milliseconds: message.receivedAt))
        let keyword = message.text.split(whereSeparator: \.isWhitespace).first.map { $0.uppercased() } ?? ""
        sms = SMS(numMessages: "\(SMSParts(message.text).segments)", keyword: keyword)
    }
}
