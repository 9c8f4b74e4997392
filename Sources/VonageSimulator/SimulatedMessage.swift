package import FoundationEssentials

/// A message that the simulator has accepted.
package struct SimulatedMessage: Sendable {
    /// The id it was given.
    package let messageUUID: String
    /// The recipient.
    package let to: String
    /// The sender.
    package let from: String
    /// The text.
    package let text: String
    /// The sender's reference.
    package let clientRef: String?
    /// The encoding that the request asked for, `sms.encoding_type`.
    package let encodingType: String?
    /// Where its receipts go, when the message said so.
    package let webhookURL: String?
    /// The whole body as received: JSON.
    package let body: [UInt8]
    /// How the request was authorised: `basic`, `jwt` or `none`.
    package let authorization: String
    /// When it was accepted.
    package let receivedAt: Date
}

extension SimulatedMessage: Encodable {
    private enum Key: String, CodingKey {
        case to, from, text, authorization
        case messageUUID = "message_uuid"
        case clientRef = "client_ref"
        case receivedAt = "received_at"
    }

    /// All but the body, which is spliced in as it was received.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(messageUUID, forKey: .messageUUID)
        try container.encode(to, forKey: .to)
        try container.encode(from, forKey: .from)
        try container.encode(text, forKey: .text)
        try container.encodeIfPresent(clientRef, forKey: .clientRef)
        try container.encode(authorization, forKey: .authorization)
        try container.encode(SimulatorTime.text(receivedAt), forKey: .receivedAt)
    }
}

/// One request to send, accepted or not.
package struct SimulatedRequest: Sendable, Codable {
    /// When it came.
    package let receivedAt: String
    /// The status it was answered with; `nil` when it got no answer.
    package let status: Int?
    /// The recipient, as far as the body named one.
    package let to: String?
    /// The id of the message it became.
    package let messageUUID: String?
    /// The fault that was applied.
    package let fault: String?

    private enum CodingKeys: String, CodingKey {
        case status, to, fault
        case receivedAt = "received_at"
        case messageUUID = "message_uuid"
    }
}

/// One attempt to deliver a webhook.
package struct SimulatedWebhook: Sendable, Codable {
    /// `status` or `inbound`.
    package let kind: String
    /// The message it is about.
    package let messageUUID: String
    /// What a receipt says of it; `nil` for an inbound message.
    package let status: String?
    /// Which attempt it was, from 1.
    package let attempt: Int
    /// The listener's answer; `nil` when there was none.
    package let answer: Int?
    /// When it ended; `nil` in journals of before this was kept.
    package let at: String?

    private enum CodingKeys: String, CodingKey {
        case kind, status, attempt, answer, at
        case messageUUID = "message_uuid"
    }

    /// Whether it is done with: the listener's answer is one after which nothing is repeated.
    var isAnswered: Bool { answer.map { $0 != 429 && $0 < 500 } ?? false }
}

/// A message that a handset sent to one of the account's numbers.
package struct SimulatedInbound: Sendable, Codable {
    /// The id it was given.
    package let messageUUID: String
    /// The handset.
    package let from: String
    /// The account's number.
    package let to: String
    /// What it says.
    package let text: String
    /// When it was sent, in milliseconds since 1970.
    let receivedAt: Int64

    private enum CodingKeys: String, CodingKey {
        case from, to, text
        case messageUUID = "message_uuid"
        case receivedAt = "received_at_ms"
    }

    init(from: String, to: String, text: String) {
        messageUUID = UUID().uuidString.lowercased()
        self.from = from
        self.to = to
        self.text = text
        receivedAt = SimulatorTime.milliseconds(of: SimulatorTime.now)
    }
}

/// Times as Vonage writes them.
enum SimulatorTime {
    /// The present, to the millisecond, so that it is the same when it has been kept in a journal.
    static var now: Date { date(milliseconds: milliseconds(of: Date())) }

    /// A time of so many milliseconds since 1970.
    static func date(milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    /// The milliseconds since 1970, rounded.
    static func milliseconds(of date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1_000).rounded()) }

    /// Writes ISO 8601 in UTC with milliseconds.
    ///
    /// - Parameter date: the time.
    /// - Returns: as `2025-02-03T12:14:25.000Z`.
    static func text(_ date: Date) -> String {
        date.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted)
        )
    }
}
