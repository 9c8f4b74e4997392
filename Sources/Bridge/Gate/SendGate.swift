package import Contracts
package import SMSCore
import ServiceLifecycle
import Synchronization

/// Where every command waits until it may be sent: the lanes, the rates, the connections and the breaker.
///
/// All decisions are `SlotScheduler`'s; this is the I/O around it. One task, `run`, is the only timer: it sleeps until
/// the scheduler's next moment, and a doorbell wakes it when there is an earlier one. Nothing is polled, a waiting
/// command has no timer of its own, and slots are absolute times, so that a late wake-up delays one command and not all
/// that follow.
///
/// As a service it stands before the workers in their group, so that it ends after them.
package final class SendGate: Service, Sendable {
    /// A command that waits; by ticket number.
    private enum Waiter {
        /// It has its ticket, and is about to wait.
        case entered
        /// Resumed once, outside the lock, by what takes it out of the table: an action of the scheduler, the
        /// cancellation of the waiting task, or the end of `run`.
        case waiting(CheckedContinuation<SlotScheduler.Action, any Error>)
        /// The answer came before the wait.
        case answered(Result<SlotScheduler.Action, any Error>)
    }

    private struct State {
        var scheduler: SlotScheduler
        var waiters: [TicketNumber: Waiter] = [:]
        /// What `run` sleeps until; nil when it sleeps until it is woken.
        var alarm: Duration?
        var isOver = false
    }

    private typealias Delivery = (CheckedContinuation<SlotScheduler.Action, any Error>, SlotScheduler.Action)

    private static let slotsPerRequest = 4

    private let state: Mutex<State>
    private let time: GateTime
    private let doorbell = Doorbell()

    /// A gate with its limits and its time.
    package init(_ configuration: SlotScheduler.Configuration, time: GateTime = GateTime()) {
        self.state = Mutex(State(scheduler: SlotScheduler(configuration)))
        self.time = time
    }

    /// Waits for the right to send.
    ///
    /// - Parameters:
    ///   - request: the command that wants to be sent.
    ///   - reservation: the time of the `.later` that it was given before; nil when it comes for the first time.
    /// - Returns: the right, or until when the command waits in the broker: for its sender's slot, or because it has
    ///   waited here too long.
    /// - Throws: `CancellationError` when the task is cancelled while waiting, or the gate's service has ended; the
    ///   command has left nothing behind then.
    package func pass(_ request: SlotRequest, reservation: Timestamp? = nil) async throws -> GateAnswer {
        try Task.checkCancellation()
        switch try enter(request, reservation) {
        case .later(let until):
            return .later(until: timestamp(of: until))
        case .waits(let number):
            return answer(to: try await action(for: number))
        }
    }

    /// Wakes what is due, until the service ends; commands that wait then get a `CancellationError`.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let alarm = self.state.withLock { state in
                    state.alarm = state.scheduler.wake
                    return state.alarm
                }
                do { try await self.doze(until: alarm) } catch { break }
                self.turn { _, _ in }
            }
        }
        close()
    }

    // MARK: - Entering and waiting

    private func enter(_ request: SlotRequest, _ reservation: Timestamp?) throws -> SlotScheduler.Entry {
        try turn { state, now in
            if state.isOver { throw CancellationError() }
            let reservation = reservation.map { now + ($0 - time.wall()) }
            let entry = state.scheduler.enter(request, reservation: reservation, now: now)
            if case .waits(let number) = entry { state.waiters[number] = .entered }
            return entry
        }
    }

    private func action(for number: TicketNumber) async throws -> SlotScheduler.Action {
        if let result = takeAnswer(number) { return try result.get() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<SlotScheduler.Action, any Error>? in
                    if case .answered(let result) = state.waiters[number] {
                        state.waiters[number] = nil
                        return result
                    }
                    state.waiters[number] = .waiting(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func takeAnswer(_ number: TicketNumber) -> Result<SlotScheduler.Action, any Error>? {
        state.withLock { state in
            guard case .answered(let result) = state.waiters[number] else { return nil }
            state.waiters[number] = nil
            return result
        }
    }

    /// A grant that was made before holds: the waiting task gets it, and checks by itself whether it is cancelled.
    private func cancel(_ number: TicketNumber) {
        let continuation = turn { state, now -> CheckedContinuation<SlotScheduler.Action, any Error>? in
            switch state.waiters[number] {
            case .entered:
                state.waiters[number] = .answered(.failure(CancellationError()))
                state.scheduler.leave(number, now: now)
                return nil
            case .waiting(let continuation):
                state.waiters[number] = nil
                state.scheduler.leave(number, now: now)
                return continuation
            case .answered, nil:
                return nil
            }
        }
        continuation?.resume(throwing: CancellationError())
    }

    private func answer(to action: SlotScheduler.Action) -> GateAnswer {
        switch action {
        case .go(let grant): .go(GatePass(gate: self, grant: grant))
        case .turnAway(_, let until): .later(until: timestamp(of: until))
        }
    }

    // MARK: - What a pass does

    func finish(_ grant: SlotGrant, _ outcome: SubmitOutcome?) {
        turn { state, now in state.scheduler.finish(grant, outcome, now: now, wall: time.wall()) }
    }

    func waitForSlot(of grant: SlotGrant) async {
        var slot = grant.slot
        // A machine so busy that every wake-up is late must still send.
        for _ in 0..<Self.slotsPerRequest {
            if slot > time.now() {
                // A cancelled task waits no longer; it decides itself whether it still sends.
                do { try await time.sleep(slot) } catch { return }
            }
            let missed = slot
            let instead = state.withLock { $0.scheduler.slotInstead(of: missed, for: grant, now: time.now()) }
            guard let instead else { return }
            slot = instead
        }
    }

    // MARK: - The scheduler's actions

    /// Changes the scheduler, then performs its actions; every change goes through here.
    private func turn<Value>(
        _ change: (inout State, _ now: Duration) throws -> sending Value
    ) rethrows -> Value {
        let (value, deliveries, mustWake) = try state.withLock { state in
            let now = time.now()
            let value = try change(&state, now)
            let deliveries = state.scheduler.advance(now: now).compactMap { Self.deliver($0, in: &state.waiters) }
            return (value, deliveries, Self.mustWake(&state))
        }
        if mustWake { doorbell.ring() }
        for (continuation, action) in deliveries { continuation.resume(returning: action) }
        return value
    }

    private static func deliver(_ action: SlotScheduler.Action, in waiters: inout [TicketNumber: Waiter]) -> Delivery? {
        let number =
            switch action {
            case .go(let grant): grant.ticket
            case .turnAway(let number, _): number
            }
        if case .waiting(let continuation) = waiters[number] {
            waiters[number] = nil
            return (continuation, action)
        }
        waiters[number] = .answered(.success(action))
        return nil
    }

    /// Whether something is due before the alarm.
    private static func mustWake(_ state: inout State) -> Bool {
        guard let wake = state.scheduler.wake, state.alarm.map({ wake < $0 }) ?? true else { return false }
        state.alarm = wake
        return true
    }

    // MARK: - The timer

    /// Sleeps until a moment, or until the doorbell rings.
    private func doze(until alarm: Duration?) async throws {
        guard let alarm else { return try await doorbell.wait() }
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.time.sleep(alarm) }
            group.addTask { try await self.doorbell.wait() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Ends every wait with a `CancellationError`, and admits no further command; passes that were given stay valid.
    package func close() {
        let continuations = state.withLock { state in
            state.isOver = true
            var continuations: [CheckedContinuation<SlotScheduler.Action, any Error>] = []
            for (number, waiter) in state.waiters {
                switch waiter {
                case .answered: continue
                case .entered: state.waiters[number] = .answered(.failure(CancellationError()))
                case .waiting(let continuation):
                    state.waiters[number] = nil
                    continuations.append(continuation)
                }
                state.scheduler.leave(number, now: time.now())
            }
            return continuations
        }
        for continuation in continuations { continuation.resume(throwing: CancellationError()) }
    }

    private func timestamp(of moment: Duration) -> Timestamp {
        // Rounded up, because a reservation must not come back a millisecond before its slot.
        time.wall() + (moment - time.now()) + .microseconds(999)
    }
}

extension SendGate {
    /// Whether a request of another command was sent after a moment, and accepted.
    ///
    /// It serves the rule that a command which meets the account's trouble again, after another one was accepted in
    /// between, is `rejected`.
    ///
    /// - Parameters:
    ///   - moment: when the command met the trouble before.
    ///   - id: the command.
    /// - Returns: false also where this process does not remember.
    package func wasAnotherAccepted(after moment: Timestamp, than id: CommandID) -> Bool {
        state.withLock { $0.scheduler.breaker.acceptances.wasAnotherAccepted(after: moment, than: id) }
    }

    /// Whether a slot costs nothing now: nothing has a limit, and nothing pauses.
    var isFree: Bool { state.withLock { $0.scheduler.isFree(now: time.now()) } }

    /// The state of the gate now.
    package var snapshot: GateSnapshot {
        state.withLock { state in
            let now = time.now()
            return GateSnapshot(state.scheduler.snapshot(now: now), now: now, wall: time.wall())
        }
    }
}
