import FoundationEssentials

/// An HTTP answer as far as it arrived.
struct VonageResponse: Sendable {
    /// The HTTP status.
    let status: Int
    /// The `X-Request-Id` header.
    let requestID: String?
    /// The `Retry-After` header.
    let retryAfter: String?
    /// The whole body; `nil` where it was cut, longer than the limit, or not there in time.
    let body: [UInt8]?
    /// The `Date` header.
    var date: String?
}

extension VonageAnswer {
    /// Says what an answer means.
    ///
    /// - Parameter response: the answer as far as it arrived.
    init(_ response: VonageResponse) {
        let problem = { VonageProblem(status: response.status, requestID: response.requestID, body: response.body) }
        switch response.status {
        case 200..<300:
            if let uuid = Self.messageUUID(in: response.body) {
                self = .accepted(
                    messageUUID: uuid,
                    VonageTrace(status: response.status, requestID: response.requestID)
                )
            } else {
                self = .uncertain(.noMessageUUID, problem())
            }
        case 300..<400, 401, 402, 403, 404, 405:
            self = .accountTrouble(problem())
        case 408:
            self = .uncertain(.requestTimeout, problem())
        case 429:
            self = .throttled(retryAfter: Self.pause(response.retryAfter), problem())
        case 400..<500:
            self = .refused(problem())
        case 500:
            let problem = problem()
            self = problem.isDocumented ? .unavailable(.internalError, problem) : .uncertain(.serverError, problem)
        case 503:
            self = .unavailable(.serviceUnavailable, problem())
        default:
            self = .uncertain(.serverError, problem())
        }
    }

    /// How long a 429 asks to wait: whole seconds, as the provider's specification declares them.
    ///
    /// Free text and the `X-RateLimit-*` headers are not trusted: reading them has led to 31 s pauses
    /// (vonage-php-sdk-core#282).
    ///
    /// - Parameter header: the `Retry-After` header.
    /// - Returns: 1 s when the header is missing, no positive whole number or a date; 60 s at most.
    static func pause(_ header: String?) -> Duration {
        let digits = header?.drop { $0 == " " } ?? ""
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return .seconds(1) }
        guard let seconds = Int(digits) else { return .seconds(60) }
        return .seconds(min(max(seconds, 1), 60))
    }

    private static func messageUUID(in body: [UInt8]?) -> String? {
        guard let body, let accepted = try? JSONDecoder().decode(Accepted.self, from: Data(body)) else { return nil }
        return accepted.message_uuid.isEmpty ? nil : accepted.message_uuid
    }
}

/// The body of a 202.
///
/// A `workflow_id` may stand beside it and is of no use here.
private struct Accepted: Decodable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let message_uuid: String
}
