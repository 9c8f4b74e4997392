/// One SMS as the Messages API takes it (`POST /v1/messages`, OpenAPI 1.20.0).
///
/// Nothing is checked here: whoever decides what is sent has done that, and Vonage "sends what you input".
package struct VonageSMSRequest: Sendable, Equatable {
    /// How the text is encoded for the air.
    package enum EncodingType: String, Sendable, Encodable {
        case auto, text, unicode
    }

    /// The recipient: 7 to 15 digits, country code first, no `+` and no `00`.
    package var to: String
    /// The sender: digits of a number or short code, or an alphanumeric id of up to 11 characters.
    package var from: String
    /// The message; at most 3,200 characters.
    package var text: String
    /// The caller's reference, echoed in every receipt; at most 40 characters to be safe (documented as 40 and as 100).
    package var clientRef: String?
    /// How long the operator may try to deliver it, in seconds, 20 to 604,800; `nil` is the provider's 72 hours.
    package var ttl: Int?
    /// How the text is encoded; `nil` leaves the provider's default, `auto`.
    package var encodingType: EncodingType?
    /// India's DLT principal entity, or what another country requires.
    package var entityID: String?
    /// India's DLT template, or what another country requires.
    package var contentID: String?
    /// A number pool to send from; `from` stays the fall-back and stays required.
    package var poolID: String?
    /// Bypasses Fraud Defender for this recipient (accounts with its premium plan).
    package var trustedRecipient: Bool?
    /// Where receipts of this message go, instead of the application's or account's address.
    package var webhookURL: String?

    /// Creates a request with what every message needs.
    ///
    /// - Parameters:
    ///   - to: the recipient's digits.
    ///   - from: the sender.
    ///   - text: the message.
    ///   - clientRef: the reference that receipts echo.
    package init(to: String, from: String, text: String, clientRef: String? = nil) {
        self.to = to
        self.from = from
        self.text = text
        self.clientRef = clientRef
    }
}

extension VonageSMSRequest: CustomStringConvertible, CustomDebugStringConvertible {
    /// Neither number nor text: a request may end up in a log by accident.
    package var description: String { "VonageSMSRequest(clientRef: \(clientRef ?? "none"))" }

    package var debugDescription: String { description }
}

extension VonageSMSRequest: Encodable {
    private enum Key: String, CodingKey {
        case messageType = "message_type"
        case channel, to, from, text, ttl, sms
        case clientRef = "client_ref"
        case trustedRecipient = "trusted_recipient"
        case webhookURL = "webhook_url"
    }

    private enum SMSKey: String, CodingKey {
        case encodingType = "encoding_type"
        case entityID = "entity_id"
        case contentID = "content_id"
        case poolID = "pool_id"
    }

    package func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: Key.self)
        try body.encode("text", forKey: .messageType)
        try body.encode("sms", forKey: .channel)
        try body.encode(to, forKey: .to)
        try body.encode(from, forKey: .from)
        try body.encode(text, forKey: .text)
        try body.encodeIfPresent(clientRef, forKey: .clientRef)
        try body.encodeIfPresent(ttl, forKey: .ttl)
        try body.encodeIfPresent(trustedRecipient, forKey: .trustedRecipient)
        try body.encodeIfPresent(webhookURL, forKey: .webhookURL)
        guard encodingType != nil || entityID != nil || contentID != nil || poolID != nil else { return }
        var sms = body.nestedContainer(keyedBy: SMSKey.self, forKey: .sms)
        try sms.encodeIfPresent(encodingType, forKey: .encodingType)
        try sms.encodeIfPresent(entityID, forKey: .entityID)
        try sms.encodeIfPresent(contentID, forKey: .contentID)
        try sms.encodeIfPresent(poolID, forKey: .poolID)
    }
}
