package import Contracts
package import Logging
package import SMSCore
import Synchronization

/// All publishing to the broker goes through it.
///
/// It has four operations, which differ in what holds when they return:
/// - `publish`: the broker has confirmed the message, or it is an event and in the spool; there is no time limit.
/// - `offer`: within the time of a webhook's answer the event is confirmed or in the spool, or was not kept.
/// - `deadLetter`, and `offerDeadLetter` for webhooks: the same for a dead letter, with its reason.
/// - `reply`: best effort, logged.
///
/// What is in the spool is published by `drain`, which `SpoolWorker` calls. `SpoolLedger` has the rules which events
/// may be published and which have to queue.
package final class Outlet: Sendable {
    let publisher: any EventPublisher
    let promptPublisher: any EventPublisher
    let spool: any EventSpool
    let names: BrokerNames
    let retrier: Retrier
    let logger: Logger
    let time: Stopwatch
    /// Sees each event that is confirmed or spooled.
    let tap: EventTap?
    let ledger = Mutex(SpoolLedger())

    /// An outlet; `prepare` must be called before the first message.
    ///
    /// - Parameters:
    ///   - publisher: waits for each confirm without a limit.
    ///   - promptPublisher: the same, but gives up early enough for a webhook to be answered; nil for `publisher`.
    ///   - spool: keeps the events that the broker does not take.
    ///   - names: of the service's exchanges and queues; dead letters go to `sms.dead`, and no reply to its own queues.
    ///   - retrier: for what has to be published.
    ///   - logger: for what is not taken.
    ///   - time: what the pauses of refused routes run on.
    ///   - tap: sees each event that is confirmed or spooled.
    package init(
        publisher: any EventPublisher,
        promptPublisher: (any EventPublisher)? = nil,
        spool: any EventSpool,
        names: BrokerNames,
        retrier: Retrier,
        logger: Logger,
        time: Stopwatch = Stopwatch(),
        tap: EventTap? = nil
    ) {
        self.publisher = publisher
        self.promptPublisher = promptPublisher ?? publisher
        self.spool = spool
        self.names = names
        self.retrier = retrier
        self.logger = logger
        self.time = time
        self.tap = tap
    }

    /// Reads what an earlier run has left in the spool.
    ///
    /// - Throws: what the store throws.
    package func prepare() async throws {
        let depth = try await spool.spoolDepth()
        let keys: Set<String> = try await depth.waiting == 0 ? [] : spool.spooledKeys()
        ledger.withLock { $0.begin(waiting: depth.waiting, keys: keys) }
    }

    /// Publishes the spooled events of processes that are gone, too, by their keys, one for each event.
    package func adopt(_ keys: [String]) {
        guard !keys.isEmpty else { return }
        ledger.withLock { $0.adopted(keys) }
    }

    /// How many events are in the spool, or about to be.
    package var spooledCount: Int { ledger.withLock { $0.waiting } }

    /// Keeps an event in the spool, without trying to publish it first.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: events of one key leave in the order in which they were kept.
    /// - Returns: false when its share of the spool is full, and nothing was kept.
    /// - Throws: when the store cannot keep it.
    func keep(_ message: BrokerMessage, key: String) async throws -> Bool {
        let route = SpoolRoute(message)
        ledger.withLock { $0.spooling() }
        var isKept = false
        defer { ledger.withLock { isKept ? $0.spooled(key: key, to: route) : $0.notSpooled() } }
        isKept = try await spool.spool(message, key: key, share: share(of: message), at: .now)
        return isKept
    }

    /// Which share they belong to: the events of commands have an exchange of their own.
    private func share(of message: BrokerMessage) -> SpoolShare {
        message.exchange == names.outbound ? .outbound : .webhooks
    }
}

extension PublishFailure {
    /// Whether no message at all is taken now, rather than only this one.
    var isBrokerAway: Bool {
        switch self {
        case .unavailable: true
        case .unroutable, .refused, .impossible: false
        }
    }
}
