/// The places between two steps of the outbound flow at which a process can end.
///
/// docs/delivery-guarantees.md has a row for each; tests kill the process at each by its name.
package enum OutboundStep: String, Sendable, CaseIterable {
    case opened
    case lookedUp = "looked-up"
    case slotsTaken = "slots-taken"
    case intentWritten = "intent-written"
    case requestMade = "request-made"
    case outcomeWritten = "outcome-written"
    case uncertaintyPublished = "uncertainty-published"
    case carrierPublished = "carrier-published"
    case waitWritten = "wait-written"
    case deadLetterPublished = "dead-letter-published"
    case eventPublished = "event-published"
    case replyPublished = "reply-published"
    case markedPublished = "marked-published"

    /// What is called after each step; an error simulates a crash there.
    package typealias Hook = @Sendable (OutboundStep) throws -> Void
}
