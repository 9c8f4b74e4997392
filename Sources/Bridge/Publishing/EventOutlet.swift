package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import Synchronization

/// Where events leave: to the broker, or while it does not take them into the store's spool.
///
/// An event of a webhook goes to the broker at once unless something of its key is in the spool, its route took nothing
/// lately, or the broker is away (see `SpoolLedger`); then it is spooled without being tried. Events of commands are
/// published by `OutboundTeller`, which asks here whether one has to queue. What is in the spool is published by `drain`,
/// which `SpoolWorker` calls.
package final class EventOutlet: Sendable {
    /// What became of an event.
    package enum Delivery: Hashable, Sendable {
        /// The broker has confirmed it.
        case published
        /// It is in the spool, on disk.
        case spooled
        /// The spool is full: it could not be kept.
        case full
        /// It can never be published, and was not kept: it is a dead letter. With the reason.
        case impossible(String)
    }

    let publisher: any EventPublisher
    let spool: any EventSpool
    let names: BrokerNames
    let logger: Logger
    let time: Stopwatch
    let ledger = Mutex(SpoolLedger())

    /// An outlet; `prepare` must be called before the first event.
    ///
    /// - Parameters:
    ///   - publisher: confirms what it takes, and gives up early enough for a webhook to be answered.
    ///   - spool: keeps what it does not take.
    ///   - names: of our queues; spooled events that can never be published go to `sms.dead`.
    ///   - logger: for what is not taken.
    ///   - time: what the pauses of refused routes run on.
    package init(
        publisher: any EventPublisher,
        spool: any EventSpool,
        names: BrokerNames,
        logger: Logger,
        time: Stopwatch = Stopwatch()
    ) {
        self.publisher = publisher
        self.spool = spool
        self.names = names
        self.logger = logger
        self.time = time
    }

    /// Looks what an earlier run has left in the spool.
    ///
    /// - Throws: what the store throws.
    package func prepare() async throws {
        let depth = try await spool.spoolDepth()
        let keys: Set<String> = try await depth.waiting == 0 ? [] : spool.spooledKeys()
        ledger.withLock { $0.begin(waiting: depth.waiting, keys: keys) }
    }

    /// How many events wait for the broker.
    package var spooledCount: Int { ledger.withLock { $0.waiting } }

    /// Publishes an event, or keeps it.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: events of one key leave in the order in which this is called for them; calls for one key must not
    ///     overlap.
    /// - Returns: where it is.
    /// - Throws: when the store cannot keep it; then it is nowhere.
    package func deliver(_ message: BrokerMessage, key: String) async throws -> Delivery {
        let route = SpoolRoute(message)
        if ledger.withLock({ $0.mayPublish(key: key, to: route) }) {
            do throws(PublishFailure) {
                try await publisher.publish(message)
                return .published
            } catch {
                if case .impossible(let reason) = error { return .impossible(reason) }
                let isBrokerAway = error.isBrokerAway
                ledger.withLock { $0.notTaken(by: route, isBrokerAway: isBrokerAway, now: time.elapsed()) }
                logger.warning(
                    "the broker does not take an event, which is spooled",
                    metadata: [BridgeLogKey.error.rawValue: "\(error)"]
                )
            }
        }
        return try await keep(message, key: key) ? .spooled : .full
    }

    /// Keeps an event in the spool, without trying to publish it first.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: as in `deliver`.
    /// - Returns: false when the spool is full, and nothing was kept.
    /// - Throws: when the store cannot keep it.
    package func keep(_ message: BrokerMessage, key: String) async throws -> Bool {
        let route = SpoolRoute(message)
        ledger.withLock { $0.spooling() }
        var isKept = false
        defer { ledger.withLock { isKept ? $0.spooled(key: key, to: route) : $0.notSpooled() } }
        isKept = try await spool.spool(message, key: key, share: share(of: message), at: .now)
        return isKept
    }

    /// Keeps an event that is published by others, where it must not be published now: another of its key is in the spool,
    /// which it must not overtake, or its route was refused and is left alone.
    ///
    /// Where it is to be published, the caller says afterwards what came of it: `keepRefused` or `published`.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: as in `deliver`.
    /// - Returns: whether it was kept; false when it is to be published.
    /// - Throws: `PublishFailure.refused` when its share of the spool is full; what the store throws.
    package func keepInLine(_ message: BrokerMessage, key: String) async throws -> Bool {
        let route = SpoolRoute(message)
        guard ledger.withLock({ $0.hasToQueue(key: key, to: route, now: time.elapsed()) }) else { return false }
        guard try await keep(message, key: key) else { throw PublishFailure.refused }
        return true
    }

    /// Keeps an event that the broker has just refused, and leaves its route alone for a while.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: as in `deliver`.
    /// - Throws: `PublishFailure.refused` when its share of the spool is full; what the store throws.
    package func keepRefused(_ message: BrokerMessage, key: String) async throws {
        ledger.withLock { $0.notTaken(by: SpoolRoute(message), isBrokerAway: false, now: time.elapsed()) }
        guard try await keep(message, key: key) else { throw PublishFailure.refused }
    }

    /// An event that `keepInLine` let through has been published: its route is open.
    package func published(_ message: BrokerMessage) {
        ledger.withLock { $0.taken(by: SpoolRoute(message)) }
    }

    /// Whose events they are: those of commands leave by an exchange of their own.
    private func share(of message: BrokerMessage) -> SpoolShare {
        message.exchange == names.outbound ? .outbound : .webhooks
    }
}

extension PublishFailure {
    /// Whether no message is taken now, rather than this one.
    var isBrokerAway: Bool {
        switch self {
        case .unavailable: true
        case .unroutable, .refused, .impossible: false
        }
    }
}
