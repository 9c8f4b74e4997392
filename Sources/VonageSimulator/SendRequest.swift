import FoundationEssentials

/// The body of a request to send, checked as Vonage checks it.
struct SendRequest: Sendable {
    let to: String
    let from: String
    let text: String
    let clientRef: String?
    let encodingType: String?
    let webhookURL: String?

    /// The recipient of a body that may be wrong otherwise, for choosing a fault.
    ///
    /// - Parameter body: the raw body.
    /// - Returns: the digits, or `nil`.
    static func recipient(in body: [UInt8]) -> String? {
        (try? JSONDecoder().decode(Draft.self, from: Data(body)))?.to
    }

    /// Checks a body.
    ///
    /// - Parameter body: the raw body.
    /// - Returns: the request, or the first thing that is wrong with it.
    static func check(_ body: [UInt8]) -> Result<SendRequest, SimulatorRefusal> {
        guard let draft = try? JSONDecoder().decode(Draft.self, from: Data(body)) else {
            return .failure(SimulatorRefusal(.invalidJSON))
        }
        if let problem = draft.problem { return .failure(SimulatorRefusal(problem)) }
        guard let to = draft.to, let from = draft.from, let text = draft.text else {
            return .failure(SimulatorRefusal(.invalidJSON))
        }
        return .success(
            SendRequest(
                to: to,
                from: from,
                text: text,
                clientRef: draft.clientRef,
                encodingType: draft.sms?.encodingType,
                webhookURL: draft.webhookURL
            )
        )
    }
}

/// A problem as an error, for `Result`.
struct SimulatorRefusal: Error {
    let problem: SimulatorProblem

    init(_ problem: SimulatorProblem) { self.problem = problem }
}

/// What stands in a body, before it is checked.
///
/// A member of the wrong type counts as wrong, not as missing.
private struct Draft: Decodable {
    private enum Key: String, CodingKey {
        case channel, to, from, text, ttl, sms
        case messageType = "message_type"
        case clientRef = "client_ref"
        case webhookURL = "webhook_url"
        case webhookVersion = "webhook_version"
        case trustedRecipient = "trusted_recipient"
    }

    struct SMS: Decodable {
        let encodingType: String?
        let entityID: String?
        let contentID: String?
        let poolID: String?

        private enum CodingKeys: String, CodingKey {
            case encodingType = "encoding_type"
            case entityID = "entity_id"
            case contentID = "content_id"
            case poolID = "pool_id"
        }
    }

    let to: String?
    let from: String?
    let text: String?
    let clientRef: String?
    let webhookURL: String?
    let sms: SMS?
    private let channel: String?
    private let messageType: String?
    private let ttl: Int?
    private let webhookVersion: String?
    private var wrong: [String] = []

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var wrong: [String] = []
        func read<Value: Decodable>(_ key: Key, as type: Value.Type = Value.self) -> Value? {
            guard container.contains(key) else { return nil }
            let value = try? container.decode(type, forKey: key)
            if value == nil { wrong.append(key.rawValue) }
            return value
        }
        channel = read(.channel)
        messageType = read(.messageType)
        to = read(.to)
        from = read(.from)
        text = read(.text)
        clientRef = read(.clientRef)
        webhookURL = read(.webhookURL)
        webhookVersion = read(.webhookVersion)
        ttl = read(.ttl)
        sms = read(.sms)
        _ = read(.trustedRecipient, as: Bool.self)
        self.wrong = wrong
    }

    /// The first thing that is wrong, in the order of Vonage's documentation.
    var problem: SimulatorProblem? {
        guard channel == "sms" else {
            return .unprocessable(1_100, "Unsupported channel", "channel", "The channel specified is not supported.")
        }
        guard messageType == "text" else {
            return .unprocessable(
                1_140,
                "Invalid message type",
                "message_type",
                "The message type is not supported for the given channel."
            )
        }
        guard let to, Self.isRecipient(to) else {
            return .unprocessable(
                110,
                "Invalid recipient",
                "to",
                "The `to` parameter is invalid for the given channel."
            )
        }
        guard let from, Self.isSender(from) else {
            return .unprocessable(
                1_120,
                "Invalid sender",
                "from",
                "The `from` parameter is invalid for the given channel."
            )
        }
        guard let text, !text.isEmpty, text.unicodeScalars.count <= 3_200 else {
            return .unprocessable(1_150, "Invalid params", "text", "The text has to have 1 to 3200 characters.")
        }
        if let clientRef, clientRef.unicodeScalars.count > 100 {
            return .unprocessable(
                1_060,
                "Invalid client reference",
                "client_ref",
                "The client reference can be a string of up to 100 characters."
            )
        }
        if let ttl, !(20...604_800).contains(ttl) {
            return .unprocessable(1_150, "Invalid params", "ttl", "The ttl has to be from 20 to 604800.")
        }
        if let encoding = sms?.encodingType, !["auto", "text", "unicode"].contains(encoding) {
            return .unprocessable(
                1_110,
                "Invalid channel parameters",
                "sms.encoding_type",
                "Not one of auto, text, unicode."
            )
        }
        if let webhookVersion, !["v0.1", "v1"].contains(webhookVersion) {
            return .unprocessable(1_150, "Invalid params", "webhook_version", "Not one of v0.1, v1.")
        }
        return wrong.first.map { .unprocessable(1_150, "Invalid params", $0, "The value is of the wrong type.") }
    }

    /// Digits, country code first: no `+`, no `00`.
    private static func isRecipient(_ text: String) -> Bool {
        text.first != "0" && (7...15).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// A number or short code of up to 15 digits, or up to 11 letters, digits and blanks.
    private static func isSender(_ text: String) -> Bool {
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) { return text.utf8.count <= 15 }
        return (1...11).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 32, 48...57, 65...90, 97...122: true
                default: false
                }
            }
    }
}
