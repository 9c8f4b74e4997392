package import Contracts

/// How a record changes; each function returns the changed record, and none writes it.
extension MessageRecord {
    /// The record with its first failure moved on by a pause: `RETRY_MAX_AGE` does not count the waits for slots, the
    /// account or a pause of all sending.
    package func older(notBy pause: Duration) -> MessageRecord {
        var record = self
        record.firstFailureAt = firstFailureAt.map { $0 + pause }
        return record
    }

    /// The record as if it had not been begun, of a command that was begun and not sent after all.
    package func notBegun(_ begun: MessageRecord) -> MessageRecord {
        var record = self
        record.version = begun.version
        record.provedUUID = begun.provedUUID
        return record
    }

    /// The record, begun and not sent after all, of a command whose time is over: as if it had not been begun.
    package func overdue(_ begun: MessageRecord, _ policy: Decision.Policy, now: Timestamp) -> MessageRecord {
        notBegun(begun).expired(policy.retention, now)
    }

    /// The record as it is written right before a request is made.
    package func beginning(at now: Timestamp, by boot: BootID) -> MessageRecord {
        var record = self
        record.hasEarlierDoubt = mayHaveReachedHandset
        record.state = .sending(Attempt(number: attempts + 1, since: now, owner: boot))
        record.notBefore = nil
        record.reservedSlot = nil
        record.updatedAt = now
        record.history.note(.attempt, at: now, "\(attempts + 1)")
        return record
    }

    /// The record of a command that waits, until when, and for what.
    package func waiting(until: Timestamp, now: Timestamp, for reason: WaitReason) -> MessageRecord {
        var record = self
        record.notBefore = until
        if reason == .window { record.facts.opensAt = until }
        record.updatedAt = now
        record.history.note(.waiting, at: now, until: until, reason.rawValue)
        return record
    }

    /// The settled record, kept from the later of its end, `send_at` and `expires_at`.
    package func settled(_ settlement: Settlement, retention: Duration) -> MessageRecord {
        var record = self
        record.state = .settled(settlement)
        record.notBefore = nil
        record.reservedSlot = nil
        record.updatedAt = settlement.at
        let ends = [settlement.at, facts.sendAt, facts.expiresAt].compactMap(\.self)
        record.keepUntil = (ends.max() ?? settlement.at) + retention
        record.history.note(.settled, at: settlement.at, settlement.summary)
        return record
    }

    /// The settled record, once the broker has confirmed its outcome's event.
    package func published(at now: Timestamp) -> MessageRecord {
        var record = self
        record.isPublished = true
        record.history.note(.published, at: now)
        return record
    }

    /// The record of a command that must not be sent any more: it was cancelled, or its recipient has opted out.
    ///
    /// What may have been sent before ends as `failed` with code `uncertain` instead.
    package func barred(by bar: Bar, retention: Duration, now: Timestamp) -> MessageRecord {
        if mayHaveReachedHandset { return failedInDoubt("it must not be sent again", retention, now) }
        let (outcome, error): (Outcome, EventError) =
            switch bar {
            case .cancelled: (.cancelled, EventError(.cancelled, detail: "it was cancelled before it was sent"))
            case .optedOut(let optOut): (.suppressed, EventError(.optedOut, detail: optOut.reason))
            }
        return settled(outcome, error, retention, now)
    }

    /// The record of a command that is not sent again although an earlier request may have arrived.
    func failedInDoubt(_ why: String, _ retention: Duration, _ now: Timestamp) -> MessageRecord {
        let error = EventError(.uncertain, detail: "an earlier request may have arrived, and no receipt came; \(why)")
        return settled(.failed, error, retention, now)
    }

    /// The record of a command that ends now for a reason, without a message of the provider's.
    func settled(
        _ outcome: Outcome,
        _ error: EventError,
        _ retention: Duration,
        _ now: Timestamp
    ) -> MessageRecord {
        let settlement = Settlement(outcome: outcome, messageUUID: nil, error: error, at: now)
        return settled(settlement, retention: retention)
    }

    /// The record of a command whose time is over; what may have been sent before ends as `failed` with code
    /// `uncertain` instead.
    func expired(_ retention: Duration, _ now: Timestamp) -> MessageRecord {
        let moment = facts.expiresAt?.rfc3339 ?? ""
        if mayHaveReachedHandset { return failedInDoubt("expires_at was \(moment)", retention, now) }
        return settled(.expired, EventError(.expired, detail: "expires_at was \(moment)"), retention, now)
    }
}

extension Settlement {
    /// The outcome and its reason in a line: `accepted`, `failed (retries_exhausted): given up after 6 attempts`.
    fileprivate var summary: String {
        guard let error else { return outcome.rawValue }
        let code = error.code.rawValue == outcome.rawValue ? "" : " (\(error.code.rawValue))"
        return error.detail.isEmpty ? outcome.rawValue + code : "\(outcome.rawValue)\(code): \(error.detail)"
    }
}
