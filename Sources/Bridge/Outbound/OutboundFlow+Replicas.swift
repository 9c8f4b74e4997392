import Contracts
import CoreMetrics
import SMSCore

/// What other processes that share the store have to do with a command.
extension OutboundFlow {
    /// What is known of the process that made the last attempt of a command whose end is not written.
    func standing(of record: MessageRecord?) async throws -> AttemptStanding {
        guard let record, let replicas = parts.replicas else { return .over }
        switch record.state {
        case .pending, .settled: return .over
        // One attempt of this process is over: copies of one command are handled here one after the other.
        case .sending(let attempt) where attempt.owner == policy.boot: return .over
        case .sending, .uncertain: break
        }
        return try await retrier.untilDone("look up lease", record.metadata) {
            try await replicas.standing(of: record.id)
        }
    }

    /// Whether so much of the lease of an attempt is over that its request must not begin.
    func isLeaseSpent(since begin: ContinuousClock.Instant) -> Bool {
        guard let replicas = parts.replicas else { return false }
        return ContinuousClock.now - begin > replicas.leaseLength / 2
    }

    /// A slot of the rate that all processes share.
    ///
    /// - Throws: `CancellationError` alone; the pass is given back then.
    func sharedSlot(for request: SlotRequest, _ record: MessageRecord, _ pass: GatePass) async throws -> RateSlices.Slot
    {
        guard let slices = parts.slices else { return .none }
        do {
            let slot = try await retrier.untilDone("take slots", record.metadata) {
                try await slices.slot(for: request)
            }
            if slot.isAway { BridgeMetrics.rateSlots("none").increment() }
            return slot
        } catch {
            pass.giveBack()
            throw error
        }
    }

    /// Waits for a slot of the rate that all processes share, and where its time is over by then for another one: what has
    /// gathered during a slow write or a pause of the whole process must not leave at once.
    ///
    /// - Returns: the slot that was waited for; `later` when none is near or so much of the lease is over that none would
    ///   be of use. It is of no use either when the task is cancelled.
    func waitForSharedSlot(
        _ slot: RateSlices.Slot,
        for request: SlotRequest,
        since begin: ContinuousClock.Instant
    ) async -> RateSlices.Slot {
        var slot = slot
        while true {
            await slot.wait()
            guard let slices = parts.slices, !Task.isCancelled, !isLeaseSpent(since: begin) else { return slot }
            guard slot.hasLapsed(at: .now) else {
                if slot != .none { BridgeMetrics.rateSlots("used").increment() }
                return slot
            }
            BridgeMetrics.rateSlots("late").increment()
            do { slot = try await slices.slot(for: request) } catch { return .later(.zero) }
            if slot.isAway { return slot }
        }
    }
}

extension RateSlices.Slot {
    /// Whether its time is over.
    func hasLapsed(at now: ContinuousClock.Instant) -> Bool {
        guard case .at(let moment, let tolerance) = self else { return false }
        return now - moment > tolerance
    }

    /// Whether no slot is near.
    var isAway: Bool {
        guard case .later = self else { return false }
        return true
    }

    /// Waits until the slot comes near: what is begun when its process dies is uncertain, so intents are written late, but
    /// in time for a slow disk.
    func waitUntilNear() async { await wait(leaving: .milliseconds(500)) }

    /// Waits for the slot, or for some time before it; a cancelled task does not, and decides itself whether it still
    /// sends.
    func wait(leaving rest: Duration = .zero) async {
        guard case .at(let moment, _) = self else { return }
        do { try await ContinuousClock().sleep(until: moment - rest, tolerance: .zero) } catch { return }
    }
}

extension MessageRecord {
    /// Whether nothing is known of the attempt that its own process has begun and knows the end of.
    ///
    /// Another process takes an attempt for uncertain whose process was frozen for longer than its lease.
    func stands(as begun: MessageRecord) -> Bool {
        guard case .sending(let attempt) = begun.state else { return false }
        return state == begun.state || state == .uncertain(since: attempt.since)
    }

    /// The record as its attempt's own process knows it, to write the attempt's end into.
    ///
    /// - Returns: nil when the record says something else by now, which stands; what the outcome does not say either stays
    ///   uncertain.
    func asBegun(_ begun: MessageRecord, by outcome: SubmitOutcome) -> MessageRecord? {
        if state == begun.state { return self }
        guard stands(as: begun), outcome.isDefinite else { return nil }
        var record = self
        record.state = begun.state
        return record
    }
}

extension SubmitOutcome {
    /// Whether it says what became of the request.
    fileprivate var isDefinite: Bool {
        switch self {
        case .uncertain: false
        case .accepted, .throttled, .refused, .accountTrouble, .unavailable: true
        }
    }
}
