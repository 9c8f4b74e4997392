package import Contracts
import ServiceLifecycle
import Synchronization

/// Gives replies to the requests that wait for them, by correlation id.
package final class OutcomeBoard: Sendable {
    /// An outcome's event.
    package typealias Event = CloudEvent<OutboundEvent>

    private let waiting = Mutex<[String: AsyncStream<Event>.Continuation]>([:])
    private let clock: any Clock<Duration>

    /// An empty board; the clock is what the waits run on.
    package init(clock: any Clock<Duration> = ContinuousClock()) {
        self.clock = clock
    }

    /// How many requests wait.
    package var count: Int { waiting.withLock { $0.count } }

    /// Takes a place on the board, before the command is published; it is given back by `Place.leave`.
    ///
    /// - Parameter correlationID: what the reply will carry; it must be unique.
    /// - Returns: the place.
    package func expect(_ correlationID: String) -> Place {
        let (replies, reply) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(1))
        waiting.withLock { $0[correlationID] = reply }
        return Place(correlationID: correlationID, replies: replies, board: self)
    }

    /// Gives a reply to the request that waits for it.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package func deliver(_ event: Event, correlationID: String) -> Bool {
        guard let reply = waiting.withLock({ $0.removeValue(forKey: correlationID) }) else { return false }
        reply.yield(event)
        reply.finish()
        return true
    }

    private func leave(_ correlationID: String) {
        waiting.withLock { $0.removeValue(forKey: correlationID) }?.finish()
    }

    /// The place of one request: at most one reply comes to it.
    package struct Place: Sendable {
        package let correlationID: String
        fileprivate let replies: AsyncStream<Event>
        fileprivate let board: OutcomeBoard

        /// Waits for the reply; to be called once.
        ///
        /// - Parameter limit: how long to wait.
        /// - Returns: the reply; nil when none came within the limit, and when the task is cancelled or the service
        ///   stops.
        package func outcome(within limit: Duration) async -> Event? {
            let replies = replies
            let clock = board.clock
            return await cancelWhenGracefulShutdown {
                await withTaskGroup(of: Event?.self) { group in
                    group.addTask {
                        for await reply in replies { return reply }
                        return nil
                    }
                    group.addTask {
                        // Cancelled because the reply was first, which is not an error.
                        try? await clock.sleep(for: limit)
                        return nil
                    }
                    let first = await group.next().flatMap { $0 }
                    group.cancelAll()
                    // The reply may have come right after the limit: then it is returned as well.
                    let second = await group.next().flatMap { $0 }
                    return first ?? second
                }
            }
        }

        /// Gives the place back; a reply that comes later is dropped.
        package func leave() {
            board.leave(correlationID)
        }
    }
}
