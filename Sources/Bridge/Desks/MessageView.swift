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

    package let id: String
    /// `pending`, `sending`, `uncertain`, or the outcome.
    package let state: String
    package let to: String?
    package let from: String?
    package let messageUUID: String?
    package let attempts: Int
    package let segments: Int?
    /// Nil in a list.
    package let receipts: [Receipt]?
    package let error: EventError?
    package let campaignID: String?
    /// Until when it waits, and why; nil when it does not wait.
    package let waitingUntil: String?
    package let waitingFor: String?
    package let createdAt: String
    package let updatedAt: String

    /// A message from its record; without receipts for a list.
    package init(_ record: MessageRecord, receipts: [SeenReceipt]? = nil) {
        id = record.id.text
        state = record.stateWord.rawValue
        to = record.facts.to
        from = record.facts.from
        messageUUID = record.knownUUID
        attempts = record.attempts
        segments = record.facts.segments
        self.receipts = receipts?.map(Receipt.init)
        error = record.settlement?.error
        campaignID = record.facts.campaignID
        let wait = record.settlement == nil ? record.history.wait : nil
        waitingUntil = record.settlement == nil ? record.notBefore?.rfc3339 : nil
        waitingFor = wait?.detail
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
        receipts = []
        error = nil
        campaignID = nil
        waitingUntil = nil
        waitingFor = nil
        createdAt = enqueued.at.rfc3339
        updatedAt = enqueued.at.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case id, state, to, from, attempts, segments, receipts, error
        case messageUUID = "message_uuid"
        case campaignID = "campaign_id"
        case waitingUntil = "waiting_until"
        case waitingFor = "waiting_for"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension MessageRecord {
    /// The provider's id, as far as it is known.
    var knownUUID: String? { settlement?.messageUUID ?? provedUUID }
}
