import Contracts
import CoreMetrics
import SMSCore

/// Taking the slots, the intent, the request, and its result.
extension OutboundFlow {
    /// Takes the slots, writes the intent, makes the request, writes the outcome.
    func send(
        _ command: OpenedCommand,
        _ record: MessageRecord,
        _ prepared: PreparedCommand,
        _ watched: WatchedDelivery,
        _ doubt: inout EventError?
    ) async throws -> Next {
        // What must not be sent takes no slot; where slots cost nothing, the look in the intent's transaction is enough.
        if !gate.isFree, let bar = try await bar(on: record) {
            return try await settle(record.barred(by: bar, retention: policy.decision.retention, now: now()))
        }
        let request = SlotRequest(
            id: record.id,
            lane: command.situation.lane,
            sender: prepared.sms.from,
            segments: record.facts.segments ?? 1,
            isReturned: command.situation.marks.wait > 0
        )
        switch try await gate.pass(request, reservation: record.reservedSlot) {
        case .later(let until):
            var waiting = record.waiting(until: until, now: now(), for: .rate).older(notBy: until - now())
            waiting.reservedSlot = until
            return try await wait(command, waiting, until: until, doubt)
        case .go(let pass):
            // Passing the gate may have taken some time.
            if prepared.isOver(at: now()) || !isOpen(command, prepared) { return .decideAnew }
            BridgeMetrics.rateLimitWait().recordNanoseconds(pass.waited.wholeMilliseconds * 1_000_000)
            try passed(.slotsTaken)
            let shared = try await sharedSlot(for: request, record, pass)
            if case .later(let rest) = shared {
                pass.giveBack()
                let until = now() + rest
                let waiting = record.waiting(until: until, now: now(), for: .rate).older(notBy: rest)
                return try await wait(command, waiting, until: until, doubt)
            }
            await shared.waitUntilNear()
            return try await watched.marked {
                try await attempt(command, record, prepared, pass, request, shared, &doubt)
            }
        }
    }

    /// Writes the intent, makes the request, writes the outcome.
    private func attempt(
        _ command: OpenedCommand,
        _ record: MessageRecord,
        _ prepared: PreparedCommand,
        _ pass: GatePass,
        _ request: SlotRequest,
        _ shared: RateSlices.Slot,
        _ doubt: inout EventError?
    ) async throws -> Next {
        let intent = record.older(notBy: pass.waited).beginning(at: now(), by: policy.boot)
        let leaseBegin = ContinuousClock.now
        switch try await begin(intent) {
        case .lost:
            return .decideAnew
        case .barred(let bar):
            pass.giveBack()
            return try await settle(record.barred(by: bar, retention: policy.decision.retention, now: now()))
        case .begun(let begun):
            try passed(.intentWritten)
            await pass.waitForSlot()
            let slot = await waitForSharedSlot(shared, for: request, since: leaseBegin)
            if Task.isCancelled {
                // The grace is over, and nothing was sent.
                pass.giveBack()
                try await takeBack(begun, to: record)
                throw CancellationError()
            }
            if isLeaseSpent(since: leaseBegin) || slot.isAway {
                // The write or the slot took so long, or this process was frozen, that another one may soon take the
                // attempt for lost, or there is no slot near. Nothing was sent.
                pass.giveBack()
                try await takeBack(begun, to: record)
                return .decideAnew
            }
            if prepared.isOver(at: now()) {
                // The write or the slot took so long that it expired. Nothing was sent.
                pass.giveBack()
                return try await settle(record.overdue(begun, policy.decision, now: now()))
            }
            if !isOpen(command, prepared) {
                // Its window has closed meanwhile.
                pass.giveBack()
                try await takeBack(begun, to: record)
                return .decideAnew
            }
            let outcome = await self.request(prepared, command, begun, pass)
            try passed(.requestMade)
            let next = try await conclude(begun, with: outcome, isProbe: pass.isProbe, &doubt)
            try passed(.outcomeWritten)
            return next
        }
    }

    /// Whether its window, if it has one, is open now.
    private func isOpen(_ command: OpenedCommand, _ prepared: PreparedCommand) -> Bool {
        policy.decision.isOpen(for: prepared, in: command.situation.lane, at: now())
    }

