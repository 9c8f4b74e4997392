package import Contracts

/// Why a command waits, in a word, and until when.
package enum WaitReason: String, Hashable, Sendable, CaseIterable {
    /// For its `send_at`.
    case schedule
    /// For its window to open.
    case window
    /// For a slot of its sender's rate.
    case rate
    /// For a receipt that says whether it was sent.
    case receipt
    /// For another attempt: the provider was not available, or the account was in trouble.
    case retry
}

extension MessageRecord {
    /// Why it waits, and until when; nil when it does not wait.
    package func reasonToWait(at now: Timestamp) -> (reason: WaitReason, until: Timestamp)? {
        guard settlement == nil, let until = end(ofWaitAt: now), until > now else { return nil }
        let reason: WaitReason =
            if until == facts.opensAt {
                .window
            } else if until == facts.sendAt {
                .schedule
            } else if isUncertain {
                .receipt
            } else {
                reservedSlot == nil ? .retry : .rate
            }
        return (reason, until)
    }
}
