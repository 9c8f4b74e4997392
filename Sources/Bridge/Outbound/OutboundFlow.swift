package import Contracts
import CoreMetrics
package import Logging
package import SMSCore

/// The path of a command, from the queue to the ack.
///
/// decode → look up → decide → write down the intent → send → write down the outcome → dead letter, where due → event →
/// reply → mark told → ack. The order is what makes it safe; docs/message-paths.md tells what a crash between any two of
/// these steps leaves behind.
package struct OutboundFlow: Sendable {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var store: any MessageStore
        package var sender: any SMSSender
        package var teller: OutboundTeller
        package var insistence: Insistence
        package var logger: Logger

        /// The parts, from the composition root.
        package init(
            store: any MessageStore,
            sender: any SMSSender,
            teller: OutboundTeller,
            insistence: Insistence,
            logger: Logger
        ) {
            self.store = store
            self.sender = sender
            self.teller = teller
            self.insistence = insistence
            self.logger = logger
        }
    }

    /// The rules that come from configuration.
    package struct Policy: Sendable {
        package var names: BrokerNames
        /// `VONAGE_NUMBER`.
        package var defaultSender: Sender?
        package var schedule: RetrySchedule
        /// `RECORD_RETENTION`.
        package var retention: Duration
        /// This run of the service.
        package var boot: BootID

        /// Rules for one run.
        package init(
            names: BrokerNames,
            defaultSender: Sender?,
            schedule: RetrySchedule,
            retention: Duration,
            boot: BootID
        ) {
            self.names = names
            self.defaultSender = defaultSender
            self.schedule = schedule
            self.retention = retention
            self.boot = boot
        }
    }

    private let store: any MessageStore
    private let sender: any SMSSender
    private let teller: OutboundTeller
    private let insist: Insistence
    private let logger: Logger
    private let policy: Policy
    private let locks = KeyedLocks<CommandID>()
    private let clock: any Clock<Duration>

    /// A flow; the clock is what its waits run on.
    package init(_ parts: Parts, policy: Policy, clock: any Clock<Duration> = ContinuousClock()) {
        self.store = parts.store
        self.sender = parts.sender
        self.teller = parts.teller
        self.insist = parts.insistence
        self.logger = parts.logger
        self.policy = policy
        self.clock = clock
    }

    /// Carries one delivery out, to its ack.
    ///
    /// - Throws: `CancellationError` when the service stops before the command's end; the delivery is then neither acked
    ///   nor given back, and no request of it is under way.
    package func handle(_ delivery: CommandDelivery) async throws {
        switch try await open(delivery) {
        case .unidentified(let problems):
            try await bury(delivery, problems)
        case .command(let command):
            try await locks.withLock(command.id) { hasWaited in
                let end = try await carryOut(command)
                try await tell(end, to: command, hasWaited: hasWaited)
            }
            await delivery.ack()
            if command.isAnonymous {
                try await insist.on("release id") { try await store.releaseAnonymousID(command.id) }
            }
            return
        }
        await delivery.ack()
    }

    // MARK: - The line, step by step

    private func open(_ delivery: CommandDelivery) async throws -> CommandEnvelope {
        try await CommandEnvelope.open(
            delivery,
            names: policy.names,
            defaultSender: policy.defaultSender,
            boot: policy.boot,
            now: .now
        ) { digest in
            let fresh = CommandID.random()
            return try await insist.on("claim id") {
                try await store.claimAnonymousID(
                    digest: digest,
                    isRedelivered: delivery.isRedelivered,
                    holder: "\(policy.boot.text)/\(delivery.connection)",
                    fresh: fresh,
                    now: .now
                )
            }
        }
    }

    /// How a command stands when its line is at an end, and what of it is left to tell.
    private enum End {
        case settled(MessageRecord)
        case toldBefore(MessageRecord)
    }

    /// Looks up, decides and acts, until the command is settled; whoever loses a write reads again and decides anew.
    private func carryOut(_ command: OpenedCommand) async throws -> End {
        while true {
            let record = try await insist.on("look up", command.metadata) { try await store.record(of: command.id) }
            var situation = command.situation
            situation.now = .now
            switch Decision.of(record, in: situation, retention: policy.retention) {
            case .retell(let record):
                return .toldBefore(record)
            case .finish(let record):
                return .settled(record)
            case .settle(let record):
                if let settled = try await write(record, "settle") { return .settled(settled) }
            case .hold(let until):
                try await clock.sleep(for: until - .now)
            case .send(let intent, let prepared):
                guard let begun = try await begin(intent) else { continue }
                let outcome = await request(prepared, command, begun)
                switch try await conclude(begun, with: outcome) {
                case .settled(let record): return .settled(record)
                case .again(let pause): try await clock.sleep(for: pause)
                case .lost: continue
                }
            }
        }
    }

    /// The intent is on disk before the request is made; nil when another was faster.
    private func begin(_ intent: MessageRecord) async throws -> MessageRecord? {
        switch try await insist.on("write intent", intent.metadata, { try await store.begin(intent) }) {
        case .begun(let record): record
        case .lost: nil
        }
    }

    private func request(
        _ prepared: PreparedCommand,
        _ command: OpenedCommand,
        _ record: MessageRecord
    ) async -> SubmitOutcome {
        let start = ContinuousClock.now
        let sms = prepared.sms.expiring(at: prepared.facts.expiresAt, now: .now)
        let outcome = await sender.send(sms)
        report(outcome, of: command, record, took: ContinuousClock.now - start)
        return outcome
    }

    private enum Conclusion {
        case settled(MessageRecord)
        case again(after: Duration)
        case lost
    }

    /// The outcome is on disk before anything is told; cancellation does not keep it from getting there.
    ///
    /// A receipt can change the record while the request runs: then it is read again, and what the receipt proved
    /// wins over anything less than an answer.
    private func conclude(_ begun: MessageRecord, with outcome: SubmitOutcome) async throws -> Conclusion {
        var current: MessageRecord? = begun
        while let record = current, record.state == begun.state {
            let (concluded, pause) = apply(outcome, to: record)
            if let written = try await writeUncancelled(concluded, "write outcome") {
                return written.settlement == nil ? .again(after: pause) : .settled(written)
            }
            current = try await insist.on("look up", record.metadata) { try await store.record(of: record.id) }
        }
        return .lost
    }

    /// The record after an outcome, and how long it rests before the next attempt, where there is one.
    private func apply(_ outcome: SubmitOutcome, to begun: MessageRecord) -> (MessageRecord, pause: Duration) {
        let now = Timestamp.now
        var record = begun
        if outcome.countsAsAttempt, case .sending(let attempt) = begun.state { record.attempts = attempt.number }
        record.updatedAt = now
        if let uuid = begun.provedUUID {
            let accepted = Settlement(outcome: .accepted, messageUUID: uuid, error: nil, at: now)
            return (record.settled(accepted, retention: policy.retention), .zero)
        }
        let disposition = Disposition.of(
            outcome,
            record: record,
            schedule: policy.schedule,
            now: now,
            spread: .random(in: 0...1)
        )
        switch disposition {
        case .settle(let settlement):
            return (record.settled(settlement, retention: policy.retention), .zero)
        case .wait:
            record.state = .uncertain(since: now)
            return (record, .zero)
        case .tryAgain(let pause, let reason):
            record.state = .pending
            if reason == .unavailable { record.firstFailureAt = record.firstFailureAt ?? now }
            return (record, pause)
        }
    }

    private func tell(_ end: End, to command: OpenedCommand, hasWaited: Bool) async throws {
        switch end {
        case .toldBefore(let record):
            let extent: OutboundTeller.Extent = hasWaited ? .reply : .eventAndReply
            try await teller.tell(record, to: command, extent, isReused: isReuse(record, command))
        case .settled(var record):
            try await teller.tell(record, to: command, .everything, isReused: isReuse(record, command))
            if let outcome = record.settlement?.outcome {
                BridgeMetrics.commands(record.lane, outcome).increment()
            }
            record.isTold = true
            _ = try await write(record, "mark told")
        }
    }

    private func bury(_ delivery: CommandDelivery, _ problems: [Problem]) async throws {
        let detail = problems.map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
        logger.warning(
            "a command without an id goes to the dead letters",
            metadata: [
                BridgeLogKey.problems.rawValue: "\(detail)",
                BridgeLogKey.routingKey.rawValue: "\(delivery.message.routingKey)",
            ]
        )
        let now = Timestamp.now
        let lane = Lane(routingKey: delivery.message.routingKey) ?? .send
        BridgeMetrics.commands(lane, .invalid).increment()
        try await teller.bury(
            delivery.message,
            code: ErrorCode.invalid.rawValue,
            detail: detail,
            attempts: 0,
            firstSeen: now,
            lastSeen: now,
            advice: .fix
        )
    }

    // MARK: - What the steps share

    /// A conditional write; nil when somebody else was faster.
    private func write(_ record: MessageRecord, _ step: String) async throws -> MessageRecord? {
        try await insist.on(step, record.metadata) { try await store.save(record) }
    }

    /// A conditional write that must be made although the service stops.
    private func writeUncancelled(_ record: MessageRecord, _ step: String) async throws -> MessageRecord? {
        let store = store
        return try await insist.onUncancelled(step, record.metadata) { try await store.save(record) }
    }

    private func isReuse(_ record: MessageRecord, _ command: OpenedCommand) -> Bool {
        let isReuse = command.situation.isReuse(of: record)
        if isReuse {
            logger.warning("an id came again with another body, and nothing is sent for it", metadata: command.metadata)
        }
        return isReuse
    }

    /// One wide line per attempt.
    private func report(
        _ outcome: SubmitOutcome,
        of command: OpenedCommand,
        _ record: MessageRecord,
        took duration: Duration
    ) {
        BridgeMetrics.attempts(outcome.label).increment()
        BridgeMetrics.sendDuration().recordNanoseconds(duration.wholeMilliseconds * 1_000_000)
        if record.attempts == 0 {
            let age = Timestamp.now - record.createdAt
            BridgeMetrics.commandAge().recordNanoseconds(age.wholeMilliseconds * 1_000_000)
        }
        var metadata = command.metadata
        metadata.merge(outcome.metadata) { $1 }
        if case .sending(let attempt) = record.state {
            metadata[BridgeLogKey.attempt.rawValue] = "\(attempt.number)"
        }
        metadata[BridgeLogKey.lane.rawValue] = "\(record.lane.rawValue)"
        metadata[BridgeLogKey.durationMS.rawValue] = "\(duration.wholeMilliseconds)"
        metadata[BridgeLogKey.segments.rawValue] = "\(record.facts.segments ?? 0)"
        metadata[BridgeLogKey.to.rawValue] = "\(record.facts.to.flatMap(PhoneNumber.init)?.description ?? "")"
        logger.info("sms.attempted", metadata: metadata)
    }
}
