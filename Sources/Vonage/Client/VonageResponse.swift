import Contracts

/// An HTTP answer as far as it arrived.
struct VonageResponse: Sendable {
    /// The HTTP status.
    let status: Int
    /// The `X-Request-Id` header: the provider's support asks for it.
    let requestID: String?
    /// The `Retry-After` header.
    let retryAfter: String?
    /// The whole body; `nil` where it was cut, longer than the limit, or not there in time.
    let body: [UInt8]?
    /// The `Date` header.
    var date: String?

    /// What the provider said when it did not accept: the status and, as far as there was one, its problem document
    /// (each member optional and of the wrong type at will).
    ///
    /// Bodies may be HTML, empty, cut or huge (vonage-php-sdk-core#12, vonage-node-sdk#114); then only the status is known.
    /// Nothing is decided by the number in `type`: the same numbers mean other things in receipts.
    var problem: ProviderProblem {
        let document = document
        return ProviderProblem(
            status: status,
            type: document.text("type"),
            title: document.text("title"),
            detail: document.text("detail"),
            instance: document.text("instance") ?? requestID
        )
    }

    /// The provider's id of this occurrence, as its problem document has it.
    var instance: String? { document.text("instance") }

    /// The `message_uuid` of a body that says that the message was accepted.
    ///
    /// A `workflow_id` may stand beside it and is of no use here.
    var messageUUID: String? {
        guard case .string(let uuid) = document["message_uuid"], !uuid.isEmpty else { return nil }
        return uuid
    }

    private var document: [String: JSONValue] {
        body.flatMap { try? JSONValue(repairing: $0) }?.members ?? [:]
    }
}
