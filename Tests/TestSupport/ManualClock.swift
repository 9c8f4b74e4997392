package import Contracts
import Synchronization

/// A clock that stands still until a test moves it.
///
/// `timestamp` is the wall-clock time that goes with it, beginning at `Samples.moment`.
package final class ManualClock: Clock {
    /// A moment of this clock: the time since its beginning.
    package struct Instant: InstantProtocol {
        package let sinceStart: Duration

        package func advanced(by duration: Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
        package func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
        package static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }
    }

    private struct Sleeper {
        let deadline: Instant
        /// Resumed once: by `advance`, or by cancellation; the one that takes the sleeper out of the list does it.
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(sinceStart: .zero)
        var nextNumber = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Sleeps that were cancelled before they began.
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// A clock at its beginning.
    package init() {}

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// The wall-clock time that goes with `now`.
    package var timestamp: Timestamp { Samples.moment + now.sinceStart }

    /// Moves the time on and wakes all whose time has come, the earliest first.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
        }
        for (_, sleeper) in due { sleeper.continuation.resume() }
    }

    /// Waits until so many tasks sleep on this clock, so that a test advances only when all have gone to bed.
    package func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                goToBed(Sleeper(deadline: deadline, continuation: continuation), number: number)
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func goToBed(_ sleeper: Sleeper, number: Int) {
        enum Outcome {
            case awake, cancelled
            case asleep([CheckedContinuation<Void, Never>])
        }
        let outcome: Outcome = state.withLock { state in
            if state.cancelled.remove(number) != nil { return .cancelled }
            if sleeper.deadline <= state.now { return .awake }
            state.sleepers[number] = sleeper
            let count = state.sleepers.count
            let satisfied = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return .asleep(satisfied)
        }
        switch outcome {
        case .awake: sleeper.continuation.resume()
        case .cancelled: sleeper.continuation.resume(throwing: CancellationError())
        case .asleep(let watchers): for watcher in watchers { watcher.resume() }
        }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state in
            guard let sleeper = state.sleepers.removeValue(forKey: number) else {
                state.cancelled.insert(number)
                return Sleeper?.none
            }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
