package import Contracts

/// What is done with the next copy of a command, given its record.
///
/// It only decides; the records that a decision carries are made by the record's own transitions
/// (`MessageRecord+Transitions.swift`).
package enum Decision: Hashable, Sendable {
    /// Make a request: this is the record to begin with, see `MessageRecord.beginning`.
    case send(MessageRecord, PreparedCommand)
    /// It ends without a request, or without another one: this is the record to write.
    case settle(MessageRecord)
    /// Not yet: this is the record while it waits, and until when.
    case wait(MessageRecord, until: Timestamp)
    /// Another copy carries the command, and a client waits for this one's reply; or another process may be making the
    /// request: handle this copy again at that moment, and leave the record as it is.
    case join(until: Timestamp)
    /// Another copy carries the command: this one is not needed.
    case leave
    /// It is not known whether it was sent, and the wait for a receipt is over: assess what the missing receipt means
    /// (``Silence``), then decide again.
    case assess(MessageRecord)
    /// It is settled, and its outcome has not been published: publish it.
    case finish(MessageRecord)
    /// It is settled and its outcome published: publish the same outcome for this repeat.
    case republish(MessageRecord)

    /// Decides; pure, so that every interleaving can be tested as a table.
    ///
    /// - Parameters:
    ///   - record: what the ledger says; nil for a command never seen.
    ///   - situation: the command and the moment.
    ///   - policy: the rules that come from configuration.
    /// - Returns: what is done with the command.
    package static func of(_ record: MessageRecord?, in situation: Situation, policy: Policy) -> Decision {
        guard var record else { return unknown(in: situation, policy) }
        if situation.isReuse(of: record), !record.isPublished {
            // Another body under the id of a command that is under way: only that command's own copies carry it.
            return join(record, in: situation)
        }
        switch record.state {
        case .settled:
            if situation.begins(anewAfter: record) {
                return begin(situation.freshRecord(replacing: record), in: situation, policy)
            }
            return record.isPublished ? .republish(record) : .finish(record)
        case .pending:
            return waiting(record, in: situation) ?? begin(record, in: situation, policy)
        case .sending(let attempt):
            // Another process that shares the store may be making the request. This copy must not be acked before: that
            // process may end, and its own copy may have been this one.
            if case .leased(let rest) = situation.standing { return .join(until: situation.now + rest) }
            // The process that made this attempt has ended, or may make no request any more: commands of one id are
            // handled one after the other, and a living process writes the outcome of its attempt. The receipt may be on
            // its way, so the command gets the whole wait.
            record.attempts = max(record.attempts, attempt.number)
            record.state = .uncertain(since: attempt.since)
            record.history.note(.uncertain, at: situation.now, "the process that made the request has ended")
            record = record.waiting(until: situation.now + policy.uncertainWait, now: situation.now, for: .receipt)
            return uncertain(record, in: situation, policy)
        case .uncertain:
            return uncertain(record, in: situation, policy)
        }
    }

    private static func unknown(in situation: Situation, _ policy: Policy) -> Decision {
        var fresh = situation.freshRecord(replacing: nil)
        fresh.attempts = situation.marks.attempts
        if let firstSeen = situation.firstSeen, situation.now - firstSeen > policy.retention, !situation.isForced {
            let detail = "first seen at \(firstSeen.rfc3339), longer ago than records are kept, and unknown"
            let error = EventError(.tooOld, detail: detail)
            return .settle(fresh.settled(.failed, error, policy.retention, situation.now))
        }
        return begin(fresh, in: situation, policy)
    }

    private static func begin(_ record: MessageRecord, in situation: Situation, _ policy: Policy) -> Decision {
        let now = situation.now
        switch situation.preparation {
        case .invalid(_, let problems):
            let detail = problems.map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
            if record.mayHaveReachedHandset {
                return .settle(record.failedInDoubt("the command is invalid by now: \(detail)", policy.retention, now))
            }
            let error = EventError(.invalid, detail: detail, problems: problems)
            return .settle(record.settled(.invalid, error, policy.retention, now))
        case .ready(let prepared):
            if prepared.isOver(at: now) { return .settle(record.expired(policy.retention, now)) }
            if let denial = policy.destinations.denial(of: prepared.sms.to) {
                if record.mayHaveReachedHandset { return .settle(record.failedInDoubt(denial, policy.retention, now)) }
                let error = EventError(.destinationDenied, detail: denial)
                return .settle(record.settled(.rejected, error, policy.retention, now))
            }
            let earliest = max(now, prepared.facts.sendAt ?? now)
            switch policy.opening(of: prepared, in: situation.lane, after: earliest) {
            case .never(let why):
                if record.mayHaveReachedHandset { return .settle(record.failedInDoubt(why, policy.retention, now)) }
                return .settle(record.settled(.expired, EventError(.expired, detail: why), policy.retention, now))
            case .at(let opening) where opening > now:
                // A command that expires before is settled when it expires.
                let until = min(opening, prepared.facts.expiresAt ?? opening)
                let reason: WaitReason = opening > earliest ? .window : .schedule
                return .wait(record.waiting(until: until, now: now, for: reason), until: until)
            case .at:
                return .send(record, prepared)
            }
        }
    }

    /// What a copy of a waiting command does; nil when the wait is over.
    ///
    /// A copy with a smaller number than the record's is not needed, or only for its reply. Every other copy takes the
    /// wait over, so that one copy always carries the command, and repeats end.
    private static func waiting(_ record: MessageRecord, in situation: Situation) -> Decision? {
        guard let end = record.end(ofWaitAt: situation.now) else { return nil }
        var until = end
        // A command that expires meanwhile is settled when it expires.
        if record.settlement == nil, case .pending = record.state, let expiresAt = record.facts.expiresAt {
            until = min(until, expiresAt)
        }
        guard until > situation.now else { return nil }
        if situation.wait < record.wait { return join(record, in: situation) }
        let waiting =
            end == record.notBefore ? record : record.waiting(until: end, now: situation.now, for: .clock)
        return .wait(waiting, until: until)
    }

    private static func join(_ record: MessageRecord, in situation: Situation) -> Decision {
        guard situation.wantsReply else { return .leave }
        return .join(until: max(record.end(ofWaitAt: situation.now) ?? situation.now, situation.now + .seconds(1)))
    }

    private static func uncertain(
        _ record: MessageRecord,
        in situation: Situation,
        _ policy: Policy
    ) -> Decision {
        let now = situation.now
        if let uuid = record.provedUUID {
            let accepted = Settlement(outcome: .accepted, messageUUID: uuid, error: nil, at: now)
            return .settle(record.settled(accepted, retention: policy.retention))
        }
        if let waiting = waiting(record, in: situation) { return waiting }
        // What may have been sent and cannot be sent again has failed as uncertain, whatever else there is to say.
        func fail(_ why: String) -> Decision { .settle(record.failedInDoubt(why, policy.retention, now)) }
        guard case .ready(let prepared) = situation.preparation else { return fail("the command is invalid by now") }
        if prepared.onUncertain == .fail { return fail("on_uncertain is fail") }
        if prepared.isOver(at: now) { return fail("its time is over") }
        if record.attempts >= policy.schedule.maxAttempts { return fail("there were \(record.attempts) attempts") }
        // A process that was frozen in the middle of its request may wake and send, however long no receipt has come.
        if prepared.onUncertain == .auto, situation.standing != .over {
            return fail("the process that made the request is not known to be gone")
        }
        switch (prepared.onUncertain, situation.silence) {
        case (.resend, _), (_, .conclusive):
            switch policy.opening(of: prepared, in: situation.lane, after: now) {
            case .never(let why): return fail(why)
            case .at(let opening) where opening > now:
                return .wait(record.waiting(until: opening, now: now, for: .window), until: opening)
            case .at: return .send(record, prepared)
            }
        case (_, .inconclusive(let why)): return fail(why)
        case (_, .tooEarly(let until)):
            return .wait(record.waiting(until: until, now: now, for: .receipt), until: until)
        case (_, nil): return .assess(record)
        }
    }
}
