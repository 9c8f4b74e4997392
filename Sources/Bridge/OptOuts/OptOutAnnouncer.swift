package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import Synchronization

/// Publishes the changes of the suppression list: each until it is confirmed or spooled, those of a number in order.
///
/// A change is noted in the transaction that makes it, so that it is published in the end whatever fails: at once by
/// what made it, later by `OptOutWorker`.
package final class OptOutAnnouncer: Sendable {
    /// How many changes are read at a time.
    private static let pageSize = 200

    private let store: any OptOutStore
    private let events: OptOutEvents
    private let publish: @Sendable (BrokerMessage, _ key: String) async throws -> Void
    private let logger: Logger
    private let locks = KeyedLocks<String>()
    /// The newest change that the last call of `announceLeft` has seen.
    private let seen = Mutex<Int64>(0)

    /// An announcer.
    ///
    /// - Parameters:
    ///   - store: the list.
    ///   - names: of the service's exchanges.
    ///   - logger: for what cannot be published now.
    ///   - publish: publishes or spools an event, or throws; events of one key come one after the other.
    package init(
        store: any OptOutStore,
        names: BrokerNames,
        logger: Logger,
        publish: @escaping @Sendable (BrokerMessage, _ key: String) async throws -> Void
    ) {
        self.store = store
        self.events = OptOutEvents(names: names)
        self.logger = logger
        self.publish = publish
    }

    /// An announcer that publishes through an outlet.
    package convenience init(store: any OptOutStore, names: BrokerNames, outlet: Outlet, logger: Logger) {
        self.init(store: store, names: names, logger: logger) { event, key in
            // A dead letter counts too: a change that can never be published would keep the others waiting.
            if try await outlet.offer(event, key: key) == .full { throw NotPublished(reason: "the spool is full") }
        }
    }

    /// Publishes the unpublished changes of a number.
    ///
    /// - Returns: whether nothing is left; what is left is logged, and published later.
    @discardableResult
    package func announce(_ number: String) async -> Bool {
        do {
            try await locks.withLock(number) { _ in
                for change in try await store.unpublishedOptOutChanges(of: number) {
                    try await publish(events.event(of: change, now: .now), number)
                    try await store.noteOptOutChangesPublished([change.place])
                }
            }
            return true
        } catch {
            logger.warning(
                "a change of the suppression list could not be published now",
                metadata: [BridgeLogKey.error.rawValue: "\(error)"]
            )
            BridgeMetrics.stepFailures("publish opt-out").increment()
            return false
        }
    }

    /// Publishes many changes concurrently, such as an imported list; the confirms of many take no longer than one.
    ///
    /// - Parameters:
    ///   - changes: what is published.
    ///   - publisher: confirms what it takes.
    /// - Returns: the failures of those that the broker did not take; they stay unpublished.
    /// - Throws: what the store throws, and what encoding throws.
    package func announce(
        _ changes: [OptOutChange],
        over publisher: any EventPublisher
    ) async throws -> [PublishFailure] {
        let events = try changes.map { ($0.place, try self.events.event(of: $0, now: .now)) }
        var published: [Int64] = []
        var failures: [PublishFailure] = []
        await withTaskGroup(of: (Int64, PublishFailure?).self) { group in
            for (place, event) in events {
                group.addTask {
                    do throws(PublishFailure) {
                        try await publisher.publish(event)
                        return (place, nil)
                    } catch {
                        return (place, error)
                    }
                }
            }
            for await (place, failure) in group {
                if let failure { failures.append(failure) } else { published.append(place) }
            }
        }
        try await store.noteOptOutChangesPublished(published)
        return failures
    }

    /// Publishes what the last call saw and is still unpublished; newer changes are being published by what made them.
    ///
    /// - Throws: what the store throws.
    package func announceLeft() async throws {
        let limit = seen.withLock { $0 }
        var place: Int64 = 0
        var isGoingWell = true
        while isGoingWell, !Task.isCancelled {
            let page = try await store.unpublishedOptOutChanges(after: place, limit: Self.pageSize)
            guard let last = page.last else { break }
            for number in Set(page.filter { $0.place <= limit }.map(\.number)) where isGoingWell {
                isGoingWell = await announce(number)
            }
            place = last.place
        }
        seen.withLock { $0 = max($0, place) }
    }
}

/// An event of the suppression list could not be published; the list is changed.
private struct NotPublished: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the event was not taken: \(reason)" }
}
