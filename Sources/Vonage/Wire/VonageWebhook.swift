import Contracts

/// Which of the two webhook addresses was called.
package enum VonageWebhookKind: String, Sendable, CaseIterable {
    /// Messages from handsets.
    case inbound
    /// Delivery receipts.
    case status
}

/// What a webhook said, in the provider's words.
package enum VonageWebhook: Sendable, Equatable {
    /// A message from a handset.
    case inbound(VonageInboundMessage)
    /// A delivery receipt.
    case status(VonageStatusReport)
    /// A webhook of another channel (MMS, WhatsApp …) that shares the address. `payload` is its JSON as received.
    case otherChannel(name: String, payload: [UInt8])

    /// Why a webhook was not understood.
    package struct NotUnderstood: Error, Sendable, Equatable {
        /// Everything that was missing or wrong; no values, so no number and no text.
        package let problems: [String]
    }

    /// Reads a webhook: Messages API v1 and v0.1, and the older SMS API by query, form or JSON.
    ///
    /// Lenient: only what nothing can be done without is required. A receipt at the inbound address and the other way round
    /// is read as what it is: accounts get their two addresses mixed up, and a 400 would lose a STOP for good.
    ///
    /// - Parameters:
    ///   - webhook: a webhook that was verified.
    ///   - kind: which address was called.
    /// - Returns: what it said, or everything that keeps it from being understood.
    package static func parse(
        _ webhook: VerifiedWebhook,
        kind: VonageWebhookKind
    ) -> Result<VonageWebhook, NotUnderstood> {
        let content = WebhookBody(webhook)
        if case .json(let members) = content, let payload = MessagesPayload(members) {
            return payload.read(kind: kind, raw: webhook.body)
        }
        return LegacyPayload(content.parameters(query: webhook.query)).read(kind: kind)
    }
}

/// Which of the provider's formats something came in.
package enum VonageFormat: String, Sendable {
    /// Messages API, version v1.
    case messagesV1 = "messages_v1"
    /// Messages API, version v0.1.
    case messagesV01 = "messages_v0.1"
    /// The older SMS API.
    case smsAPI = "sms_api"
}

/// What a message cost.
package struct VonageUsage: Sendable, Equatable {
    /// ISO 4217; the provider documents `EUR` only.
    ///
    /// The older API gives none.
    package let currency: String?
    /// A decimal number as text, as `0.0333`.
    package let price: String?

    /// Creates a usage.
    ///
    /// - Parameters:
    ///   - currency: ISO 4217.
    ///   - price: a decimal number as text; an exponent is written out.
    package init(currency: String?, price: String?) {
        self.currency = currency
        self.price = price.map { JSONNumber($0)?.plainDecimal ?? $0 }
    }
}
