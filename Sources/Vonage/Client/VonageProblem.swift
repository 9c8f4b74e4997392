import FoundationEssentials

/// What the provider said when it did not accept: the HTTP status and, as far as there was one, its problem document.
///
/// Bodies may be HTML, empty, cut or huge (vonage-php-sdk-core#12, vonage-node-sdk#114); then only the status is known.
/// Nothing is decided by the number in `type`: the same numbers mean other things in receipts.
package struct VonageProblem: Sendable, Equatable {
    /// One parameter that the provider did not like.
    package struct InvalidParameter: Sendable, Equatable, Decodable {
        /// The parameter's name.
        package let name: String
        /// What is wrong with it.
        package let reason: String
    }

    /// The HTTP status.
    package let status: Int
    /// The `X-Request-Id` header: the provider's support asks for it.
    package let requestID: String?
    /// A URL that names the kind of problem.
    package let type: String?
    /// The kind of problem in a few words.
    package let title: String?
    /// What happened this time; may repeat parts of the request.
    package let detail: String?
    /// The provider's id of this occurrence.
    package let instance: String?
    /// Which parameters were wrong (422).
    package let invalidParameters: [InvalidParameter]

    /// Whether the body was a problem document: a JSON object with at least a `type` and a `title`.
    package var isDocumented: Bool { type != nil && title != nil }

    /// Creates a problem from the status alone.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - requestID: the `X-Request-Id` header.
    ///   - type: the document's `type`.
    ///   - title: the document's `title`.
    ///   - detail: the document's `detail`.
    ///   - instance: the document's `instance`.
    ///   - invalidParameters: the document's `invalid_parameters`.
    package init(
        status: Int,
        requestID: String? = nil,
        type: String? = nil,
        title: String? = nil,
        detail: String? = nil,
        instance: String? = nil,
        invalidParameters: [InvalidParameter] = []
    ) {
        self.status = status
        self.requestID = requestID
        self.type = type
        self.title = title
        self.detail = detail
        self.instance = instance
        self.invalidParameters = invalidParameters
    }

    /// Reads a body as far as it is a problem document.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - requestID: the `X-Request-Id` header.
    ///   - body: the body, or `nil` where it was cut, too long or not waited for.
    init(status: Int, requestID: String?, body: [UInt8]?) {
        let document = body.flatMap { try? JSONDecoder().decode(Document.self, from: Data($0)) }
        self.init(
            status: status,
            requestID: requestID,
            type: document?.type,
            title: document?.title,
            detail: document?.detail,
            instance: document?.instance,
            invalidParameters: document?.invalidParameters ?? []
        )
    }
}

extension VonageProblem: CustomStringConvertible {
    /// Status, title and trace ids.
    ///
    /// `detail` is left out, for it may repeat a number.
    package var description: String {
        var parts = ["status \(status)"]
        if let title { parts.append(title) }
        if let instance { parts.append("instance \(instance)") }
        if let requestID { parts.append("request \(requestID)") }
        return parts.joined(separator: ", ")
    }
}

/// The problem document, each member optional and of the wrong type at will.
private struct Document: Decodable {
    let type: String?
    let title: String?
    let detail: String?
    let instance: String?
    let invalidParameters: [VonageProblem.InvalidParameter]

    private enum Key: String, CodingKey {
        case type, title, detail, instance
        case invalidParameters = "invalid_parameters"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        type = try? container.decode(String.self, forKey: .type)
        title = try? container.decode(String.self, forKey: .title)
        detail = try? container.decode(String.self, forKey: .detail)
        instance = try? container.decode(String.self, forKey: .instance)
        invalidParameters =
            (try? container.decode([VonageProblem.InvalidParameter].self, forKey: .invalidParameters)) ?? []
    }
}