    /// Writes the record as it was before an intent that no request followed, so that no attempt is counted and nothing
    /// is uncertain, even if another process has taken it for uncertain meanwhile; it is written although the task is
    /// cancelled.
    private func takeBack(_ begun: MessageRecord, to record: MessageRecord) async throws {
        let store = store
        var current: MessageRecord? = begun
        while let present = current, present.stands(as: begun) {
            var before = record.notBegun(present)
            if let uuid = before.provedUUID {
                // The receipt of an earlier request came at this moment, and counts as an answer.
                let accepted = Settlement(outcome: .accepted, messageUUID: uuid, error: nil, at: now())
                before = before.settled(accepted, retention: policy.decision.retention)
            }
            if try await writeUncancelled(before, "take intent back") != nil { return }
            current = try await retrier.untilDoneUncancelled("look up", record.metadata) {
                try await store.record(of: begun.id)
            }
        }
    }

    /// The intent is on disk before the request is made.
    func begin(_ intent: MessageRecord) async throws -> IntentResult {
        let result = try await retrier.untilDone("write intent", intent.metadata) { try await store.begin(intent) }
        if case .begun = result { inHand.put(intent.id) }
        return result
    }

    func request(
        _ prepared: PreparedCommand,
        _ command: OpenedCommand,
        _ record: MessageRecord,
        _ pass: GatePass
    ) async -> SubmitOutcome {
        let start = ContinuousClock.now
        let outcome = await parts.sender.send(prepared.sms.expiring(at: prepared.facts.expiresAt, now: now()))
        pass.finish(outcome: outcome)
        report.attempt(
            outcome,
            of: command,
            record,
            isProbe: pass.isProbe,
            text: prepared.sms.text,
            took: ContinuousClock.now - start
        )
        return outcome
    }

    /// The outcome is on disk before anything is published; it is written although the task is cancelled.
    ///
    /// A receipt can change the record while the request runs: then it is read again, and what the receipt proved
    /// overrides anything but an answer.
    func conclude(
        _ begun: MessageRecord,
        with outcome: SubmitOutcome,
        isProbe: Bool,
        _ doubt: inout EventError?
    ) async throws -> Next {
        var current: MessageRecord? = begun
        while let record = current.flatMap({ $0.asBegun(begun, by: outcome) }) {
            let concluded = apply(outcome, to: record, isProbe: isProbe, &doubt)
            if let written = try await writeUncancelled(concluded, "write outcome") {
                return written.settlement == nil ? .decideAnew : .end(.settled(written))
            }
            current = try await retrier.untilDone("look up", record.metadata) { try await store.record(of: record.id) }
        }
        return .decideAnew
    }

    /// The record after an outcome.
    func apply(
        _ outcome: SubmitOutcome,
        to begun: MessageRecord,
        isProbe: Bool,
        _ doubt: inout EventError?
    ) -> MessageRecord {
        guard case .sending(let attempt) = begun.state else { return begun }
        let now = now()
        var record = begun
        record.updatedAt = now
        if outcome.countsAsAttempt(isProbe: isProbe) { record.attempts = attempt.number }
        if let uuid = begun.provedUUID {
            let accepted = Settlement(outcome: .accepted, messageUUID: uuid, error: nil, at: now)
            return record.settled(accepted, retention: policy.decision.retention)
        }
        let disposition = Disposition.of(
            outcome,
            record: record,
            isProbe: isProbe,
            othersPass: begun.troubledAt.map { gate.wasAnotherAccepted(after: $0, than: begun.id) } ?? false,
            schedule: policy.decision.schedule,
            now: now,
            spread: .random(in: 0...1)
        )
        switch disposition {
        case .settle(let settlement):
            record.attempts = attempt.number
            return record.settled(settlement, retention: policy.decision.retention)
        case .wait(let error):
            doubt = error
            record.state = .uncertain(since: attempt.since)
            record.notBefore = now + policy.decision.uncertainWait
            record.history.note(.uncertain, at: now, until: record.notBefore, error.detail)
        case .tryAgain(let delay, let reason):
            let near = WaitLevel.nearest(to: delay)
            // Nothing is sent before a 429's time is over.
            let pause = reason == .throttled ? max(near, delay) : near
            record.state = .pending
            record.notBefore = now + pause
            record.history.note(.notTaken, at: now, until: record.notBefore, outcome.failure)
            switch reason {
            case .unavailable:
                record.firstFailureAt = record.firstFailureAt ?? now
            case .account:
                record.troubledAt = now
                record = record.older(notBy: pause)
            case .throttled, .probe:
                record = record.older(notBy: pause)
            }
        }
        return record
    }
}
