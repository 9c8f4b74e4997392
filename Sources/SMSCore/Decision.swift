package import Contracts

/// What is done with a command that stands at the head of the line, given what is remembered of it.
package enum Decision: Hashable, Sendable {
    /// Make a request: this is the record to begin with, see `MessageRecord.beginning`.
    case send(MessageRecord, PreparedCommand)
    /// It is over without a request, or without another one: this is the record to write.
    case settle(MessageRecord)
    /// Not yet: this is the record while it waits, and until when.
    case wait(MessageRecord, until: Timestamp)
    /// Another copy carries it, and somebody waits for this one's reply: come again then, and leave the record alone.
    case join(until: Timestamp)
    /// Another copy carries it: this one is not needed.
    case leave
    /// Nobody knows whether it was sent, and its wait is over: weigh the silence, then decide anew.
    case assess(MessageRecord)
    /// It is settled, and its outcome has not been told: do the rest of the line.
    case finish(MessageRecord)
    /// It is settled and told: tell this repeat the same outcome.
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
            // Whoever made this attempt is gone: commands of one id are handled one after the other, and every
            // handler that lives writes its outcome down. Its receipt may be on the way, so it gets the whole wait.
            record.attempts = max(record.attempts, attempt.number)
            record.state = .uncertain(since: attempt.since)
            record = record.waiting(until: situation.now + policy.uncertainWait, now: situation.now)
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
            return fresh.settling(.failed, EventError(.tooOld, detail: detail), policy, situation.now)
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
            return record.settling(.invalid, EventError(.invalid, detail: detail, problems: problems), policy, now)
        case .ready(let prepared):
            if prepared.isOver(at: now) { return .settle(record.expired(policy, now)) }
            if let denial = policy.destinations.denial(of: prepared.sms.to) {
                if record.mayHaveReachedHandset { return .settle(record.failedInDoubt(denial, policy.retention, now)) }
                return record.settling(.rejected, EventError(.destinationDenied, detail: denial), policy, now)
            }
            if let sendAt = prepared.facts.sendAt, sendAt > now {
                // What expires before is told when it does.
                let until = min(sendAt, prepared.facts.expiresAt ?? sendAt)
                return .wait(record.waiting(until: until, now: now), until: until)
            }
            return .send(record, prepared)
        }
    }

    /// What a copy of a waiting command does; nil when the wait is over.
    ///
    /// A copy that is older than the one on its way is not needed, or only for its reply. Every other takes the wait itself,
    /// so that there is always one that carries the command, and repeats die out.
    private static func waiting(_ record: MessageRecord, in situation: Situation) -> Decision? {
        guard let end = record.end(ofWaitAt: situation.now) else { return nil }
        var until = end
        // What expires meanwhile is told when it does.
        if record.settlement == nil, case .pending = record.state, let expiresAt = record.facts.expiresAt {
            until = min(until, expiresAt)
        }
        guard until > situation.now else { return nil }
        if situation.wait < record.wait { return join(record, in: situation) }
        let waiting = end == record.notBefore ? record : record.waiting(until: end, now: situation.now)
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
        if record.attempts >= policy.maxAttempts { return fail("there were \(record.attempts) attempts") }
        switch (prepared.onUncertain, situation.silence) {
        case (.resend, _), (_, .conclusive): return .send(record, prepared)
        case (_, .inconclusive(let why)): return fail(why)
        case (_, .tooEarly(let until)): return .wait(record.waiting(until: until, now: now), until: until)
        case (_, nil): return .assess(record)
        }
    }
}

extension Decision {
    /// The rules that come from configuration.
    package struct Policy: Hashable, Sendable {
        /// How long settled records are kept: `RECORD_RETENTION`.
        package var retention: Duration
        /// How long an uncertain command waits for a receipt: `UNCERTAIN_WAIT`.
        package var uncertainWait: Duration
        /// Requests in all: `RETRY_MAX_ATTEMPTS`.
        package var maxAttempts: Int
        /// Where messages may go: `ALLOWED_PREFIXES`, `DENIED_PREFIXES`.
        package var destinations: DestinationRules

        /// Rules; the defaults are the contract's.
        package init(
            retention: Duration = .seconds(30 * 86_400),
            uncertainWait: Duration = .seconds(120),
            maxAttempts: Int = 6,
            destinations: DestinationRules = DestinationRules()
        ) {
            self.retention = retention
            self.uncertainWait = uncertainWait
            self.maxAttempts = maxAttempts
            self.destinations = destinations
        }
    }

