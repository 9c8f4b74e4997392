import Contracts
import FoundationEssentials

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

    /// What the provider said when it did not accept: the status and, as far as there was one, its problem document.
    ///
    /// Bodies may be HTML, empty, cut or huge (vonage-php-sdk-core#12, vonage-node-sdk#114); then only the status is known.
    /// Nothing is decided by the number in `type`: the same numbers mean other things in receipts.
    var problem: ProviderProblem {
        let document = document
        return ProviderProblem(
            status: status,
            type: document?.type,
            title: document?.title,
            detail: document?.detail,
            instance: document?.instance ?? requestID
        )
    }

    /// The provider's id of this occurrence, as its problem document has it.
    var instance: String? { document?.instance }

    /// The `message_uuid` of a body that says that the message was accepted.
    var messageUUID: String? {
        guard let body, let accepted = try? JSONDecoder().decode(Accepted.self, from: Data(body)) else { return nil }
        return accepted.message_uuid.isEmpty ? nil : accepted.message_uuid
    }

    private var document: Document? { body.flatMap { try? JSONDecoder().decode(Document.self, from: Data($0)) } }
}

/// The problem document, each member optional and of the wrong type at will.
private struct Document: Decodable {
    let type: String?
    let title: String?
    let detail: String?
    let instance: String?

    private enum Key: String, CodingKey {
        case type, title, detail, instance
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        type = try? container.decode(String.self, forKey: .type)
        title = try? container.decode(String.self, forKey: .title)
        detail = try? container.decode(String.self, forKey: .detail)
        instance = try? container.decode(String.self, forKey: .instance)
    }
}

/// The body of a 202.
///
/// A `workflow_id` may stand beside it and is of no use here.
private struct Accepted: Decodable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let message_uuid: String
}
