import Contracts
import SMSCore

/// A webhook of the older SMS API: flat parameters, whichever way they came.
///
/// Source: Vonage SMS API specification 1.0.10, InboundMessage and DeliveryReceipt.
struct LegacyPayload: Sendable {
    private let parameters: [String: String]

    /// Wraps parameters.
    ///
    /// - Parameter parameters: names and values, decoded.
    init(_ parameters: [String: String]) {
        self.parameters = parameters.filter { !$0.value.isEmpty }
    }

    private subscript(name: String) -> String? { parameters[name] }

    /// Gives the meaning of the parameters.
    ///
    /// - Parameter webhook: the webhook that they came in; which address was called decides only where they could be either.
    /// - Returns: what they said, or everything that keeps them from being understood.
    func read(_ webhook: VerifiedWebhook) -> WebhookReading {
        guard !parameters.isEmpty else {
            return .notUnderstood(webhook, ["neither a JSON object nor parameters"])
        }
        let isMessage = self["text"] != nil || self["data"] != nil || self["type"] != nil
        let isStatus = !isMessage && (self["status"] != nil || webhook.kind == .status)
        return isStatus ? readReceipt(webhook) : readInbound(webhook)
    }

    /// In a receipt the roles are swapped: `msisdn` is the recipient, `to` is this service's sender.
    private func readReceipt(_ webhook: VerifiedWebhook) -> WebhookReading {
        guard let id = self["messageId"], let recipient = self["msisdn"], let status = self["status"] else {
            return missing(["messageId", "msisdn", "status"], webhook)
        }
        var report = ReceiptReport(
            messageUUID: id,
            to: recipient,
            from: self["to"] ?? "",
            status: LegacyStatus.map(status),
            providerStatus: status
        )
        report.timestamp =
            self["message-timestamp"].flatMap(VonageTimestamp.parse) ?? self["scts"].flatMap(VonageTimestamp.parseSCTS)
        report.reference = self["client-ref"]
        report.set(LegacyStatus.error(status: status, errorCode: self["err-code"]))
        report.usage = self["price"].map { Usage(currency: nil, vonagePrice: $0) }
        report.networkCode = self["network-code"]
        return .receipt(report)
    }

    private func readInbound(_ webhook: VerifiedWebhook) -> WebhookReading {
        guard let id = self["messageId"], let sender = self["msisdn"], let to = self["to"] else {
            return missing(["messageId", "msisdn", "to"], webhook)
        }
        var message = InboundMessage(messageUUID: id, from: sender, to: to, text: self["text"] ?? "")
        message.keyword = self["keyword"]
        message.timestamp = self["message-timestamp"].flatMap(VonageTimestamp.parse)
        message.networkCode = self["network-code"]
        message.part = part
        message.dataHex = self["data"]
        return .message(message)
    }

    private func missing(_ names: [String], _ webhook: VerifiedWebhook) -> WebhookReading {
        .notUnderstood(webhook, names.filter { self[$0] == nil }.map { "\($0) is missing" })
    }

    /// Which piece of a long message this is; none for part 1 of 1, which is a whole message with a user data header.
    ///
    /// The fields have been seen missing (vonage-php-sdk-core#114).
    private var part: InboundEvent.Part? {
        guard let reference = self["concat-ref"], let number = self["concat-part"].flatMap({ Int($0) }),
            let total = self["concat-total"].flatMap({ Int($0) }), total > 1, number >= 1, number <= total
        else { return nil }
        return InboundEvent.Part(reference: reference, number: number, total: total)
    }
}

/// The older SMS API's words in those of the Messages API.
package enum LegacyStatus {
    /// Maps a status (developer.vonage.com, "SMS status callbacks").
    ///
    /// - Parameter status: the older API's status.
    /// - Returns: the Messages API's.
    static func map(_ status: String) -> String {
        switch status.lowercased() {
        case "accepted", "buffered": "submitted"
        case "expired", "failed", "unknown": "rejected"
        default: status.lowercased()
        }
    }

    /// Says why a message was not delivered, where it was not.
    ///
    /// - Parameters:
    ///   - status: the older API's status.
    ///   - errorCode: its `err-code`; 0 is not an error.
    /// - Returns: the error in the Messages API's codes.
    static func error(status: String, errorCode: String?) -> ReceiptError? {
        if let errorCode, errorCode != "0" {
            let known = errors[errorCode]
            return ReceiptError(code: known?.code ?? errorCode, title: known?.title)
        }
        return switch status.lowercased() {
        case "expired": ReceiptError(code: "1360", title: "Expired")
        case "unknown", "failed", "rejected": ReceiptError(code: "1330", title: "Unknown")
        default: nil
        }
    }

    /// The codes of the Messages API by those of the older one.
    ///
    /// The provider's table is not public; these line up by their titles.
    package static let errors: [String: (code: String, title: String)] = [
        "1": ("1330", "Unknown"),
        "2": ("1180", "Absent subscriber, temporary"),
        "3": ("1190", "Absent subscriber, permanent"),
        "4": ("1050", "Call barred by user"),
        "5": ("1200", "Portability error"),
        "6": ("1210", "Anti-spam rejection"),
        "7": ("1220", "Handset busy"),
        "8": ("1230", "Network error"),
        "9": ("1240", "Illegal number"),
        "10": ("1040", "Illegal message"),
        "11": ("1250", "Unroutable"),
        "12": ("1260", "Destination unreachable"),
        "13": ("1270", "Subscriber age restriction"),
        "14": ("1280", "Number blocked by carrier"),
        "15": ("1290", "Prepaid insufficient funds"),
        "50": ("1480", "Entity filter"),
        "51": ("1481", "Header filter"),
        "52": ("1482", "Content filter"),
        "53": ("1483", "Consent filter"),
        "54": ("1484", "Regulation error"),
        "99": ("1330", "General error"),
    ]
}
