import NIOCore
import Synchronization

/// The connections of one port that have a slot; carries out what ``ConnectionSlots`` decides.
final class OpenConnections: Sendable {
    private struct State {
        var slots: ConnectionSlots
        var channels: [Int: any Channel] = [:]
    }

    private let state: Mutex<State>

    /// No connections yet.
    ///
    /// - Parameter slots: decides which connections stay.
    init(_ slots: ConnectionSlots) {
        state = Mutex(State(slots: slots))
    }

    /// Asks for a slot, which has to be given back with ``giveBack(_:)`` if there is one.
    ///
    /// The connection that loses its slot by it is closed, after the answer where a request has come over it meanwhile.
    ///
    /// - Returns: whether there is one.
    func take(_ channel: any Channel, from source: ConnectionSlots.Source) -> ConnectionSlots.Taking {
        let (taking, leaving) = state.withLock { state in
            let taking = state.slots.take(source)
            guard case .taken(let number, let other) = taking else { return (taking, nil as (any Channel)?) }
            state.channels[number] = channel
            return (taking, other.flatMap { state.channels.removeValue(forKey: $0) })
        }
        leaving?.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        return taking
    }

    /// Notes whether a request waits for its answer over a connection.
    func note(_ number: Int, isIdle: Bool) {
        state.withLock { $0.slots.note(number, isIdle: isIdle) }
    }

    /// Gives a slot back.
    func giveBack(_ number: Int) {
        state.withLock { state in
            state.slots.giveBack(number)
            state.channels[number] = nil
        }
    }
}
