package import Contracts
package import Logging
import SMSCore
import Synchronization

/// Publishing until the broker has confirmed.
extension Outlet {
    /// Publishes a message until the broker has confirmed it, with back-off between the tries.
    ///
    /// A message with a key is an event, and its key's events leave in the order in which this is called for them;
    /// calls for one key must not overlap. An event goes to the spool where it must not be published now: behind
    /// another of its key, while its route is paused after a refusal, and when the broker refuses it, as with
    /// one full queue, so that it holds up nothing else. A full share of the spool is waited for. A message
    /// without a key is tried until it is taken.
    ///
    /// A message that can never be published, such as one that is too large, is published with less in it: only the
    /// service's own headers, no property that is too long, the first MiB of its body.
    ///
    /// - Parameters:
    ///   - message: what is published.
    ///   - key: the event's key; nil for what is not an event.
    ///   - step: what logs and metrics call it.
    ///   - metadata: which command it is about.
    /// - Returns: true once it is confirmed, or in the spool; false when it cannot be published even with less in it,
    ///   which is logged.
    /// - Throws: `CancellationError` alone.
    @discardableResult
    package func publish(
        _ message: BrokerMessage,
        key: String? = nil,
        step: String,
        _ metadata: @autoclosure () -> Logger.Metadata
    ) async throws -> Bool {
        if let key, try await isKeptInOrder(message, key: key, metadata()) {
            tap?.note(message)
            return true
        }
        for isSlim in [false, true] {
            let candidate = isSlim ? message.slim : message
            let end = try await retrier.untilDone(step, metadata()) {
                try await self.tryToPublish(candidate, key: key, step, metadata())
            }
            switch end {
            case .confirmed:
                if key != nil { ledger.withLock { $0.taken(by: SpoolRoute(message)) } }
                tap?.note(message)
                return true
            case .spooled:
                tap?.note(message)
                return true
            case .impossible:
                continue
            }
        }
        return false
    }

    private enum End {
        case confirmed
        case spooled
        /// It can never be published as it is.
        case impossible
    }

    /// Publishes once; throws what another try can change.
    private func tryToPublish(
        _ message: BrokerMessage,
        key: String?,
        _ step: String,
        _ metadata: @autoclosure () -> Logger.Metadata
    ) async throws -> End {
        do throws(PublishFailure) {
            try await publisher.publish(message)
            return .confirmed
        } catch {
            switch error {
            case .refused:
                guard let key else { throw error }
                try await keepRefused(message, key: key)
                logger.warning("the broker refuses an event, which is spooled", metadata: metadata())
                return .spooled
            case .impossible(let reason):
                var metadata = metadata()
                metadata[BridgeLogKey.step.rawValue] = "\(step)"
                metadata[BridgeLogKey.error.rawValue] = "\(reason)"
                logger.error("a message can never be published as it is", metadata: metadata)
                return .impossible
            case .unroutable, .unavailable:
                throw error
            }
        }
    }

    /// Keeps an event that must not be published now; false when it is to be published.
    private func isKeptInOrder(
        _ message: BrokerMessage,
        key: String,
        _ metadata: @autoclosure () -> Logger.Metadata
    ) async throws -> Bool {
        let route = SpoolRoute(message)
        return try await retrier.untilDone("queue event", metadata()) {
            guard ledger.withLock({ $0.hasToQueue(key: key, to: route, now: time.elapsed()) }) else { return false }
            guard try await keep(message, key: key) else { throw PublishFailure.refused }
            return true
        }
    }

    /// Keeps an event that the broker has just refused, and pauses its route.
    private func keepRefused(_ message: BrokerMessage, key: String) async throws {
        ledger.withLock { $0.notTaken(by: SpoolRoute(message), isBrokerAway: false, now: time.elapsed()) }
        guard try await keep(message, key: key) else { throw PublishFailure.refused }
    }
}

extension BrokerMessage {
    private static let slimBodyBytes = 1 << 20

    /// The message without what can make it too large for the broker: headers that are not the service's own, long
    /// properties, and all but the first MiB of its body.
    fileprivate var slim: BrokerMessage {
        var slim = self
        slim.properties.headers = properties.headers.filter { name, _ in
            name.hasPrefix("sms-") || name == "traceparent"
        }
        slim.properties.correlationID = DeadLetter.short(properties.correlationID)
        slim.properties.replyTo = DeadLetter.short(properties.replyTo)
        slim.properties.messageID = DeadLetter.short(properties.messageID)
        slim.properties.type = DeadLetter.short(properties.type)
        slim.properties.appID = DeadLetter.short(properties.appID)
        slim.properties.contentType = DeadLetter.short(properties.contentType)
        slim.properties.contentEncoding = DeadLetter.short(properties.contentEncoding)
        slim.body = Array(body.prefix(Self.slimBodyBytes))
        return slim
    }
}
