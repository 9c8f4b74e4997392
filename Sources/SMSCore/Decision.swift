package import Contracts

/// What is done with a command that stands at the head of the line, given what is remembered of it.
package enum Decision: Hashable, Sendable {
    /// Make a request: this is the record to begin with, in state `sending`.
    case send(MessageRecord, PreparedCommand)
    /// It is over without a request, or without another one: this is the record to write.
    case settle(MessageRecord)
    /// Not yet: hold it until then.
    case hold(until: Timestamp)
    /// It is settled, and its outcome has not been told: do the rest of the line.
    case finish(MessageRecord)
    /// It is settled and told: tell this repeat the same outcome.
    case retell(MessageRecord)

    /// What a decision is made of, besides the record.
    package struct Situation: Hashable, Sendable {
        package var id: CommandID
        package var bodyDigest: String
        package var lane: Lane
        package var preparation: Preparation
        /// The command's AMQP `correlation_id` and `traceparent`, for its events.
        package var correlationID: String?
        package var traceparent: String?
        /// Since when the command is on its way, from its own marks; nil when it carries none.
        package var firstSeen: Timestamp?
        package var now: Timestamp
        /// This run of the service.
        package var boot: BootID

        /// A command, prepared, at a moment.
        package init(
            id: CommandID,
            bodyDigest: String,
            lane: Lane,
            preparation: Preparation,
            correlationID: String?,
            traceparent: String?,
            firstSeen: Timestamp?,
            now: Timestamp,
            boot: BootID
        ) {
            self.id = id
            self.bodyDigest = bodyDigest
            self.lane = lane
            self.preparation = preparation
            self.correlationID = correlationID
            self.traceparent = traceparent
            self.firstSeen = firstSeen
            self.now = now
            self.boot = boot
        }

        /// Whether the record is of another command under the same id: it has another body, and something may have
        /// been sent (an `invalid` one can be mended under its old id).
        package func isReuse(of record: MessageRecord) -> Bool {
            record.bodyDigest != bodyDigest && !record.isSettledInvalid
        }
    }

    /// Decides; pure, so that every interleaving can be tested as a table.
    ///
    /// - Parameters:
    ///   - record: what the ledger says; nil for a command never seen.
    ///   - situation: the command and the moment.
    ///   - retention: how long settled records are kept: `RECORD_RETENTION`.
    /// - Returns: what is done with the command.
    package static func of(_ record: MessageRecord?, in situation: Situation, retention: Duration) -> Decision {
        guard var record else {
            let fresh = situation.freshRecord(replacing: nil)
            if let firstSeen = situation.firstSeen, situation.now - firstSeen > retention {
                let detail = "first seen at \(firstSeen.rfc3339), longer ago than records are kept, and unknown"
                return fresh.settling(.failed, EventError(.tooOld, detail: detail), retention, situation.now)
            }
            return begin(fresh, in: situation, retention: retention)
        }
        switch record.state {
        case .settled:
            if record.isSettledInvalid, record.bodyDigest != situation.bodyDigest {
                return begin(situation.freshRecord(replacing: record), in: situation, retention: retention)
            }
            return record.isTold ? .retell(record) : .finish(record)
        case .pending:
            return begin(record, in: situation, retention: retention)
        case .sending(let attempt):
            // Whoever made this attempt is gone: commands of one id are handled one after the other, and every
            // handler that lives writes its outcome down.
            record.attempts = max(record.attempts, attempt.number)
            record.state = .uncertain(since: attempt.since)
            return afterUncertainty(
                record,
                detail: "the service stopped while the request was made",
                situation,
                retention
            )
        case .uncertain:
            return afterUncertainty(record, detail: "no answer came, and no receipt", situation, retention)
        }
    }

    private static func begin(_ record: MessageRecord, in situation: Situation, retention: Duration) -> Decision {
        let now = situation.now
        switch situation.preparation {
        case .invalid(_, let problems):
            let detail = problems.map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
            return record.settling(.invalid, EventError(.invalid, detail: detail, problems: problems), retention, now)
        case .ready(let prepared):
            if let expiresAt = prepared.facts.expiresAt, expiresAt <= now {
                let error = EventError(.expired, detail: "expires_at was \(expiresAt.rfc3339)")
                return record.settling(.expired, error, retention, now)
            }
            if let sendAt = prepared.facts.sendAt, sendAt > now { return .hold(until: sendAt) }
            var begun = record
            begun.state = .sending(Attempt(number: record.attempts + 1, since: now, owner: situation.boot))
            begun.updatedAt = now
            return .send(begun, prepared)
        }
    }

    private static func afterUncertainty(
        _ record: MessageRecord,
        detail: String,
        _ situation: Situation,
        _ retention: Duration
    ) -> Decision {
        let now = situation.now
        if let uuid = record.provedUUID {
            return .settle(record.settled(.accepted, messageUUID: uuid, error: nil, retention: retention, now: now))
        }
        if case .ready(let prepared) = situation.preparation, prepared.onUncertain == .resend {
            return begin(record, in: situation, retention: retention)
        }
        return record.settling(.failed, EventError(.uncertain, detail: detail), retention, now)
    }
}

extension Decision.Situation {
    /// The record of this command as one never carried out; a record that is replaced lends its version.
    func freshRecord(replacing old: MessageRecord?) -> MessageRecord {
        var facts: MessageFacts
        switch preparation {
        case .ready(let prepared): facts = prepared.facts
        case .invalid(let valid, _): facts = valid
        }
        facts.correlationID = correlationID
        facts.traceparent = traceparent
        var record = MessageRecord(id: id, bodyDigest: bodyDigest, lane: lane, facts: facts, now: firstSeen ?? now)
        record.version = old?.version ?? 0
        record.updatedAt = now
        return record
    }
}

extension MessageRecord {
    /// Whether the command ended as `invalid`, so that nothing can have been sent.
    package var isSettledInvalid: Bool { settlement?.outcome == .invalid }

    /// The end, where it has been reached.
    package var settlement: Settlement? {
        guard case .settled(let settlement) = state else { return nil }
        return settlement
    }

    /// The record with its end written in, kept from the later of now, `send_at` and `expires_at`.
    package func settled(
        _ outcome: Outcome,
        messageUUID: String?,
        error: EventError?,
        retention: Duration,
        now: Timestamp
    ) -> MessageRecord {
        settled(Settlement(outcome: outcome, messageUUID: messageUUID, error: error, at: now), retention: retention)
    }

    /// The record with its end written in.
    package func settled(_ settlement: Settlement, retention: Duration) -> MessageRecord {
        var record = self
        record.state = .settled(settlement)
        record.updatedAt = settlement.at
        let ends = [settlement.at, facts.sendAt, facts.expiresAt].compactMap(\.self)
        record.keepUntil = (ends.max() ?? settlement.at) + retention
        return record
    }

    fileprivate func settling(
        _ outcome: Outcome,
        _ error: EventError,
        _ retention: Duration,
        _ now: Timestamp
    ) -> Decision {
        .settle(settled(outcome, messageUUID: nil, error: error, retention: retention, now: now))
    }
}
