package import Contracts
import ServiceLifecycle
import Synchronization

/// Where replies meet those who wait for them, by correlation id.
package final class OutcomeBoard: Sendable {
    /// An outcome as its event tells it.
    package typealias Event = CloudEvent<OutboundEvent>

    private let waiting = Mutex<[String: AsyncStream<Event>.Continuation]>([:])
    private let clock: any Clock<Duration>

    /// A board on which nobody waits; the clock is what the waits run on.
    package init(clock: any Clock<Duration> = ContinuousClock()) {
        self.clock = clock
    }

    /// How many wait.
    package var count: Int { waiting.withLock { $0.count } }

    /// Takes a place on the board; to be taken before the command is published, and given back by `Place.leave`.
    ///
    /// - Parameter correlationID: what the reply will carry, nobody else's.
    /// - Returns: the place.
    package func expect(_ correlationID: String) -> Place {
        let (replies, reply) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(1))
        waiting.withLock { $0[correlationID] = reply }
        return Place(correlationID: correlationID, replies: replies, board: self)
    }

    /// Hands a reply to whoever waits for it.
    ///
    /// - Returns: whether anybody did.
    @discardableResult
    package func tell(_ event: Event, correlationID: String) -> Bool {
        guard let reply = waiting.withLock({ $0.removeValue(forKey: correlationID) }) else { return false }
        reply.yield(event)
        reply.finish()
        return true
    }

    private func leave(_ correlationID: String) {
        waiting.withLock { $0.removeValue(forKey: correlationID) }?.finish()
    }

    /// Somebody's place: one reply comes to it at most.
    package struct Place: Sendable {
        package let correlationID: String
        fileprivate let replies: AsyncStream<Event>
        fileprivate let board: OutcomeBoard

        /// Waits for the reply; to be called once.
        ///
        /// - Parameter limit: how long to wait.
        /// - Returns: the reply; nil when none came within the limit, and when the task is cancelled or the service stops.
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
                        // Cancelled when the reply was first, which is no error.
                        try? await clock.sleep(for: limit)
                        return nil
                    }
                    let first = await group.next().flatMap { $0 }
                    group.cancelAll()
                    // The limit may have been first and the reply second: it is there, so it is told.
                    let second = await group.next().flatMap { $0 }
                    return first ?? second
                }
            }
        }

        /// Gives the place back; a reply that comes later is nobody's.
        package func leave() {
            board.leave(correlationID)
        }
    }
}
