package import Contracts
package import Logging
import SMSCore

/// Where a reply goes.
package struct ReplyAddress: Hashable, Sendable {
    /// The queue that `reply_to` names; empty for none.
    package var queue: String
    package var correlationID: String
    /// The W3C trace context of the message that is answered.
    package var traceparent: String?

    /// An address; without a queue no reply is sent.
    package init(queue: String, correlationID: String, traceparent: String?) {
        self.queue = queue
        self.correlationID = correlationID
        self.traceparent = traceparent
    }
}

/// Replies.
extension Outlet {
    /// Publishes an event once to a reply queue, never to one of the service's own queues.
    ///
    /// When it returns the broker has confirmed the reply, or it is lost, which is logged: the client that asked for it
    /// may be gone, and the event is published anyway.
    ///
    /// - Parameters:
    ///   - event: what is answered.
    ///   - address: the queue, the correlation and the trace.
    ///   - metadata: which command it is about.
    package func reply<Content>(
        _ event: CloudEvent<Content>,
        to address: ReplyAddress,
        _ metadata: Logger.Metadata
    ) async {
        guard !address.queue.isEmpty, !names.owns(address.queue) else { return }
        do {
            let message = try event.message(
                exchange: "",
                routingKey: address.queue,
                correlationID: address.correlationID,
                traceparent: address.traceparent,
                publishedAt: .now
            )
            try await publisher.publish(message)
        } catch {
            var metadata = metadata
            metadata[BridgeLogKey.replyTo.rawValue] = "\(address.queue)"
            metadata[BridgeLogKey.error.rawValue] = "\(error)"
            logger.warning("a reply was not taken", metadata: metadata)
        }
    }
}
