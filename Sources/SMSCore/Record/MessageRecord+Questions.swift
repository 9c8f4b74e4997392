package import Contracts

extension MessageRecord {
    /// How the command ended; nil while it is open.
    package var settlement: Settlement? {
        guard case .settled(let settlement) = state else { return nil }
        return settlement
    }

    /// Whether the handset has the message, or may have it: by any request that was ever made under this id.
    ///
    /// The one answer to that question: it decides whether another body may take the command's place, whether a replay
    /// has to be forced, whether an end is `failed` as `uncertain` rather than `invalid`, `expired` or `cancelled`,
    /// whether a receipt proves something, and the advice of the dead letter. It is false only where every request made
    /// was surely not taken.
    package var mayHaveReachedHandset: Bool {
        if hasEarlierDoubt || isUncertainPublished || provedUUID != nil { return true }
        switch state {
        case .pending:
            return false
        case .sending, .uncertain:
            return true
        case .settled(let settlement):
            if settlement.outcome == .accepted { return true }
            switch settlement.error?.code {
            case .uncertain: return true
            // Its last request may have been made by a process that died of it.
            case .poison: return attempts > 0
            // With no failure known, it was unknown: it may have been sent under a record that is forgotten by now.
            case .tooOld: return firstFailureAt == nil
            default: return false
            }
        }
    }

    /// Whether another body under the same id is a new command: this one ended as `invalid`, and nothing can have
    /// arrived.
    package var yieldsToAnotherBody: Bool { settlement?.outcome == .invalid && !mayHaveReachedHandset }

    /// Whether a request was written and no answer came.
    package var isUncertain: Bool {
        guard case .uncertain = state else { return false }
        return true
    }

    /// Until when a command waits; nil when it waits for nothing.
    ///
    /// A wait that was written down in the future began under a clock that was ahead. It must not last for the length
    /// of the jump, and begins again. What waits for its `send_at` waits for that.
    package func end(ofWaitAt now: Timestamp) -> Timestamp? {
        guard let notBefore, updatedAt > now + WallClock.tolerance, notBefore != facts.sendAt else { return notBefore }
        return now + max(.zero, notBefore - updatedAt)
    }
}
