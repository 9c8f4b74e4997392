/// What a probe of the provider has shown.
package enum VonageProbe: Sendable, Equatable {
    /// The credentials are good: the provider looked at the body and refused that (400 or 422).
    case credentialsAccepted(VonageTrace)
    /// The credentials or the account are refused: 401, 402, 403, 404, 405 or 3xx.
    case accountTrouble(VonageProblem)
    /// There was no answer; `cause` in the library's words.
    case unreachable(cause: String)
    /// There was an answer that proves nothing about the credentials: 429, 5xx, even a 2xx (which is not Vonage).
    case inconclusive(status: Int)

    init(_ answer: VonageAnswer) {
        switch answer {
        case .refused(let problem) where problem.status == 400 || problem.status == 422:
            self = .credentialsAccepted(VonageTrace(status: problem.status, requestID: problem.requestID))
        case .accountTrouble(let problem):
            self = .accountTrouble(problem)
        case .unavailable(.notWritten(let cause), _), .uncertain(.noAnswer(let cause), _):
            self = .unreachable(cause: cause)
        case .accepted, .throttled, .refused, .unavailable, .uncertain:
            self = .inconclusive(status: answer.status ?? 0)
        }
    }
}
