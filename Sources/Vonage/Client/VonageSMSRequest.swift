import Contracts
import SMSCore

/// One SMS as the Messages API takes it (`POST /v1/messages`, OpenAPI 1.20.0).
///
/// Nothing is checked here: the caller has done that, and Vonage "sends what you input".
struct VonageSMSRequest: Encodable {
    private let sms: OutgoingSMS

    /// A request for a message.
    init(_ sms: OutgoingSMS) {
        self.sms = sms
    }

    private enum Key: String, CodingKey {
        case messageType = "message_type"
        case channel, to, from, text, ttl, sms
        case clientRef = "client_ref"
        case trustedRecipient = "trusted_recipient"
    }

    private enum SMSKey: String, CodingKey {
        case encodingType = "encoding_type"
        case entityID = "entity_id"
        case contentID = "content_id"
        case poolID = "pool_id"
    }

    func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: Key.self)
        try body.encode("text", forKey: .messageType)
        try body.encode("sms", forKey: .channel)
        try body.encode(sms.to.digits, forKey: .to)
        try body.encode(sms.from.wire, forKey: .from)
        try body.encode(sms.text, forKey: .text)
        try body.encode(sms.reference, forKey: .clientRef)
        try body.encodeIfPresent(sms.ttlSeconds, forKey: .ttl)
        let options = sms.provider
        try body.encodeIfPresent(options.trustedRecipient, forKey: .trustedRecipient)
        // `auto` is the provider's default.
        let encodingType = sms.encoding == .auto ? nil : sms.encoding.rawValue
        guard encodingType != nil || options.entityID != nil || options.contentID != nil || options.poolID != nil
        else { return }
        var sms = body.nestedContainer(keyedBy: SMSKey.self, forKey: .sms)
        try sms.encodeIfPresent(encodingType, forKey: .encodingType)
        try sms.encodeIfPresent(options.entityID, forKey: .entityID)
        try sms.encodeIfPresent(options.contentID, forKey: .contentID)
        try sms.encodeIfPresent(options.poolID, forKey: .poolID)
    }
}
