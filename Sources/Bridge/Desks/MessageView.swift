package import Contracts
package import SMSCore

/// The state of a message, as `GET /messages/{id}` shows it (docs/openapi.yaml); fields that do not apply are left out.
package struct MessageView: Hashable, Sendable, Encodable {
    /// A delivery receipt, oldest first.
    package struct Receipt: Hashable, Sendable, Encodable {
        package let status: String
        /// RFC 3339 in UTC: the provider's own time, or, where it gave none, that of the receipt's arrival.
        package let timestamp: String
        package let error: ReceiptError?

        init(_ receipt: SeenReceipt) {
            status = receipt.status
            timestamp = receipt.timestamp.isEmpty ? receipt.seenAt.rfc3339 : receipt.timestamp
            error = receipt.error
        }
    }

    /// Why it waits, and until when.
    package struct Wait: Hashable, Sendable, Encodable {
        /// A ``WaitReason``.
        package let reason: String
        /// RFC 3339 in UTC.
        package let until: String
        /// What the last request came to, where it waits because of one.
        package let detail: String?

        init(_ wait: MessageWait) {
            reason = wait.reason.rawValue
            until = wait.until.rfc3339
            detail = wait.detail
        }
    }

    package let id: String
    /// `pending`, `sending`, `uncertain`, or the outcome.
    package let state: String
    package let to: String?
    package let from: String?
    package let messageUUID: String?
    package let attempts: Int
    package let segments: Int?
    /// Nil when it does not wait.
    package let waiting: Wait?
    /// Nil in a list.
    package let receipts: [Receipt]?
    package let error: EventError?
    package let campaignID: String?
    package let createdAt: String
    package let updatedAt: String

    /// A message from its record; without receipts for a list.
    package init(_ record: MessageRecord, receipts: [SeenReceipt]? = nil, now: Timestamp = .now) {
        id = record.id.text
        state = record.stateWord.rawValue
        to = record.facts.to
        from = record.facts.from
        messageUUID = record.knownUUID
        attempts = record.attempts
        segments = record.facts.segments
        waiting = record.wait(at: now).map(Wait.init)
        self.receipts = receipts?.map(Receipt.init)
        error = record.settlement?.error
        campaignID = record.facts.campaignID
        createdAt = record.createdAt.rfc3339
        updatedAt = record.updatedAt.rfc3339
    }

    /// A message that was enqueued and has no record yet.
    init(_ enqueued: EnqueuedCommands.Entry) {
        id = enqueued.id.text
        state = "pending"
        to = enqueued.to
        from = enqueued.from
        messageUUID = nil
        attempts = 0
        segments = enqueued.segments
        waiting = nil
        receipts = []
        error = nil
        campaignID = nil
        createdAt = enqueued.at.rfc3339
        updatedAt = enqueued.at.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case id, state, to, from, attempts, segments, waiting, receipts, error
        case messageUUID = "message_uuid"
        case campaignID = "campaign_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension MessageRecord {
    /// The provider's id, as far as it is known.
    var knownUUID: String? { settlement?.messageUUID ?? provedUUID }
}