    /// What a decision is made of, besides the record.
    package struct Situation: Hashable, Sendable {
        package var id: CommandID
        package var bodyDigest: String
        package var lane: Lane
        package var preparation: Preparation
        /// The command's AMQP `correlation_id` and `traceparent`, for its events.
        package var correlationID: String?
        package var traceparent: String?
        /// Whether somebody waits for this copy's reply.
        package var wantsReply: Bool
        package var marks: CopyMarks
        package var now: Timestamp
        /// What the silence about an uncertain command tells, where it has been weighed.
        package var silence: Silence?

        /// A command, prepared, at a moment.
        package init(
            id: CommandID,
            bodyDigest: String,
            lane: Lane,
            preparation: Preparation,
            correlationID: String?,
            traceparent: String?,
            wantsReply: Bool = false,
            marks: CopyMarks = CopyMarks(),
            now: Timestamp
        ) {
            self.id = id
            self.bodyDigest = bodyDigest
            self.lane = lane
            self.preparation = preparation
            self.correlationID = correlationID
            self.traceparent = traceparent
            self.wantsReply = wantsReply
            self.marks = marks
            self.now = now
        }

        var wait: Int { marks.wait }
        var firstSeen: Timestamp? { marks.firstSeen }
        var isForced: Bool { marks.isForced }

        /// Whether the record is of another command under the same id: it has another body, and does not yield to one.
        package func isReuse(of record: MessageRecord) -> Bool {
            record.bodyDigest != bodyDigest && !record.yieldsToAnotherBody
        }

        /// Whether a settled command is carried out once more: mended after `invalid`, or replayed from the dead letters.
        ///
        /// A replay of what the handset got, or may have got, has to be forced.
        package func begins(anewAfter record: MessageRecord) -> Bool {
            guard record.settlement != nil else { return false }
            if record.yieldsToAnotherBody, record.bodyDigest != bodyDigest { return true }
            guard marks.replay > record.replay else { return false }
            return isForced || !record.mayHaveReachedHandset
        }
    }
}

/// What a copy of a command carries in its headers, written by ourselves.
package struct CopyMarks: Hashable, Sendable {
    /// The number of its way through the wait queues; 0 when it comes from outside (header `sms-wait`).
    package var wait: Int
    /// Requests made when it went to wait (header `sms-attempt`).
    package var attempts: Int
    /// Since when the command is on its way; nil when it comes from outside (header `sms-first-seen`).
    package var firstSeen: Timestamp?
    /// The number of its replay from the dead letters; 0 for none (header `sms-replay`).
    package var replay: Int
    /// Whether that replay may send a second time (header `sms-force`).
    package var isForced: Bool

    /// Marks; those of a copy from outside unless given.
    package init(
        wait: Int = 0,
        attempts: Int = 0,
        firstSeen: Timestamp? = nil,
        replay: Int = 0,
        isForced: Bool = false
    ) {
        self.wait = wait
        self.attempts = attempts
        self.firstSeen = firstSeen
        self.replay = replay
        self.isForced = isForced
    }
}

extension Decision.Situation {
    /// The record of this command as one never carried out; a record that is replaced lends its version, and its doubt.
    package func freshRecord(replacing old: MessageRecord?) -> MessageRecord {
        var facts: MessageFacts
        switch preparation {
        case .ready(let prepared): facts = prepared.facts
        case .invalid(let valid, _): facts = valid
        }
        facts.correlationID = correlationID
        facts.traceparent = traceparent
        var record = MessageRecord(id: id, bodyDigest: bodyDigest, lane: lane, facts: facts, now: firstSeen ?? now)
        record.version = old?.version ?? 0
        record.replay = max(marks.replay, old?.replay ?? 0)
        record.hasEarlierDoubt = old?.mayHaveReachedHandset ?? false
        record.updatedAt = now
        return record
    }
}

extension PreparedCommand {
    /// Whether it must not be sent any more.
    package func isOver(at now: Timestamp) -> Bool { facts.expiresAt.map { $0 <= now } ?? false }
}

extension MessageRecord {
    /// The end, where it has been reached.
    package var settlement: Settlement? {
        guard case .settled(let settlement) = state else { return nil }
        return settlement
    }

