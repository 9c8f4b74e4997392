/// What became of one request to send, seen from around its irreversible act: the body written to the socket.
///
/// Classified by HTTP status alone (see ``VonageProblem``).
package enum VonageAnswer: Sendable, Equatable {
    /// Vonage has the message (a 2xx with a `message_uuid`).
    case accepted(messageUUID: String, VonageTrace)

    /// Too many requests (429); not taken. No request should be made before the time is over:
    /// the `Retry-After` header, 1 s when it is missing or unusable, 60 s at most.
    case throttled(retryAfter: Duration, VonageProblem)

    /// This message is refused for good (any 4xx not named elsewhere).
    case refused(VonageProblem)

    /// The account or the set-up is refused, not this message: 401 (with an application: after one new token), 402, 403,
    /// 404, 405 and 3xx, which is never followed. Not taken.
    case accountTrouble(VonageProblem)

    /// Not taken, and may be tried again: no byte of the body was written, 503, or 500 with Vonage's problem document.
    case unavailable(VonageUnavailability, VonageProblem?)

    /// Nobody knows: the body was written and no answer came, 408, any other 5xx, a 2xx without a `message_uuid`.
    case uncertain(VonageUncertainty, VonageProblem?)

    /// The HTTP status, where an answer came.
    package var status: Int? {
        switch self {
        case .accepted(_, let trace): trace.status
        case .throttled(_, let problem), .refused(let problem), .accountTrouble(let problem): problem.status
        case .unavailable(_, let problem), .uncertain(_, let problem): problem?.status
        }
    }

    /// The `X-Request-Id` of the answer.
    package var requestID: String? {
        switch self {
        case .accepted(_, let trace): trace.requestID
        case .throttled(_, let problem), .refused(let problem), .accountTrouble(let problem): problem.requestID
        case .unavailable(_, let problem), .uncertain(_, let problem): problem?.requestID
        }
    }

    /// The case's name as it stands in logs and metric labels.
    package var label: String {
        switch self {
        case .accepted: "accepted"
        case .throttled: "throttled"
        case .refused: "refused"
        case .accountTrouble: "account_trouble"
        case .unavailable: "unavailable"
        case .uncertain: "uncertain"
        }
    }
}

/// What an answer's head told besides its meaning.
package struct VonageTrace: Sendable, Equatable {
    /// The HTTP status.
    package let status: Int
    /// The `X-Request-Id` header.
    package let requestID: String?

    /// Creates a trace.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - requestID: the `X-Request-Id` header.
    package init(status: Int, requestID: String? = nil) {
        self.status = status
        self.requestID = requestID
    }
}

/// Why a request was not taken.
package enum VonageUnavailability: Sendable, Equatable, CustomStringConvertible {
    /// No byte of the body was written: no connection, or the call ended before. `cause` is the library's word, for logs.
    case notWritten(cause: String)
    /// 503.
    case serviceUnavailable
    /// 500 with the provider's problem document: it failed before it took anything.
    case internalError

    /// One word, and the cause where there is one.
    package var description: String {
        switch self {
        case .notWritten(let cause): "not_written: \(cause)"
        case .serviceUnavailable: "service_unavailable"
        case .internalError: "internal_error"
        }
    }
}

/// Why nobody knows what became of a request.
package enum VonageUncertainty: Sendable, Equatable, CustomStringConvertible {
    /// The body was written and no answer came. `cause` is the library's word, for logs.
    case noAnswer(cause: String)
    /// 408: the provider says it did not get the whole request in time, which nobody can hold it to.
    case requestTimeout
    /// A 5xx that says nothing about the message (a gateway's, or 500 without the provider's problem document).
    case serverError
    /// A 2xx whose body named no `message_uuid`, or was cut, too long or too slow.
    case noMessageUUID

    /// One word, and the cause where there is one.
    package var description: String {
        switch self {
        case .noAnswer(let cause): "no_answer: \(cause)"
        case .requestTimeout: "request_timeout"
        case .serverError: "server_error"
        case .noMessageUUID: "no_message_uuid"
        }
    }
}
