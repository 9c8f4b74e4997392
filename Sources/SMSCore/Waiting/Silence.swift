package import Contracts

/// What `on_uncertain: auto` concludes from the silence about a command, once its wait is over.
///
/// It is sent again only if the silence is unusual and nobody was deaf: from the attempt to the end of the wait the listener
/// was up and failed no genuine webhook, and at least three messages of the same sender accepted later all had a receipt
/// (CONTRACT 3).
package enum Silence: Hashable, Sendable {
    /// The provider cannot have taken it: a receipt would have come.
    case conclusive
    /// It tells nothing.
    case inconclusive(why: String)
    /// The listener was deaf for a while; what it missed is repeated to it, so the wait goes on.
    case tooEarly(until: Timestamp)

    /// By how much deafness prolongs the wait at most.
    package static let longestProlongation: Duration = .seconds(900)
    /// How many messages have to have had a receipt.
    package static let minAcceptances = 3

    /// Failures of webhooks are noted once in so long; one noted this much before the attempt may stand for one after it.
    package static let failureGrain: Duration = .seconds(1)

    /// The moment up to which acceptances count: the youngest may not have had their receipts yet.
    package static func countsAcceptances(until end: Timestamp, wait: Duration) -> Timestamp {
        end - min(.seconds(10), wait / 4)
    }

    /// Weighs a silence.
    ///
    /// - Parameters:
    ///   - attempt: when the request was made.
    ///   - end: when the wait for a receipt is over by itself.
    ///   - deafness: the times since the attempt in which a receipt may have been missed.
    ///   - acceptances: the messages of the same sender that were accepted after the attempt.
    ///   - now: the moment of weighing, not before `end`.
    /// - Returns: what it tells.
    package static func of(
        attempt: Timestamp,
        end: Timestamp,
        gaps: [ListenerGap],
        acceptances: Acceptances,
        now: Timestamp
    ) -> Silence {
        if attempt > now + WallClock.tolerance { return .inconclusive(why: "the clock was ahead when it was attempted") }
        var prolonged = end
        for time in gaps where time.until >= attempt - failureGrain {
            switch time.kind {
            case .failure:
                return .inconclusive(why: "a webhook could not be taken at \(time.from.rfc3339)")
            case .silence:
                prolonged = max(prolonged, time.until + time.length * 2)
            }
        }
        if prolonged - end > longestProlongation {
            return .inconclusive(why: "the webhook listener was down for too long")
        }
        if prolonged > now { return .tooEarly(until: prolonged) }
        guard acceptances.count >= minAcceptances else {
            return .inconclusive(why: "too few later messages of the same sender to tell: \(acceptances.count)")
        }
        guard acceptances.withReceipt == acceptances.count else {
            let missing = acceptances.count - acceptances.withReceipt
            return .inconclusive(why: "\(missing) later messages of the same sender had no receipt either")
        }
        return .conclusive
    }
}
