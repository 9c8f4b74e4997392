import Contracts
import Logging
import SMSCore

/// Publishing the events of commands and campaigns, which have to be published in the end.
extension EventOutlet {
    /// Publishes an event, or keeps it: behind another of its key, while its route is left alone, or when it is refused.
    ///
    /// - Parameters:
    ///   - message: the event.
    ///   - key: events of one key leave in the order in which this is called for them; calls for one key must not overlap.
    ///   - sure: tries until the broker takes it.
    ///   - step: what the log calls it.
    ///   - metadata: what it is about.
    /// - Throws: `CancellationError` alone.
    func publish(
        _ message: BrokerMessage,
        key: String,
        through sure: SurePublisher,
        _ step: String,
        _ metadata: Logger.Metadata
    ) async throws {
        let isKept = try await sure.insistence.on("queue event", metadata) {
            try await self.keepInLine(message, key: key)
        }
        if isKept { return }
        var isRefused = false
        let isTaken = try await sure.publish(message, step, metadata) { event in
            try await self.keepRefused(event, key: key)
            isRefused = true
            self.logger.warning("the broker refuses an event, which is spooled", metadata: metadata)
        }
        if isTaken, !isRefused { published(message) }
    }
}
