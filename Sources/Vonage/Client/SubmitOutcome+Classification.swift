import Contracts
import SMSCore

extension SubmitOutcome {
    /// Gives the outcome of one request.
    ///
    /// An answer is classified by its HTTP status alone, but for the one 500 that proves something.
    ///
    /// - Parameter result: the request, as the transport saw it.
    init(_ result: VonageTransport.Result) {
        self =
            switch result {
            case .answered(let response): SubmitOutcome(response)
            case .notWritten(let cause): .unavailable(reason: "not_written: \(cause)", nil)
            case .noAnswer(let cause): .uncertain(reason: "no_answer: \(cause)", nil)
            }
    }

    /// Gives the meaning of an answer.
    ///
    /// - Parameter response: the answer as far as it arrived.
    init(_ response: VonageResponse) {
        if (200..<300).contains(response.status), let uuid = response.messageUUID {
            self = .accepted(messageUUID: uuid)
            return
        }
        let problem = response.problem
        switch response.status {
        case 200..<300:
            // A body that names no `message_uuid`, or was cut, too long or too slow.
            self = .uncertain(reason: "no_message_uuid", problem)
        case 300..<400, 401, 402, 403, 404, 405:
            // The account or the set-up, not this message; a redirect is never followed.
            self = .accountTrouble(problem)
        case 408:
            // The provider says that it did not get the whole request in time, which cannot be relied on.
            self = .uncertain(reason: "request_timeout", problem)
        case 429:
            self = .throttled(retryAfter: Self.pause(response.retryAfter))
        case 400..<500:
            self = .refused(problem)
        case 500 where problem.type != nil && problem.title != nil:
            // The provider's own problem document: it failed before it took anything.
            self = .unavailable(reason: "internal_error", problem)
        case 503:
            self = .unavailable(reason: "service_unavailable", problem)
        default:
            // A gateway's 5xx, or a 500 without the document, says nothing about the message.
            self = .uncertain(reason: "server_error", problem)
        }
    }

    /// How long a 429 asks to wait: whole seconds, as the provider's specification declares them.
    ///
    /// Free text and the `X-RateLimit-*` headers are not trusted: reading them has led to 31 s pauses
    /// (vonage-php-sdk-core#282).
    ///
    /// - Parameter header: the `Retry-After` header.
    /// - Returns: 1 s when the header is missing, not a positive whole number, or a date; 60 s at most.
    private static func pause(_ header: String?) -> Duration {
        let digits = header?.drop { $0 == " " } ?? ""
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return .seconds(1) }
        guard let seconds = Int(digits) else { return .seconds(60) }
        return .seconds(min(max(seconds, 1), 60))
    }
}
