import Contracts
import Synchronization

/// Tells which acks are proved to have reached the broker.
///
/// An ack has no answer. It is a note in memory first, then bytes in a socket, and it is lost when the connection ends
/// before the broker has read it: the delivery comes again. Where the command has an id that is harmless, for its record is
/// found. One without an id is known only by the note of the id that it was given, so that note has to outlive its ack for
/// as long as the ack can be lost.
///
/// The proof is the prefetch: the broker keeps at most so many deliveries of a channel unsettled, and reads what is written
/// on a channel in order. Say that twice the prefetch of deliveries have been begun after an ack was noted. Settlements of
/// theirs were noted later than the ack, and can have been written before it only where they stood in the same batch, of
/// which there are fewer than the prefetch. Had the broker not read the ack, then of those deliveries at least as many as
/// the prefetch would have been unsettled besides the acked one: one more than it allows. So it has read it, and a quorum
/// queue has settled it, for it is the queue that counts the credit.
///
/// What is never proved, as with the last acks before a connection ends, stays noted for a day.
final class AckProofs: Sendable {
    private struct Channel {
        /// How many of its deliveries have been begun.
        var begun = 0
        /// What was acked on it, and the count that proves it; in the order of acking.
        var unproved: [(id: CommandID, atCount: Int)] = []
    }

    private struct State {
        /// By number; later channels have higher ones.
        var channels: [UInt64: Channel] = [:]
        var proved: [CommandID] = []
    }

    /// How many channels are remembered: those of a process at a time, and some that are gone.
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

    /// The ack of a command with an id of ours was noted.
    ///
    /// - Returns: the commands whose acks have been proved since this was asked last.
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
