package import Contracts
import CoreMetrics
package import Logging
package import SMSCore

/// The path of a command, from the queue to the ack.
///
/// decode → look up → decide → take the slots → write down the intent → send → write down the outcome → dead letter, where
/// due → event → reply → mark told → ack. The order is what makes it safe; docs/delivery-guarantees.md tells what a crash
/// between any two of these steps leaves behind.
package struct OutboundFlow: Sendable {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var store: any MessageStore
        package var listener: any ListenerLog
        package var sender: any SMSSender
        package var gate: SendGate
        package var publisher: any EventPublisher
        package var teller: OutboundTeller
        package var insistence: Insistence
        package var logger: Logger
        /// The wall-clock time.
        package var now: @Sendable () -> Timestamp
        /// Called after each step.
        package var onStep: OutboundStep.Hook

        /// The parts, from the composition root.
        package init(
            store: any MessageStore,
            listener: any ListenerLog,
            sender: any SMSSender,
            gate: SendGate,
            publisher: any EventPublisher,
            teller: OutboundTeller,
            insistence: Insistence,
            logger: Logger,
            now: @escaping @Sendable () -> Timestamp = { .now },
            onStep: @escaping OutboundStep.Hook = { _ in }
        ) {
            self.store = store
            self.listener = listener
            self.sender = sender
            self.gate = gate
            self.publisher = publisher
            self.teller = teller
            self.insistence = insistence
            self.logger = logger
            self.now = now
            self.onStep = onStep
        }
    }

    /// The rules that come from configuration.
    package struct Policy: Sendable {
        package var names: BrokerNames
        /// `VONAGE_NUMBER`.
        package var defaultSender: Sender?
        package var decision: Decision.Policy
        /// This run of the service.
        package var boot: BootID
        /// What log lines may tell of people.
        package var privacy: LogPrivacy

        /// Rules for one run.
        package init(
            names: BrokerNames,
            defaultSender: Sender?,
            decision: Decision.Policy,
            boot: BootID,
            privacy: LogPrivacy = LogPrivacy()
        ) {
            self.names = names
            self.defaultSender = defaultSender
            self.decision = decision
            self.boot = boot
            self.privacy = privacy
        }
    }

    let store: any MessageStore
    let sender: any SMSSender
    let gate: SendGate
    let teller: OutboundTeller
    let ladder: WaitLadder
    let judge: UncertaintyJudge
    let poison: PoisonWatch
    let insist: Insistence
    let logger: Logger
    let report: OutboundReport
    let now: @Sendable () -> Timestamp
    let passed: OutboundStep.Hook
    let policy: Policy
    let locks = KeyedLocks<CommandID>()
    let inHand = CommandsInHand()
    let proofs = AckProofs()
    let clock: any Clock<Duration>

    /// A flow; the clock is what its short waits run on.
    package init(_ parts: Parts, policy: Policy, clock: any Clock<Duration> = ContinuousClock()) {
        self.store = parts.store
        self.sender = parts.sender
        self.gate = parts.gate
        self.teller = parts.teller
        self.ladder = WaitLadder(
            sure: SurePublisher(publisher: parts.publisher, insistence: parts.insistence, logger: parts.logger),
            names: policy.names
        )
        self.judge = UncertaintyJudge(
            store: parts.store,
            listener: parts.listener,
            insistence: parts.insistence,
            logger: parts.logger,
            wait: policy.decision.uncertainWait
        )
        self.poison = PoisonWatch(store: parts.store, insistence: parts.insistence)
        self.insist = parts.insistence
        self.logger = parts.logger
        self.report = OutboundReport(logger: parts.logger, privacy: policy.privacy)
        self.now = parts.now
        self.passed = parts.onStep
        self.policy = policy
        self.clock = clock
    }

    /// How many commands were seen and are not in the ledger yet.
    package var inHandCount: Int { inHand.count }

    /// Carries one delivery out, to its ack.
    ///
    /// - Throws: `CancellationError` when the service stops before the command's end; the delivery is then neither acked
    ///   nor given back, and no request of it is under way.
    package func handle(_ delivery: CommandDelivery) async throws {
        proofs.begin(delivery)
        try await poison.watch(delivery) { watched in
            let envelope = try await watched.marked { try await open(delivery) }
            switch envelope {
            case .unidentified(let problems): try await bury(delivery, .invalid, problems.sentence, .fix)
            case .command(let command): try await carryOut(command, watched)
            }
        } park: { times in
            try await park(delivery, times: times)
        }
    }

    // MARK: - The line, step by step

    func open(_ delivery: CommandDelivery) async throws -> CommandEnvelope {
        let envelope = try await CommandEnvelope.open(
            delivery,
            names: policy.names,
            defaultSender: policy.defaultSender,
            now: now()
        ) { digest in
            let fresh = CommandID.random()
            return try await insist.on("claim id") {
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
                try await teller.tell(record, to: command, .everything, isReused: isReuse(record, command))
                if try await markPublished(record) { report.outcome(of: record) }
            case .toldBefore(let record):
                // Who waited here for another copy, or in the broker, has missed nothing but the reply.
                let isJoined = hasWaited || command.situation.marks.wait > 0
                let extent: OutboundTeller.Extent = isJoined ? .reply : .eventAndReply
                try await teller.tell(record, to: command, extent, isReused: isReuse(record, command))
            case .onItsWay:
                break
            }
        }
        // An ack that did not get out leaves the note as it is, for the command comes again.
        if await command.delivery.ack(), command.isAnonymous {
            let proved = proofs.acked(command.id, by: command.delivery)
            try await insist.on("note ack") {
                try await store.noteAnonymousAck(of: command.id, proved: proved, at: now())
            }
        }
    }

    /// How far a copy has come when it is acked.
    enum End {
        /// The command is settled, and nobody has been told.
        case settled(MessageRecord)
        case toldBefore(MessageRecord)
        /// Another copy carries the command: in a wait queue, or in its lane.
        case onItsWay
    }

    /// Looks up, decides and acts, until this copy has done its part; whoever loses a write reads again and decides anew.
    func proceed(_ command: OpenedCommand, _ watched: WatchedDelivery) async throws -> End {
        var situation = command.situation
        var doubt: EventError?
        var isCounted = false
        defer { inHand.put(command.id) }
        while true {
            let record = try await insist.on("look up", command.metadata) { try await store.record(of: command.id) }
            try passed(.lookedUp)
            if !isCounted, record.map(situation.begins(anewAfter:)) ?? true {
                report.received(command)
                inHand.take(command.id)
                isCounted = true
            }
            situation.now = now()
            situation.preparation = command.preparation(knowing: record)
            let present = situation
            let decision = try await watched.marked { Decision.of(record, in: present, policy: policy.decision) }
            switch decision {
            case .republish(let record):
                return .toldBefore(record)
            case .finish(let record):
                return .settled(record)
            case .leave:
                if let record { _ = isReuse(record, command) }
                return .onItsWay
            case .settle(let record):
                if let settled = try await write(record, "settle") { return .settled(settled) }
            case .join(let until):
                if try await join(command, record, until: until) { return .onItsWay }
            case .wait(let record, let until):
                if let end = try await wait(command, record, until: until, doubt) { return end }
                situation.silence = nil
            case .assess(let record):
                guard case .uncertain(let attempt) = record.state else { continue }
                situation.silence = try await judge.assess(record, attempt: attempt, now: now())
            case .send(let record, let prepared):
                situation.silence = nil
                if let end = try await send(command, record, prepared, watched, &doubt) { return end }
            }
        }
    }

    // MARK: - Ends

    func settle(_ record: MessageRecord) async throws -> End? {
        try await write(record, "settle").map(End.settled)
    }

    /// Writes down that an outcome was told.
    ///
    /// - Returns: false when a cancellation has told it meanwhile.
    func markPublished(_ record: MessageRecord) async throws -> Bool {
        var current: MessageRecord? = record
        var isFirst = true
        while var told = current, told.settlement == record.settlement {
            isFirst = !told.isPublished
            if told.isPublished { break }
            told.isPublished = true
            if try await write(told, "mark told") != nil { break }
            // A receipt has added its proof meanwhile.
            current = try await insist.on("look up", record.metadata) { try await store.record(of: record.id) }
        }
        try passed(.toldMarked)
        return isFirst
    }

    func bury(
        _ delivery: CommandDelivery,
        _ code: ErrorCode,
        _ detail: String,
        _ advice: DeadLetter.Advice
    ) async throws {
        let now = now()
        report.unidentified(delivery, detail)
        try await teller.bury(
            delivery.message,
            code: code.rawValue,
            detail: detail,
            attempts: 0,
            firstSeen: now,
            lastSeen: now,
            advice: advice
        )
        _ = await delivery.ack()
    }

    // MARK: - What the steps share

    /// A conditional write; nil when somebody else was faster.
    func write(_ record: MessageRecord, _ step: String) async throws -> MessageRecord? {
        let written = try await insist.on(step, record.metadata) { try await store.save(record) }
        inHand.put(record.id)
        return written
    }

    /// A conditional write that must be made although the service stops.
    func writeUncancelled(_ record: MessageRecord, _ step: String) async throws -> MessageRecord? {
        let store = store
        return try await insist.onUncancelled(step, record.metadata) { try await store.save(record) }
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
