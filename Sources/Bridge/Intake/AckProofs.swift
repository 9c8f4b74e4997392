import Contracts
import Synchronization

/// Knows which acks are proved to have reached the broker.
///
/// An ack has no answer. It is first in memory, then in a socket, and it is lost when the connection ends before the
/// broker has read it: then the delivery comes again. Where the command has an id that is harmless, because its record
/// is found. One without an id is known only by the note of the id that it was given, so that note has to be kept for
/// as long as the ack can be lost.
///
/// The proof is the prefetch: the broker keeps at most so many deliveries of a channel unsettled, and reads what is
/// written on a channel in order. Suppose that after an ack was noted, twice the prefetch of deliveries have begun.
/// Their settlements were noted later than the ack, and can have been written before it only where they were in the
/// same batch, which has fewer of them than the prefetch. If the broker had not read the ack, at least as many of those
/// deliveries as the prefetch would be unsettled besides the acked one: one more than it allows. So it has read it, and
/// a quorum queue has settled it, because the queue counts the credit.
///
/// What is never proved, as with the last acks before a connection ends, stays noted for a day.
final class AckProofs: Sendable {
    private struct Channel {
        /// How many of its deliveries have been begun.
        var begun = 0
        /// What was acked on it, and the count that proves it; in the order of the acks.
        var unproved: [(id: CommandID, atCount: Int)] = []
    }

    private struct State {
        /// By number; later channels have higher ones.
        var channels: [UInt64: Channel] = [:]
        var proved: [CommandID] = []
    }

    /// How many channels are kept: those that a process has at a time, and some closed ones.
    private static let channelLimit = 16

    private let state = Mutex(State())

    /// A delivery is about to be handled.
    func begin(_ delivery: CommandDelivery) {
        state.withLock { state in
            var channel = state.channels[delivery.connection] ?? Channel()
            channel.begun += 1
            let begun = channel.begun
            let count = channel.unproved.prefix { $0.atCount <= begun }.count
            if count > 0 {
                state.proved += channel.unproved.prefix(count).map(\.id)
                channel.unproved.removeFirst(count)
            }
            state.channels[delivery.connection] = channel
            if state.channels.count > Self.channelLimit, let oldest = state.channels.keys.min() {
                state.channels[oldest] = nil
            }
        }
    }

    /// The ack of a command whose id the service gave was noted.
    ///
    /// - Returns: the commands whose acks were proved since the last call.
    func acked(_ id: CommandID, by delivery: CommandDelivery) -> [CommandID] {
        state.withLock { state in
            if let prefetch = delivery.prefetch, var channel = state.channels[delivery.connection] {
                channel.unproved.append((id, channel.begun + 2 * prefetch))
                state.channels[delivery.connection] = channel
            }
            defer { state.proved = [] }
            return state.proved
        }
    }
}
