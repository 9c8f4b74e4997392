package import Contracts

/// What `on_uncertain: auto` concludes when no receipt has come for an uncertain command and its wait is over.
///
/// The command is sent again only if the missing receipt is unusual: from the attempt to the end of the wait the listener
/// was up and failed no genuine webhook, and at least three messages of the same sender accepted later all had a receipt
/// (docs/delivery-guarantees.md).
package enum Silence: Hashable, Sendable {
    /// The provider cannot have taken it: a receipt would have come.
    case conclusive
    /// The missing receipt proves nothing, for this reason.
    case inconclusive(why: String)
    /// The listener was down for a while. The provider repeats what it could not deliver, so the wait goes on.
    case tooEarly(until: Timestamp)

    /// By how much gaps prolong the wait at most.
    package static let longestProlongation: Duration = .seconds(900)
    /// How many later messages must have had a receipt.
    package static let minAcceptances = 3

    /// Failures of webhooks are noted once in so long; one noted this much before the attempt may stand for one after it.
    package static let failureGrain: Duration = .seconds(1)

    /// The moment up to which acceptances count: the youngest may not have had their receipts yet.
    package static func countsAcceptances(until end: Timestamp, wait: Duration) -> Timestamp {
        end - min(.seconds(10), wait / 4)
    }

    /// Assesses what a missing receipt means.
    ///
    /// - Parameters:
    ///   - attempt: when the request was made.
    ///   - end: when the wait for a receipt is over by itself.
    ///   - gaps: the times since the attempt in which a receipt may have been missed.
    ///   - acceptances: the messages of the same sender that were accepted after the attempt.
    ///   - now: the present, not before `end`.
    /// - Returns: the conclusion.
    package static func of(
        attempt: Timestamp,
        end: Timestamp,
        gaps: [ListenerGap],
        acceptances: Acceptances,
        now: Timestamp
    ) -> Silence {
        if attempt > now + WallClock.tolerance {
            return .inconclusive(why: "the clock was ahead when it was attempted")
        }
        var prolonged = end
        for gap in gaps where gap.until >= attempt - failureGrain {
            switch gap.kind {
            case .failedWebhook:
                return .inconclusive(why: "a webhook could not be taken at \(gap.from.rfc3339)")
            case .down:
                prolonged = max(prolonged, gap.until + gap.length * 2)
            }
        }
        if prolonged - end > longestProlongation {
            return .inconclusive(why: "the webhook listener was down for too long")
        }
        if prolonged > now { return .tooEarly(until: prolonged) }
        guard acceptances.count >= minAcceptances else {
            return .inconclusive(
                why: "only \(acceptances.count) later messages of the same sender; \(minAcceptances) are needed"
            )
        }
        guard acceptances.withReceipt == acceptances.count else {
            let missing = acceptances.count - acceptances.withReceipt
            return .inconclusive(why: "\(missing) later messages of the same sender had no receipt either")
        }
        return .conclusive
    }
}
