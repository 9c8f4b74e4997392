package import Contracts

/// What is remembered of one campaign: the ledger's row, by its id.
package struct CampaignRecord: Hashable, Sendable {
    /// The row's number, given by the store; 0 for one that is not in the store yet.
    package var number: Int64
    package let id: CommandID
    /// How many campaigns there have been under this id before, all of them `invalid`.
    package var generation: Int
    /// The number of the replay from the dead letters that began it; 0 for none.
    package var replay: Int
    package var terms: CampaignTerms
    /// See `CampaignTerms.digest`.
    package var termsDigest: String
    /// In how many messages it comes.
    package var parts: Int
    package var state: CampaignState
    /// Whether nothing more of it enters the lane.
    package var isPaused: Bool
    package var counts: CampaignCounts
    /// What is wrong with it; known in full once all parts are there.
    package var problems: ProblemList
    /// Whether the `started` event has been confirmed.
    package var isStartPublished: Bool
    /// When the last event about it was confirmed.
    package var publishedAt: Timestamp?
    /// How often counts or state have changed.
    package var version: Int64
    /// The `correlation_id` and `traceparent` of its first message.
    package var correlationID: String?
    package var traceparent: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// When the row may go; set at its end.
    package var keepUntil: Timestamp?

    /// A campaign of which the first part has come.
    package init(id: CommandID, terms: CampaignTerms, parts: Int, now: Timestamp) {
        number = 0
        self.id = id
        generation = 0
        replay = 0
        self.terms = terms
        termsDigest = terms.digest(parts: parts)
        self.parts = parts
        state = .collecting
        isPaused = false
        counts = CampaignCounts()
        problems = ProblemList()
        isStartPublished = false
        version = 0
        createdAt = now
        updatedAt = now
    }
}

/// Where a campaign stands.
package enum CampaignState: String, Hashable, Sendable, CaseIterable, Codable {
    /// Parts are missing, or are being written. Can go to: running, cancelling, invalid.
    case collecting
    /// Its recipients become commands. Can go to: cancelling, completed.
    case running
    /// What has not become a command is settled as cancelled. Can go to: cancelled.
    case cancelling
    /// Every recipient has an outcome, and that was published. The end.
    case completed
    /// The end of a campaign that was called back.
    case cancelled
    /// It broke a rule, nothing was sent, and that was published. The end, unless another campaign comes under its id.
    case invalid

    /// Whether nothing is to be done for it any more.
    package var isOver: Bool {
        switch self {
        case .collecting, .running, .cancelling: false
        case .completed, .cancelled, .invalid: true
        }
    }
}

/// Where a campaign's recipient stands.
package enum RecipientState: String, Hashable, Sendable, CaseIterable, Codable {
    /// No command yet.
    case waiting
    /// Its command is being published.
    case handing
    /// Its command is in the lane, or in the broker's wait queues.
    case handed
    /// It is not known whether its message was sent.
    case uncertain
    case accepted, rejected, failed, suppressed, expired, invalid, cancelled

    /// The state of a command's outcome.
    package init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .accepted: .accepted
            case .rejected: .rejected
            case .failed: .failed
            case .suppressed: .suppressed
            case .expired: .expired
            case .invalid: .invalid
            case .cancelled: .cancelled
            case .uncertain: .uncertain
            }
    }

    /// The outcome; nil while there is none.
    package var outcome: Outcome? {
        switch self {
        case .waiting, .handing, .handed, .uncertain: nil
        case .accepted: .accepted
        case .rejected: .rejected
        case .failed: .failed
        case .suppressed: .suppressed
        case .expired: .expired
        case .invalid: .invalid
        case .cancelled: .cancelled
        }
    }
}

/// How many recipients of a campaign stand where.
package struct CampaignCounts: Hashable, Sendable {
    /// By state; one without an entry has none.
    package var byState: [RecipientState: Int] = [:]
    /// Settled by ourselves, with no event yet.
    package var unpublished = 0
    /// How often a number came again.
    package var duplicates = 0

    /// No recipients.
    package init() {}

    /// How many are in a state.
    package subscript(state: RecipientState) -> Int {
        get { byState[state] ?? 0 }
        set { byState[state] = newValue == 0 ? nil : newValue }
    }

    /// Unique numbers.
    package var recipients: Int { byState.values.reduce(0, +) }
    /// Those whose command is under way.
    package var underWay: Int { self[.handing] + self[.handed] + self[.uncertain] }
    /// Those without an outcome.
    package var open: Int { self[.waiting] + underWay }
}

extension CampaignRecord {
    /// The word for its state in events.
    package var stateName: String {
        if state == .running, isPaused { return "paused" }
        return state.rawValue
    }

    /// Its figures, as events have them.
    package var event: CampaignEvent {
        var event = CampaignEvent(campaignID: id.text, state: stateName)
        event.recipients = counts.recipients
        event.accepted = counts[.accepted]
        event.rejected = counts[.rejected]
        event.failed = counts[.failed]
        event.suppressed = counts[.suppressed]
        event.expired = counts[.expired]
        event.invalid = counts[.invalid]
        event.cancelled = counts[.cancelled]
        event.uncertain = counts[.uncertain]
        event.pending = counts[.waiting] + counts[.handing] + counts[.handed]
        event.duplicates = counts.duplicates
        event.warnings = terms.warnings
        return event
    }

    /// Whether a campaign may begin anew under its id: after `invalid` nothing had been sent.
    ///
    /// One of which parts were missing may come as a whole now, so also the same part begins it.
    package func yields(toTermsDigest digest: String, isSamePart: Bool, replay: Int) -> Bool {
        guard state == .invalid else { return false }
        return digest != termsDigest || !isSamePart || replay > self.replay
            || problems.listed.contains { $0.problem.hasPrefix(Self.missing) }
    }

    /// Begins the problem of a campaign whose parts did not all come.
    private static let missing = "are missing: "

    /// What is wrong with a campaign of which only so many parts have come in time.
    package func lacking(closed: Int) -> Problem {
        Problem("parts", Self.missing + "\(closed) of \(parts) came within 24 hours")
    }

    /// Why an `invalid` campaign is one.
    package var error: EventError {
        let detail = problems.listed.map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
        var error = EventError(.invalid, detail: detail, problems: problems.listed)
        error.problemCount = problems.count
        return error
    }
}
