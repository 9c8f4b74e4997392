package import Contracts

/// Why a command waits, in a word.
package enum WaitReason: String, Hashable, Sendable, CaseIterable {
    /// For its `send_at`, or its `expires_at` where that comes before.
    case schedule
    /// For its window to open.
    case window
    /// For a slot: the rate of the account or of its sender, the connections, or a pause of all sending.
    case rate
    /// For a receipt that says whether it was sent.
    case receipt
    /// For another attempt: the provider was not available, or the account was in trouble.
    case retry
    /// For a moment that was noted under a clock that was ahead.
    case clock
}

/// Why a command waits, and until when.
package struct MessageWait: Hashable, Sendable {
    package let reason: WaitReason
    package let until: Timestamp
    /// What the last request came to, where the command waits because of one; else nil.
    package let detail: String?
}

extension MessageRecord {
    /// Why it waits, and until when; nil when it does not wait.
    package func wait(at now: Timestamp) -> MessageWait? {
        guard settlement == nil, let until = end(ofWaitAt: now), until > now else { return nil }
        guard let noted = history.wait else {
            // A record that an older version of this program has written.
            return MessageWait(reason: reasonByMoments(until), until: until, detail: nil)
        }
        let detail = noted.detail.isEmpty ? nil : noted.detail
        switch noted.what {
        case .notTaken: return MessageWait(reason: .retry, until: until, detail: detail)
        case .uncertain: return MessageWait(reason: .receipt, until: until, detail: detail)
        default:
            let reason = WaitReason(rawValue: noted.detail) ?? reasonByMoments(until)
            return MessageWait(reason: reason, until: until, detail: nil)
        }
    }

    /// Why it waits until a moment, as far as the record says so without its history.
    private func reasonByMoments(_ until: Timestamp) -> WaitReason {
        if until == facts.opensAt { return .window }
        if until == facts.sendAt { return .schedule }
        if isUncertain { return .receipt }
        return reservedSlot == nil ? .retry : .rate
    }
}
