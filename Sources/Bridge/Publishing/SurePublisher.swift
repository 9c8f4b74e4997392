import Contracts
import Logging
import SMSCore

/// Publishes what has to be published in the end: tries until the broker takes it, and where it never can, less of it.
struct SurePublisher: Sendable {
    let publisher: any EventPublisher
    let insistence: Insistence
    let logger: Logger

    /// Publishes a message.
    ///
    /// - Parameters:
    ///   - message: what is published.
    ///   - step: what the log calls it.
    ///   - metadata: which command it is about.
    ///   - onRefused: what is done with one that the broker refuses again and again; throws to have it tried on.
    /// - Returns: false when it can never be published, not even the least of it.
    /// - Throws: `CancellationError` alone.
    func publish(
        _ message: BrokerMessage,
        _ step: String,
        _ metadata: Logger.Metadata,
        onRefused: (BrokerMessage) async throws -> Void = { _ in throw PublishFailure.refused }
    ) async throws -> Bool {
        for candidate in [message, message.slim] {
            let isDone = try await insistence.on(step, metadata) {
                do throws(PublishFailure) {
                    try await publisher.publish(candidate)
                    return true
                } catch {
                    switch error {
                    case .refused:
                        try await onRefused(candidate)
                        return true
                    case .impossible(let reason):
                        var metadata = metadata
                        metadata[BridgeLogKey.step.rawValue] = "\(step)"
                        metadata[BridgeLogKey.error.rawValue] = "\(reason)"
                        logger.error("a message can never be published as it is", metadata: metadata)
                        return false
                    case .unroutable, .unavailable:
                        throw error
                    }
                }
            }
            if isDone { return true }
        }
        return false
    }
}

extension BrokerMessage {
    private static let slimBodyBytes = 1 << 20

    /// The message with everything left out that can make it too large for the broker: headers that are not ours, long
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
