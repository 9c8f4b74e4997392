/// What an outcome's event says about a command: the `data` of `sms.outbound.<outcome>` (docs/asyncapi.yaml).
///
/// Fields that do not apply are left out of the JSON.
package struct OutboundEvent: Hashable, Sendable, Codable {
    package var commandID: String
    package var to: String?
    package var from: String?
    package var clientRef: String?
    package var metadata: [String: String]?
    package var campaignID: String?
    /// Requests made at the provider; a 429 is none; 0 when nothing was sent.
    package var attempts: Int
    package var segments: Int?
    /// `gsm7` or `ucs2`.
    package var encoding: String?
    /// What smart encoding changed.
    package var replaced: [Replacement]?
    /// The provider's id; only with `accepted`.
    package var messageUUID: String?
    /// Why; with every outcome but `accepted`.
    package var error: EventError?
    /// Set when the same id came with another body.
    package var idReused: Bool?
    /// Fields that were ignored and look like misspelt ones.
    package var warnings: [Problem]?

    /// Data about a command of which nothing else is known yet.
    package init(commandID: String, attempts: Int = 0) {
        self.commandID = commandID
        self.attempts = attempts
    }

    private enum CodingKeys: String, CodingKey {
        case to, from, metadata, attempts, segments, encoding, replaced, error, warnings
        case commandID = "command_id"
        case clientRef = "client_ref"
        case campaignID = "campaign_id"
        case messageUUID = "message_uuid"
        case idReused = "id_reused"
    }
}

/// One kind of character that smart encoding replaced.
package struct Replacement: Hashable, Sendable, Codable {
    package let char: String
    package let by: String
    package let count: Int

    /// So many of a character were replaced by another text.
    package init(char: String, by: String, count: Int) {
        self.char = char
        self.by = by
        self.count = count
    }
}

/// Why a command did not end as `accepted`.
package struct EventError: Hashable, Sendable, Codable {
    package var code: ErrorCode
    package var title: String
    package var detail: String
    /// What the provider said, where it said something.
    package var provider: ProviderProblem?
    /// Every problem of an `invalid` command.
    package var problems: [Problem]?
    /// How many problems an `invalid` campaign has; at most 100 of them are listed.
    package var problemCount: Int?

    /// An error with its code; the title follows from it.
    package init(_ code: ErrorCode, detail: String, provider: ProviderProblem? = nil, problems: [Problem]? = nil) {
        self.code = code
        self.title = code.title
        self.detail = detail
        self.provider = provider
        self.problems = problems
    }

    private enum CodingKeys: String, CodingKey {
        case code, title, detail, provider, problems
        case problemCount = "problem_count"
    }
}

/// The provider's problem document, as far as it was there (RFC 9457).
package struct ProviderProblem: Hashable, Sendable, Codable {
    /// The HTTP status.
    package var status: Int?
    package var type: String?
    package var title: String?
    package var detail: String?
    /// The provider's trace id, for its support.
    package var instance: String?

    /// A problem with what is known of it.
    package init(
        status: Int? = nil,
        type: String? = nil,
        title: String? = nil,
        detail: String? = nil,
        instance: String? = nil
    ) {
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.instance = instance
    }
}
