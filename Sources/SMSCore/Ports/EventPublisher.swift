package import Contracts

/// Publishes messages and returns once the broker has confirmed them.
package protocol EventPublisher: Sendable {
    /// Publishes a persistent, mandatory message.
    ///
    /// - Throws: `PublishFailure`; after `unavailable` the message may or may not have arrived.
    func publish(_ message: BrokerMessage) async throws(PublishFailure)
}

/// Why a publish was not confirmed.
package enum PublishFailure: Error, Hashable, Sendable {
    /// No queue would have taken it.
    case unroutable
    /// The broker refused it, again and again.
    case refused
    /// No connection, or none long enough; it may or may not have arrived. With the reason, for the log.
    case unavailable(String)
    /// It can never be published, such as one that is too large.
    case impossible(String)
}
