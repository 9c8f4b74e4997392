/// What a handset sent: the data of `sms.inbound.message` (docs/asyncapi.yaml).
package struct InboundEvent: Hashable, Sendable, Codable {
    package var messageUUID: String
    /// The handset.
    package var from: String
    /// Our number.
    package var to: String
    package var text: String
    /// The bytes of a binary message in hexadecimal; its text is empty then.
    package var dataHex: String?
    /// The first word in capitals, as the provider gives it.
    package var keyword: String?
    package var segments: Int?
    /// RFC 3339 in UTC.
    package var timestamp: String
    package var usage: Usage?
    package var networkCode: String?
    /// Which part of a long message of the older API this is.
    package var part: Part?

    /// One part of a long message.
    package struct Part: Hashable, Sendable, Codable {
        package var reference: String
        /// From 1.
        package var number: Int
        package var total: Int

        /// A part.
        package init(reference: String, number: Int, total: Int) {
            self.reference = reference
            self.number = number
            self.total = total
        }
    }

    /// A message with what every one has.
    package init(messageUUID: String, from: String, to: String, text: String, timestamp: String) {
        self.messageUUID = messageUUID
        self.from = from
        self.to = to
        self.text = text
        self.timestamp = timestamp
    }

    private enum CodingKeys: String, CodingKey {
        case from, to, text, keyword, segments, timestamp, usage, part
        case messageUUID = "message_uuid"
        case networkCode = "network_code"
        case dataHex = "data_hex"
    }
}
