internal import Synchronization

/// A subscription to a queue: an asynchronous sequence of deliveries that continues after every failure.
///
/// It survives lost connections, channel errors and deleted queues, and subscribes again by itself. Several tasks may
/// iterate at once; each delivery goes to one of them. The prefetch is the only buffer: at most that many deliveries are
/// unsettled at a time, whether taken or not, and none has a body beyond the consumer's limit.
///
/// A consumer ends by `cancel`, by `close` or with its connection. One that is not ended keeps holding messages.
package final class AMQPConsumer: Sendable {
    /// What is consumed and how.
    struct Options: Sendable {
        var source: Source
        var prefetchCount: UInt16
        /// The largest body that is kept.
        var bodyLimitBytes: Int
        /// Whether a delivery is acknowledged as it is taken.
        var isAutoAck: Bool
        var isExclusive: Bool
        var arguments: AMQPTable
    }

    /// Where the messages come from.
    enum Source: Sendable {
        case queue(String)
        /// A queue that the broker names, bound as given, declared anew for each subscription.
        case temporary([AMQPTemporaryBinding])
    }

    /// What is known about the subscription.
    package struct Status: Sendable, Equatable {
        /// Whether deliveries can come now.
        package var isSubscribed = false
        /// The queue's name; nil while a temporary queue does not exist.
        package var queueName: String?
        /// Why the subscription last failed; kept after recovery.
        package var lastError: AMQPError?
        /// Subscriptions made.
        package var subscribeCount = 0
    }

    let id: UInt64
    let options: Options
    let deliveries: DeliveryQueue
    private let connection: AMQPConnection
    private let board = Mutex(Status())

    init(id: UInt64, options: Options, connection: AMQPConnection) {
        self.id = id
        self.options = options
        deliveries = DeliveryQueue(isAutoAck: options.isAutoAck)
        self.connection = connection
        if case .queue(let name) = options.source { board.withLock { $0.queueName = name } }
    }

    /// Deliveries that may be unsettled at a time.
    package var prefetch: Int { Int(options.prefetchCount) }

    /// A snapshot, readable at any time.
    package var status: Status { board.withLock { $0 } }

    /// The queue's name; nil while a temporary queue does not exist.
    ///
    /// A temporary queue has a new name after a reconnect.
    package var queueName: String? { status.queueName }

    func update(_ change: (inout Status) -> Void) {
        board.withLock { change(&$0) }
    }

    /// There is no subscription any more, for now; a temporary queue went with it.
    func unsubscribed(because error: AMQPError?) {
        update { status in
            status.isSubscribed = false
            if let error { status.lastError = error }
            if case .temporary = options.source { status.queueName = nil }
        }
    }

    /// Waits until deliveries can come.
    ///
    /// - Parameter limit: how long to wait.
    /// - Returns: the queue's name.
    /// - Throws: `AMQPError` `timeout` with the last failure beneath it; `closed`; `CancellationError`.
    @discardableResult
    package func waitUntilSubscribed(within limit: Duration) async throws -> String {
        try await connection.waitUntilSubscribed(self, within: limit)
    }

    /// The next delivery, or nil when none came within the limit, at the end, or when the task is cancelled.
    package func next(within limit: Duration) async -> AMQPDelivery? {
        await withTaskGroup(of: AMQPDelivery?.self) { group in
            group.addTask { await self.deliveries.next() }
            group.addTask {
                // Cancelled when a delivery was first, which is not an error.
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next().flatMap { $0 }
            group.cancelAll()
            // The limit may have been first and a delivery second: it must not be lost.
            let second = await group.next().flatMap { $0 }
            return first ?? second
        }
    }

    /// Deliveries that are not settled yet, taken or not.
    package func unsettledCount() async -> Int { await connection.unsettledCount(of: self) }

    /// Stops the intake.
    ///
    /// What was delivered to a task can still be settled; what no task has taken is given back.
    ///
    /// The channel lives until the last delivery is settled. To go on, make a new consumer. Returns when the broker has
    /// confirmed, or the connection is gone, or the call timeout has passed; cancelling the task does not shorten it.
    package func cancel() async {
        await connection.cancel(self)
    }

    /// Gives back everything that is not settled, and ends: the broker puts it into the queue again, in place.
    ///
    /// Returns when the channel is closed, or the connection is gone, or the call timeout has passed; cancelling the task
    /// does not shorten it.
    package func close() async {
        await connection.close(self)
    }
}

extension AMQPConsumer: AsyncSequence {
    /// Takes deliveries.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let deliveries: DeliveryQueue

        /// The next delivery; nil at the end, or when the task is cancelled.
        package mutating func next() async -> AMQPDelivery? {
            await deliveries.next()
        }

        /// The next delivery; nil at the end, or when the task is cancelled.
        package mutating func next(isolation actor: isolated (any Actor)?) async -> AMQPDelivery? {
            await deliveries.next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(deliveries: deliveries) }
}

/// What a temporary queue is bound to.
package struct AMQPTemporaryBinding: Sendable, Hashable {
    package var exchange: String
    package var routingKey: String
    package var arguments: AMQPTable

    /// Creates a binding.
    package init(exchange: String, routingKey: String = "", arguments: AMQPTable = [:]) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.arguments = arguments
    }
}