    /// Whether the handset has the message, or may have it: by any request that was ever made under this id.
    ///
    /// The one answer to that question: it decides whether another body may take the command's place, whether a replay has
    /// to be forced, whether an end is `failed` as `uncertain` rather than `invalid`, `expired` or `cancelled`, whether a
    /// receipt proves something, and the advice of the dead letter. It is false only where every request made was surely
    /// not taken.
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

    /// Whether another body under the same id is a new command: this one ended as `invalid`, and nothing can have arrived.
    package var yieldsToAnotherBody: Bool { settlement?.outcome == .invalid && !mayHaveReachedHandset }

    /// The record with its first failure moved on, for `RETRY_MAX_AGE` does not count what it waits for slots, the
    /// account or a pause.
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
        notBegun(begun).expired(policy, now)
    }

    /// Whether nobody knows if it was sent.
    package var isUncertain: Bool {
        guard case .uncertain = state else { return false }
        return true
    }

    /// The record as it is written right before a request is made.
    package func beginning(at now: Timestamp, by boot: BootID) -> MessageRecord {
        var record = self
        record.hasEarlierDoubt = mayHaveReachedHandset
        record.state = .sending(Attempt(number: attempts + 1, since: now, owner: boot))
        record.notBefore = nil
        record.reservedSlot = nil
        record.updatedAt = now
        return record
    }

    /// The record of a command that waits.
    package func waiting(until: Timestamp, now: Timestamp) -> MessageRecord {
        var record = self
        record.notBefore = until
        record.updatedAt = now
        return record
    }

    /// Until when a command waits; nil when it waits for nothing.
    ///
    /// A wait that was written down in the future began under a clock that was ahead. It must not last for the length of
    /// the jump, and begins again. What waits for its `send_at` waits for that.
    package func end(ofWaitAt now: Timestamp) -> Timestamp? {
        guard let notBefore, updatedAt > now + WallClock.tolerance, notBefore != facts.sendAt else { return notBefore }
        return now + max(.zero, notBefore - updatedAt)
    }

    /// The record with its end written in, kept from the later of its end, `send_at` and `expires_at`.
    package func settled(_ settlement: Settlement, retention: Duration) -> MessageRecord {
        var record = self
        record.state = .settled(settlement)
        record.notBefore = nil
        record.reservedSlot = nil
        record.updatedAt = settlement.at
        let ends = [settlement.at, facts.sendAt, facts.expiresAt].compactMap(\.self)
        record.keepUntil = (ends.max() ?? settlement.at) + retention
        return record
    }

    /// The record of a command that must not be sent any more.
    ///
    /// What may have been sent before is not called off by that.
    package func barred(by bar: Bar, retention: Duration, now: Timestamp) -> MessageRecord {
        if mayHaveReachedHandset { return failedInDoubt("it must not be sent again", retention, now) }
        let (outcome, error): (Outcome, EventError) =
            switch bar {
            case .cancelled: (.cancelled, EventError(.cancelled, detail: "it was cancelled before it was sent"))
            case .optedOut(let optOut): (.suppressed, EventError(.optedOut, detail: optOut.reason))
            }
        let settlement = Settlement(outcome: outcome, messageUUID: nil, error: error, at: now)
        return settled(settlement, retention: retention)
    }

    /// The record of a command that is not sent again although nobody knows whether an earlier request arrived.
    fileprivate func failedInDoubt(_ why: String, _ retention: Duration, _ now: Timestamp) -> MessageRecord {
        let error = EventError(.uncertain, detail: "an earlier request may have arrived, and no receipt came; \(why)")
        return settled(Settlement(outcome: .failed, messageUUID: nil, error: error, at: now), retention: retention)
    }

    fileprivate func settling(
        _ outcome: Outcome,
        _ error: EventError,
        _ policy: Decision.Policy,
        _ now: Timestamp
    ) -> Decision {
        let settlement = Settlement(outcome: outcome, messageUUID: nil, error: error, at: now)
        return .settle(settled(settlement, retention: policy.retention))
    }

    /// The record of a command whose time is over; what may have been sent before has not expired by that.
    fileprivate func expired(_ policy: Decision.Policy, _ now: Timestamp) -> MessageRecord {
        let moment = facts.expiresAt?.rfc3339 ?? ""
        if mayHaveReachedHandset { return failedInDoubt("expires_at was \(moment)", policy.retention, now) }
        let error = EventError(.expired, detail: "expires_at was \(moment)")
        let settlement = Settlement(outcome: .expired, messageUUID: nil, error: error, at: now)
        return settled(settlement, retention: policy.retention)
    }
}
