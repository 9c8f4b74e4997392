/// A change of the suppression list: the data of `sms.inbound.opt-out` and `sms.inbound.opt-in` (docs/asyncapi.yaml).
package struct OptOutEvent: Hashable, Sendable, Codable {
    /// The handset, E.164 with `+`.
    package var number: String
    /// Our number, or `*` for all senders.
    package var sender: String
    /// The word that was written, where one was.
    package var keyword: String?
    /// `keyword`, `api`, `import` or `provider`.
    package var source: String
    /// The message that asked for it, where one did.
    package var messageUUID: String?
    /// RFC 3339 in UTC.
    package var timestamp: String

    /// A change with what every one has.
    package init(number: String, sender: String, source: String, timestamp: String) {
        self.number = number
        self.sender = sender
        self.source = source
        self.timestamp = timestamp
    }

    private enum CodingKeys: String, CodingKey {
        case number, sender, keyword, source, timestamp
        case messageUUID = "message_uuid"
    }
}
