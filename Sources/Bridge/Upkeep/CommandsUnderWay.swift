package import Contracts
import Synchronization

/// Since when commands have been under way in this process, for the age of the oldest one.
///
/// A command is under way from its delivery until it is acked: in a lane in which commands stand, the oldest one gets
/// older, whatever holds it up. One that waits in a wait queue of the broker is not under way.
package final class CommandsUnderWay: Sendable {
    private struct State {
        var last: UInt64 = 0
        var commands: [UInt64: (lane: Lane, since: ContinuousClock.Instant)] = [:]
    }

    private let state = Mutex(State())

    /// Nothing is under way yet.
    package init() {}

    /// Runs a handler of a command, which is under way meanwhile.
    package func during(_ delivery: CommandDelivery, _ handle: (CommandDelivery) async throws -> Void) async rethrows {
        let number = begin(Lane(routingKey: delivery.message.routingKey) ?? .send, at: .now)
        defer { end(number) }
        try await handle(delivery)
    }

    /// A command was delivered.
    ///
    /// - Returns: its number, for its end.
    func begin(_ lane: Lane, at now: ContinuousClock.Instant) -> UInt64 {
        state.withLock { state in
            state.last += 1
            state.commands[state.last] = (lane, now)
            return state.last
        }
    }

    /// A command is acked, or was handed back.
    func end(_ number: UInt64) {
        state.withLock { _ = $0.commands.removeValue(forKey: number) }
    }

    /// How long the oldest command of a lane has been under way; zero when there is none.
    package func oldest(_ lane: Lane, at now: ContinuousClock.Instant = .now) -> Duration {
        state.withLock { state in
            state.commands.values.filter { $0.lane == lane }.map { now - $0.since }.max() ?? .zero
        }
    }
}
