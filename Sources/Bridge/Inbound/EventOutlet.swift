package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import Synchronization

/// Where events of webhooks leave: to the broker, or while it does not take them into the store's spool.
///
/// As long as anything is spooled everything goes there, so that what arrived first is published first.
package final class EventOutlet: Sendable {
    /// What became of an event.
    package enum Delivery: Hashable, Sendable {
        /// The broker has confirmed it.
        case published
        /// It is in the spool, on disk.
        case spooled
        /// The spool is full: it could not be kept.
        case full
    }

    private let publisher: any EventPublisher
    private let spool: any EventSpool
    private let logger: Logger
    /// How many events are in the spool, or about to be.
    private let waiting = Mutex(0)

    /// An outlet; `prepare` must be called before the first event.
    package init(publisher: any EventPublisher, spool: any EventSpool, logger: Logger) {
        self.publisher = publisher
        self.spool = spool
        self.logger = logger
    }

    /// Looks what an earlier run has left in the spool.
    ///
    /// - Throws: what the store throws.
    package func prepare() async throws {
        let depth = try await spool.spoolDepth()
        waiting.withLock { $0 = depth.waiting }
    }

    /// How many events wait for the broker.
    package var spooledCount: Int { waiting.withLock { $0 } }

    /// Publishes an event, or keeps it.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: events of one key leave in the order in which this is called for them; calls for one key must not
    ///     overlap.
    /// - Returns: where it is.
    /// - Throws: when the store cannot keep it; then it is nowhere.
    package func deliver(_ message: BrokerMessage, key: String) async throws -> Delivery {
        if spooledCount == 0 {
            do {
                try await publisher.publish(message)
                return .published
            } catch {
                logger.warning(
                    "the broker does not take an event, which is spooled",
                    metadata: [BridgeLogKey.error.rawValue: "\(error)"]
                )
            }
        }
        waiting.withLock { $0 += 1 }
        do {
            if try await spool.spool(message, key: key, at: .now) { return .spooled }
        } catch {
            waiting.withLock { $0 -= 1 }
            throw error
        }
        waiting.withLock { $0 -= 1 }
        return .full
    }

    /// Publishes what is spooled, oldest first, until nothing is left or the broker stops taking it.
    ///
    /// - Returns: how many were published.
    /// - Throws: what the store throws.
    package func drain() async throws -> Int {
        var published = 0
        while spooledCount > 0, !Task.isCancelled {
            let batch = try await spool.spooled(limit: 200)
            if batch.isEmpty { break }
            let taken = await publish(batch)
            try await spool.unspool(taken)
            waiting.withLock { $0 -= taken.count }
            published += taken.count
            if taken.count < batch.count { break }
        }
        return published
    }

    /// Publishes a batch, keys side by side, each key's events in order; a failure ends its key.
    private func publish(_ batch: [SpooledEvent]) async -> [Int64] {
        let byKey = Dictionary(grouping: batch, by: \.key)
        return await withTaskGroup(of: [Int64].self) { group in
            for events in byKey.values {
                group.addTask {
                    var taken: [Int64] = []
                    for event in events.sorted(by: { $0.number < $1.number }) {
                        do {
                            try await self.publisher.publish(event.message)
                            taken.append(event.number)
                        } catch {
                            break
                        }
                    }
                    return taken
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }
}
