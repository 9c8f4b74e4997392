package import Contracts

extension Decision {
    /// What a decision depends on besides the record: the copy and the moment.
    package struct Situation: Hashable, Sendable {
        package var id: CommandID
        package var bodyDigest: String
        package var lane: Lane
        package var preparation: Preparation
        /// The command's AMQP `correlation_id` and `traceparent`, for its events.
        package var correlationID: String?
        package var traceparent: String?
        /// Whether a client waits for this copy's reply (it has a `reply_to`).
        package var wantsReply: Bool
        package var marks: CopyMarks
        package var now: Timestamp
        /// What the missing receipt of an uncertain command means, where it has been assessed.
        package var silence: Silence?
        /// What is known of the process that made the last attempt; `over` where one process has the store to itself.
        package var standing = AttemptStanding.over

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

        /// Whether a settled command is carried out once more: corrected after `invalid`, or replayed from the dead
        /// letters.
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

extension Decision.Situation {
    /// The record of this command as one never carried out.
    ///
    /// It takes over the version of a record that it replaces, and whether the handset may have had the message.
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
        if let old {
            record.history = old.history
            let isReplay = marks.replay > old.replay
            record.history.note(.takenAgain, at: now, isReplay ? "replay \(marks.replay)" : "another body")
        }
        return record
    }
}
