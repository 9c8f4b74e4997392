import Contracts
import Logging
import SMSCore

/// Assesses the silence about a command whose request was written and never answered (`on_uncertain: auto`).
struct UncertaintyJudge: Sendable {
    let store: any MessageStore
    let listener: any ListenerLog
    let retrier: Retrier
    let logger: Logger
    /// `UNCERTAIN_WAIT`.
    let wait: Duration

    /// What the silence about an uncertain record means now that its wait is over.
    ///
    /// - Parameters:
    ///   - record: in state `uncertain`.
    ///   - attempt: when its last request was made.
    ///   - now: the moment of the assessment.
    /// - Returns: what it means.
    /// - Throws: `CancellationError` alone.
    func assess(_ record: MessageRecord, attempt: Timestamp, now: Timestamp) async throws -> Silence {
        let gaps = try await retrier.untilDone("read gaps") {
            try await listener.gaps(from: attempt - Silence.failureGrain, until: now)
        }
        let acceptances = try await retrier.untilDone("count acceptances") {
            try await store.acceptances(
                of: record.facts.from ?? "",
                after: attempt,
                until: Silence.countsAcceptances(until: now, wait: wait)
            )
        }
        let silence = Silence.of(
            attempt: attempt,
            end: attempt + wait,
            gaps: gaps,
            acceptances: acceptances,
            now: now
        )
        logger.info(
            "the silence about an uncertain command was assessed",
            metadata: [BridgeLogKey.id.rawValue: "\(record.id)", BridgeLogKey.result.rawValue: "\(silence)"]
        )
        return silence
    }
}
