package import Contracts
package import SMSCore

/// Vonage's webhooks as a `WebhookReader`: Messages API v1 and v0.1, and the older SMS API by query, form or JSON.
///
/// Lenient: only the necessary fields are required. A receipt at the inbound address and the other way round
/// is read as what it is: in some accounts the two addresses are swapped, and a 400 would lose a STOP for good.
package struct VonageWebhookReader: WebhookReader {
    private let verifier: WebhookVerifier

    /// A reader.
    ///
    /// - Parameter policy: which checks webhooks have to pass.
    package init(policy: WebhookPolicy) {
        verifier = WebhookVerifier(policy: policy)
    }

    package func read(_ webhook: UnverifiedWebhook, now: Timestamp) -> WebhookReading {
        switch verifier.verify(webhook, now: now.date) {
        case .success(let verified): WebhookReading(verified)
        case .failure(let refusal): .refused(refusal)
        }
    }
}

extension WebhookReading {
    /// Gives the meaning of a verified webhook.
    init(_ webhook: VerifiedWebhook) {
        let content = WebhookBody(webhook)
        if case .json(let members) = content, let payload = MessagesPayload(members) {
            self = payload.read(webhook)
        } else {
            self = LegacyPayload(content.parameters(query: webhook.query)).read(webhook)
        }
    }

    /// A webhook that was verified and lacks something.
    static func notUnderstood(_ webhook: VerifiedWebhook, _ problems: [String]) -> WebhookReading {
        let payload = webhook.body.isEmpty ? Array(webhook.queryWithoutToken.utf8) : webhook.body
        return .notUnderstood(
            UnreadableWebhook(
                problems: problems,
                contentType: webhook.contentType,
                payload: payload,
                isChecked: webhook.isChecked
            )
        )
    }
}

extension ReceiptReport {
    /// The older SMS API's code of a handset that has opted out; of the Messages API see ``VonageErrorCode``.
    private static let olderOptedOutCode = "9"

    /// Why it was not delivered, and what that means: what to do about it, whether the status can be relied on, and
    /// whether the handset has opted out.
    mutating func set(_ error: ReceiptError?) {
        self.error = error
        guard let code = error?.code else { return }
        let known = VonageErrorCode[code: code]
        self.error?.errorClass = known?.errorClass ?? .unknown
        certainty = known?.certainty
        saysOptedOut = known?.saysOptedOut ?? (code == Self.olderOptedOutCode)
    }
}

extension Usage {
    /// What a message cost; an exponent, which JSON numbers may have, is written out.
    init(currency: String?, vonagePrice price: String?) {
        self.init(currency: currency, price: price.map { JSONNumber($0)?.plainDecimal ?? $0 })
    }
}
