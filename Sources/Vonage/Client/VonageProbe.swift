package import Contracts
import SMSCore

/// What a probe of the provider has shown.
package enum VonageProbe: Hashable, Sendable {
    /// The credentials are good: the provider looked at the body and refused that (400 or 422).
    case credentialsAccepted
    /// The credentials or the account are refused: 401, 402, 403, 404, 405 or 3xx.
    case accountTrouble(ProviderProblem)
    /// There was no answer; `cause` in the library's words.
    case unreachable(cause: String)
    /// There was an answer that proves nothing about the credentials: 429, 5xx, even a 2xx (which is not Vonage).
    case inconclusive(status: Int)

    init(_ result: VonageTransport.Result) {
        switch result {
        case .notWritten(let cause), .noAnswer(let cause):
            self = .unreachable(cause: cause)
        case .answered(let response) where response.status == 400 || response.status == 422:
            self = .credentialsAccepted
        case .answered(let response):
            guard case .accountTrouble(let problem) = SubmitOutcome(response) else {
                self = .inconclusive(status: response.status)
                return
            }
            self = .accountTrouble(problem)
        }
    }
}
