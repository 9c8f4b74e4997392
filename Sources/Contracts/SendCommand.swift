/// What a `send` or `send.bulk` command asks for, as far as it could be read (docs/asyncapi.yaml).
///
/// A command with problems keeps those fields that were valid, since its `invalid` event carries them.
package struct SendCommand: Hashable, Sendable {
    package var to: PhoneNumber?
    package var text: String?
    package var from: Sender?
    /// The body's own `id`; the AMQP `message_id` wins over it.
    package var id: String?
    /// The caller's own reference, echoed in every event.
    package var clientRef: String?
    package var metadata: [String: String]?
    package var sendAt: Timestamp?
    package var expiresAt: Timestamp?
    package var encoding: RequestedEncoding
    package var smartEncoding: Bool
    package var maxSegments: Int?
    package var onUncertain: OnUncertain
    /// When the handset may be written to; nil for `SEND_WINDOWS`, where the command is in bulk, else for any time.
    package var window: SendWindow?
    package var provider: ProviderOptions
    package var campaignID: String?

    /// A command with nothing in it yet.
    package init() {
        encoding = .auto
        smartEncoding = false
        onUncertain = .auto
        provider = ProviderOptions()
    }
}

/// The encoding that a command asks for.
package enum RequestedEncoding: String, Hashable, Sendable, CaseIterable {
    /// GSM-7 where the text allows, else UCS-2. The default.
    case auto
    /// GSM-7; a text with other characters is `invalid`.
    case text
    /// UCS-2.
    case unicode
}

/// What becomes of a command when it stays unknown whether the provider took it.
package enum OnUncertain: String, Hashable, Sendable, CaseIterable, Codable {
    /// Sends again only where a missing receipt proves something. The default.
    case auto
    /// Sends again: twice is better than never.
    case resend
    /// Gives up: never is better than twice.
    case fail
}

/// Options that are passed on to the provider as they are.
package struct ProviderOptions: Hashable, Sendable {
    /// India's DLT entity, inside `sms`.
    package var entityID: String?
    /// India's DLT template, inside `sms`.
    package var contentID: String?
    /// A pool of numbers to send from, inside `sms`.
    package var poolID: String?
    /// Bypasses Vonage's Fraud Defender, beside `sms`.
    package var trustedRecipient: Bool?

    /// No options.
    package init() {}
}
