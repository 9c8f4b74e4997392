import AMQP

extension DeadLetters {
    /// Takes dead letters page by page, and holds them until it is closed.
    struct Reader {
        /// What came.
        enum Arrival {
            case letter(AMQPDelivery)
            /// A channel is gone, and what it held is back in the queue.
            case lost
        }

        /// A channel with its dead letters.
        private struct Page {
            let consumer: AMQPConsumer
            let prefetch: Int
            /// The channel that its first dead letter came over.
            var channel: UInt64?
            var heldCount = 0

            var isFull: Bool { heldCount >= prefetch }
            /// Whether there has been another subscription since the first, or there is none now.
            var isLost: Bool {
                let status = consumer.status
                return !status.isSubscribed || status.subscribeCount != 1
            }
        }

        /// RabbitMQ's own limit of channels is 2,047; a page grows by its first size every so many pages, so 1,000
        /// pages hold 2,750,000 dead letters.
        private static let pagesOfOneSize = 100

        private let connection: AMQPConnection
        private let queue: String
        private let limits: Limits
        private var pages: [Page] = []
        private var hasAcked = false

        /// A reader of a queue; nothing is taken yet.
        init(connection: AMQPConnection, queue: String, limits: Limits) {
            self.connection = connection
            self.queue = queue
            self.limits = limits
        }

        /// The next dead letter.
        ///
        /// - Parameter count: of dead letters that are still wanted; no page asks for more.
        /// - Returns: nil when the queue has nothing more to take.
        /// - Throws: `AMQPError`, `timeout` when the broker has dead letters and delivers none; `CancellationError`.
        mutating func next(expecting count: Int) async throws -> Arrival? {
            if pages.last?.isFull ?? true { try await openPage(for: count) }
            guard let last = pages.indices.last else { return nil }
            let deadline = ContinuousClock.now + limits.patience
            while true {
                if let delivery = await pages[last].consumer.next(within: limits.silence) {
                    let channel = pages[last].channel ?? delivery.channelGeneration
                    guard channel == delivery.channelGeneration else { return .lost }
                    pages[last].channel = channel
                    pages[last].heldCount += 1
                    return .letter(delivery)
                }
                try Task.checkCancellation()
                if isLost { return .lost }
                do {
                    guard let info = try await connection.queueInfo(queue), info.readyCount > 0 else { return nil }
                } catch let error as AMQPError where Self.isLoss(error) {
                    return .lost
                }
                guard ContinuousClock.now < deadline else {
                    let message = "the broker has messages and delivers none"
                    throw AMQPError(.timeout, message, entity: "queue '\(queue)'")
                }
            }
        }

        /// Settles the dead letter that came last.
        ///
        /// - Returns: false when its channel is gone, so that the dead letter is in the queue again.
        mutating func ack(_ delivery: AMQPDelivery) -> Bool {
            guard delivery.ack() else { return false }
            if let last = pages.indices.last { pages[last].heldCount -= 1 }
            hasAcked = true
            return true
        }

        /// Waits until the acks are with the broker: closing a channel drops those that are not written.
        ///
        /// - Returns: false when the connection was lost, so that it is not known whether they arrived.
        /// - Throws: `AMQPError`; `CancellationError`.
        mutating func flush() async throws -> Bool {
            guard hasAcked else { return true }
            do {
                // An answer comes after what was written before the question.
                _ = try await connection.queueInfo(queue)
            } catch let error as AMQPError where Self.isLoss(error) {
                return false
            }
            guard !isLost else { return false }
            hasAcked = false
            return true
        }

        /// Gives back all that is held, in the order it was taken.
        ///
        /// The broker says that a channel is closed before its dead letters are back, so each is waited for: two
        /// channels that are closed at once would mix the order of theirs.
        func close() async {
            var isWaiting = !isLost
            for page in pages {
                let before = isWaiting ? await readerCount() : nil
                await page.consumer.close()
                guard let before else { continue }
                isWaiting = await waitForReaders(fewerThan: before)
            }
        }

        /// - Returns: false when it takes too long, and there is no order to be kept any more.
        private func waitForReaders(fewerThan before: Int) async -> Bool {
            let deadline = ContinuousClock.now + .seconds(2)
            while let count = await readerCount(), ContinuousClock.now < deadline {
                if count < before { return true }
                // Cancelled, it still closes; only the order is then left to the broker.
                guard (try? await Task.sleep(for: .milliseconds(2))) != nil else { return false }
            }
            return false
        }

        private func readerCount() async -> Int? {
            await (try? connection.queueInfo(queue))?.consumerCount
        }

        private var isLost: Bool { pages.contains(where: \.isLost) }

        private static func isLoss(_ error: AMQPError) -> Bool {
            error.code == .connectionLost || error.code == .notConnected
        }

        private mutating func openPage(for count: Int) async throws {
            let size = limits.pageSize * (1 + pages.count / Self.pagesOfOneSize)
            let prefetch = max(1, min(size, count))
            let consumer = try await connection.consume(queue: queue, prefetch: prefetch)
            pages.append(Page(consumer: consumer, prefetch: prefetch))
            try await consumer.waitUntilSubscribed(within: .seconds(10))
        }
    }
}
