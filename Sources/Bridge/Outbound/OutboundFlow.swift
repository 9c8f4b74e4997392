import Contracts
import SMSCore

/// The path of a command, from the queue to the ack.
///
/// decode → look up → decide → take the slots → write down the intent → send → write down the outcome → dead letter,
/// where due → event → reply → mark as published → ack. The order makes it safe; docs/delivery-guarantees.md says what
/// follows from a crash between any two of these steps.
package final class OutboundFlow: Sendable {
    let parts: Parts
    let policy: Policy
    let outcomes: OutcomePublisher
    let retryQueues: RetryQueues
    let judge: UncertaintyJudge
    let poison: PoisonWatch
    let report: OutboundReport
    let clock: any Clock<Duration>
    let locks = KeyedLocks<CommandID>()
    let inHand = CommandsInHand()
    let proofs = AckProofs()

    /// A flow; the clock is what its short waits run on.
    package init(_ parts: Parts, policy: Policy, clock: any Clock<Duration> = ContinuousClock()) {
        self.parts = parts
        self.policy = policy
        self.clock = clock
        outcomes = OutcomePublisher(outlet: parts.outlet, campaigns: parts.campaigns, onStep: parts.onStep)
        retryQueues = RetryQueues(outlet: parts.outlet)
        judge = UncertaintyJudge(
            store: parts.store,
            listener: parts.listener,
            retrier: parts.retrier,
            logger: parts.logger,
            wait: policy.decision.uncertainWait
        )
        poison = PoisonWatch(store: parts.store, retrier: parts.retrier)
        report = OutboundReport(logger: parts.logger, privacy: policy.privacy, traces: parts.traces)
    }

    /// Carries out one delivery, to its ack.
    ///
    /// - Throws: `CancellationError` when the service stops before the command's end; the delivery is then neither
    ///   acked nor given back, and no request of it is under way.
    package func handle(_ delivery: CommandDelivery) async throws {
        proofs.begin(delivery)
        try await poison.watch(delivery) { watched in
            let envelope = try await watched.marked { try await open(delivery) }
            switch envelope {
            case .unidentified(let problems): try await deadLetter(delivery, .invalid, problems.sentence)
            case .command(let command): try await carryOut(command, watched)
            }
        } park: { times in
            try await park(delivery, times: times)
        }
    }

    // MARK: - The steps

    func open(_ delivery: CommandDelivery) async throws -> CommandEnvelope {
        let envelope = try await CommandEnvelope.open(
            delivery,
            names: policy.names,
            defaultSender: policy.defaultSender,
            now: now()
        ) { digest in
            let fresh = CommandID.random()
            return try await retrier.untilDone("claim id") {
                try await store.claimAnonymousID(
                    // The same body in both lanes is two commands.
                    digest: "\(delivery.message.routingKey) \(digest)",
                    isRedelivered: delivery.isRedelivered,
                    holder: "\(policy.boot.text)/\(delivery.connection)",
                    fresh: fresh,
                    now: now()
                )
            }
        }
        try passed(.opened)
        return envelope
    }

    func carryOut(_ command: OpenedCommand, _ watched: WatchedDelivery) async throws {
        try await locks.withLock(command.id) { hasWaited in
            switch try await proceed(command, watched) {
            case .settled(let record):
                try await outcomes.publish(record, for: command, .everything, isReused: isReuse(record, command))
                if try await markPublished(record) { report.outcome(of: record) }
            case .publishedBefore(let record):
                // A copy that waited here for another, or in the broker, lacks only its reply.
                let isJoined = hasWaited || command.situation.marks.wait > 0
                let extent: OutcomePublisher.Extent = isJoined ? .reply : .eventAndReply
                try await outcomes.publish(record, for: command, extent, isReused: isReuse(record, command))
            case .onItsWay:
                break
            }
        }
        // An ack that was not sent leaves the note as it is, because the command comes again.
        if await command.delivery.ack(), command.isAnonymous {
            let proved = proofs.acked(command.id, by: command.delivery)
            try await retrier.untilDone("note ack") {
                try await store.noteAnonymousAck(of: command.id, proved: proved, at: now())
            }
        }
    }

    /// The state of a copy when it is acked.
    enum End {
        /// The command is settled, and its outcome has not been published.
        case settled(MessageRecord)
        case publishedBefore(MessageRecord)
        /// Another copy carries the command: in a wait queue, or in its lane.
        case onItsWay
    }

    /// What follows a step of this copy.
    enum Next {
        case end(End)
        /// Another was faster with a write, or the wait is over: look up and decide anew.
        case decideAnew
    }

    /// Looks up, decides and acts, until this copy has done its part; where another write was faster it reads again and
    /// decides anew.
    func proceed(_ command: OpenedCommand, _ watched: WatchedDelivery) async throws -> End {
        var situation = command.situation
        var doubt: EventError?
        var isCounted = false
        defer { inHand.put(command.id) }
        while true {
            let record = try await retrier.untilDone("look up", command.metadata) {
                try await store.record(of: command.id)
            }
            try passed(.lookedUp)
            if !isCounted, record.map(situation.begins(anewAfter:)) ?? true {
                report.received(command)
                inHand.take(command.id)
                isCounted = true
            }
            situation.standing = try await standing(of: record)
            situation.now = now()
            situation.preparation = command.preparation(knowing: record)
            let present = situation
            let decision = try await watched.marked { Decision.of(record, in: present, policy: policy.decision) }
            switch decision {
            case .republish(let record):
                return .publishedBefore(record)
            case .finish(let record):
                return .settled(record)
            case .leave:
                if let record { _ = isReuse(record, command) }
                return .onItsWay
            case .settle(let record):
                if case .end(let end) = try await settle(record) { return end }
            case .join(let until):
                if try await join(command, record, until: until) { return .onItsWay }
            case .wait(let record, let until):
                if case .end(let end) = try await wait(command, record, until: until, doubt) { return end }
                situation.silence = nil
            case .assess(let record):
                guard case .uncertain(let attempt) = record.state else { continue }
                situation.silence = try await judge.assess(record, attempt: attempt, now: now())
            case .send(let record, let prepared):
                situation.silence = nil
                if case .end(let end) = try await send(command, record, prepared, watched, &doubt) { return end }
            }
        }
    }

    // MARK: - Ends

    func settle(_ record: MessageRecord) async throws -> Next {
        guard let settled = try await write(record, "settle") else { return .decideAnew }
        return .end(.settled(settled))
    }

    /// Writes that an outcome is published.
    ///
    /// - Returns: false when a cancellation has published it meanwhile.
    func markPublished(_ record: MessageRecord) async throws -> Bool {
        var current: MessageRecord? = record
        var isFirst = true
        while let present = current, present.settlement == record.settlement {
            isFirst = !present.isPublished
            if present.isPublished { break }
            if try await write(present.published(at: now()), "mark published") != nil { break }
            // A receipt has added its proof meanwhile.
            current = try await retrier.untilDone("look up", record.metadata) { try await store.record(of: record.id) }
        }
        try passed(.markedPublished)
        return isFirst
    }

    /// Dead-letters a message that no event can be published about.
    func deadLetter(_ delivery: CommandDelivery, _ code: ErrorCode, _ detail: String) async throws {
        report.unidentified(delivery, detail)
        try await parts.outlet.deadLetter(delivery.message, DeadLetterReason(code, detail, firstSeen: now()))
        _ = await delivery.ack()
    }

    // MARK: - What the steps share

    /// A conditional write; nil when another writer was faster.
    func write(_ record: MessageRecord, _ step: String) async throws -> MessageRecord? {
        let written = try await retrier.untilDone(step, record.metadata) { try await store.save(record) }
        inHand.put(record.id)
        return written
    }

    /// A conditional write that must be made although the service stops.
    func writeUncancelled(_ record: MessageRecord, _ step: String) async throws -> MessageRecord? {
        let store = store
        return try await retrier.untilDoneUncancelled(step, record.metadata) { try await store.save(record) }
    }

    func isReuse(_ record: MessageRecord, _ command: OpenedCommand) -> Bool {
        let isReuse = command.situation.isReuse(of: record)
        if isReuse { report.reuse(of: command) }
        return isReuse
    }
}

extension [Problem] {
    /// All problems in one line.
    var sentence: String { map { "\($0.field): \($0.problem)" }.joined(separator: "; ") }
}
