package import Contracts

/// What is done with a command after a request: the answer to a `SubmitOutcome`.
package enum Disposition: Hashable, Sendable {
    /// It is over.
    case settle(Settlement)
    /// It is tried again, not before so long has passed.
    case tryAgain(after: Duration, Reason)
    /// It is not known whether it was sent.
    case wait(uncertain: EventError)

    /// Why a command is tried again.
    package enum Reason: Hashable, Sendable {
        /// The provider could not take it: an attempt of the command.
        case unavailable
        /// Too many requests: no attempt, and all sending holds.
        case throttled
        /// The set-up's trouble: no attempt, and all sending holds.
        case account(ProviderProblem)
        /// It was the one that tried whether the provider works again: no attempt.
        case probe
    }

    /// Decides what an outcome means for a command.
    ///
    /// - Parameters:
    ///   - outcome: what came of the request.
    ///   - record: the command's record, in state `sending` and with this attempt counted, where it counts.
    ///   - isProbe: whether the request tried out whether sending works again; a failure does not count as an attempt
    ///     of the command.
    ///   - othersPass: whether another command was accepted since this one last met the set-up's trouble.
    ///   - schedule: how often and when an attempt is made again.
    ///   - now: the moment of deciding.
    ///   - spread: a random number from 0 to 1, for the jitter.
    /// - Returns: what is done with the command.
    package static func of(
        _ outcome: SubmitOutcome,
        record: MessageRecord,
        isProbe: Bool = false,
        othersPass: Bool = false,
        schedule: RetrySchedule,
        now: Timestamp,
        spread: Double
    ) -> Disposition {
        switch outcome {
        case .accepted(let uuid):
            return .settle(Settlement(outcome: .accepted, messageUUID: uuid, error: nil, at: now))
        case .refused(let problem):
            return .settle(rejected(problem, now))
        case .throttled(let retryAfter):
            return .tryAgain(after: retryAfter, .throttled)
        case .accountTrouble(let problem):
            // Where others pass, it is this command that is refused, and not the account.
            return othersPass ? .settle(rejected(problem, now)) : .tryAgain(after: .seconds(1), .account(problem))
        case .unavailable where isProbe:
            return .tryAgain(after: .seconds(1), .probe)
        case .unavailable(let reason, let problem):
            let firstFailure = record.firstFailureAt ?? now
            switch schedule.next(after: record.attempts, firstFailure: firstFailure, now: now, spread: spread) {
            case .wait(let delay):
                return .tryAgain(after: delay, .unavailable)
            case .exhausted(let code):
                let tries = record.attempts == 1 ? "1 attempt" : "\(record.attempts) attempts"
                let error = EventError(code, detail: "given up after \(tries); last: \(reason)", provider: problem)
                return .settle(Settlement(outcome: .failed, messageUUID: nil, error: error, at: now))
            }
        case .uncertain(let reason, let problem):
            return .wait(uncertain: EventError(.uncertain, detail: reason, provider: problem))
        }
    }

    private static func rejected(_ problem: ProviderProblem, _ now: Timestamp) -> Settlement {
        let detail = problem.detail ?? problem.title ?? "the provider refused it without a reason"
        let error = EventError(.providerRejected, detail: detail, provider: problem)
        return Settlement(outcome: .rejected, messageUUID: nil, error: error, at: now)
    }
}
