/// The `data` of `sms.status.<status>` (docs/asyncapi.yaml).
package struct StatusEvent: Hashable, Sendable, Codable {
    /// The statuses after which no other is to be expected.
    package static let finalStatuses: Set<String> = ["delivered", "rejected", "undeliverable"]

    package var messageUUID: String
    /// nil, and `null` in the JSON, for a message that was not sent by us.
    package var commandID: String?
    package var status: String
    /// Whether the status is one of ``finalStatuses``.
    package var final: Bool
    /// Whether a later or a final status had been seen before.
    package var superseded: Bool
    package var to: String?
    package var from: String?
    package var clientRef: String?
    package var metadata: [String: String]?
    package var campaignID: String?
    /// RFC 3339 in UTC; absent where the provider gave no time that can be read.
    package var timestamp: String?
    package var error: ReceiptError?
    package var usage: Usage?
    package var segments: Int?
    package var networkCode: String?
    /// The status as the provider wrote it; absent in an `overdue`, which is not the provider's.
    package var providerStatus: String?
    /// Where the status came from.
    package var source: ReceiptSource?
    /// `unknown` where the provider reports a failure and yet may have delivered.
    package var certainty: Certainty?
    /// How long no final receipt had come, in whole seconds since the acceptance; only in an `overdue`.
    package var waitedS: Int64?

    /// A status of a message, of which nothing else is known yet.
    package init(messageUUID: String, status: String, timestamp: String?, providerStatus: String?) {
        self.messageUUID = messageUUID
        self.status = status
        self.final = false
        self.superseded = false
        self.timestamp = timestamp
        self.providerStatus = providerStatus
    }

    private enum CodingKeys: String, CodingKey {
        case status, final, superseded, to, from, metadata, timestamp, error, usage, segments, source, certainty
        case messageUUID = "message_uuid"
        case commandID = "command_id"
        case clientRef = "client_ref"
        case campaignID = "campaign_id"
        case networkCode = "network_code"
        case providerStatus = "provider_status"
        case waitedS = "waited_s"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(messageUUID, forKey: .messageUUID)
        try container.encode(commandID, forKey: .commandID)
        try container.encode(status, forKey: .status)
        try container.encode(final, forKey: .final)
        try container.encode(superseded, forKey: .superseded)
        try container.encodeIfPresent(to, forKey: .to)
        try container.encodeIfPresent(from, forKey: .from)
        try container.encodeIfPresent(clientRef, forKey: .clientRef)
        try container.encodeIfPresent(metadata, forKey: .metadata)
        try container.encodeIfPresent(campaignID, forKey: .campaignID)
        try container.encodeIfPresent(timestamp, forKey: .timestamp)
        try container.encodeIfPresent(error, forKey: .error)
        try container.encodeIfPresent(usage, forKey: .usage)
        try container.encodeIfPresent(segments, forKey: .segments)
        try container.encodeIfPresent(networkCode, forKey: .networkCode)
        try container.encodeIfPresent(providerStatus, forKey: .providerStatus)
        try container.encodeIfPresent(source, forKey: .source)
        try container.encodeIfPresent(certainty, forKey: .certainty)
        try container.encodeIfPresent(waitedS, forKey: .waitedS)
    }
}

/// How a receipt came to us.
package enum ReceiptSource: String, Hashable, Sendable, CaseIterable, Codable {
    /// The provider posted it.
    case webhook
    /// The provider was asked for it.
    case reports
}

/// The error that a receipt carries.
package struct ReceiptError: Hashable, Sendable, Codable {
    /// The provider's code, as a string.
    package var code: String
    package var title: String?
    package var detail: String?
    package var instance: String?
    /// What to do about it; nil in receipts that were noted before there were classes.
    package var errorClass: ErrorClass?

    /// An error with its code.
    package init(
        code: String,
        title: String? = nil,
        detail: String? = nil,
        instance: String? = nil,
        class errorClass: ErrorClass? = nil
    ) {
        self.code = code
        self.title = title
        self.detail = detail
        self.instance = instance
        self.errorClass = errorClass
    }

    private enum CodingKeys: String, CodingKey {
        case code, title, detail, instance
        case errorClass = "class"
    }
}

/// What a message cost.
package struct Usage: Hashable, Sendable, Codable {
    package var currency: String?
    /// A decimal number, as the provider wrote it.
    package var price: String?

    /// A price in a currency.
    package init(currency: String?, price: String?) {
        self.currency = currency
        self.price = price
    }
}
