package import Contracts
import Logging
import SMSCore
import Synchronization

/// Publishing the event of a webhook, which is answered within 3 s.
extension Outlet {
    /// Where an offered event is.
    package enum Offered: Hashable, Sendable {
        /// The broker has confirmed it.
        case published
        /// It is in the spool, on disk.
        case spooled
        /// It was not kept: the spool is full.
        case full
        /// It can never be published, and its dead letter is confirmed or in the spool. With the reason.
        case deadLettered(String)
    }

    /// Publishes an event at once, or keeps it.
    ///
    /// It is not tried where an event of its key is in the spool, its route took nothing lately, or the broker is away
    /// (see `SpoolLedger`); then it goes to the spool, as does one that is not confirmed within the prompt publisher's
    /// time (1.5 s in the service). One that can never be published becomes a dead letter.
    ///
    /// - Parameters:
    ///   - event: what is offered.
    ///   - key: events of one key leave in the order in which this is called for them; calls for one key must not
    ///     overlap.
    /// - Returns: where it is.
    /// - Throws: when the store cannot keep it, or not even its dead letter can be published; then it is not kept.
    package func offer(_ event: BrokerMessage, key: String) async throws -> Offered {
        switch try await publishOrKeep(event, key: key) {
        case .published:
            tap?.note(event)
            return .published
        case .spooled:
            tap?.note(event)
            return .spooled
        case .full: return .full
        case .impossible(let reason):
            let deadLetter = event.unpublishableDeadLetter(reason, names: names, now: .now)
            return try await isTaken(deadLetter) ? .deadLettered(reason) : .full
        }
    }

    /// Offers a message as a dead letter.
    ///
    /// - Parameters:
    ///   - original: the message.
    ///   - reason: why it is one.
    /// - Returns: true once it is confirmed, or in the spool; false when the spool is full.
    /// - Throws: when the store cannot keep it, or it can never be published.
    package func offerDeadLetter(_ original: BrokerMessage, _ reason: DeadLetterReason) async throws -> Bool {
        try await isTaken(original.deadLetter(reason, names: names))
    }

    /// Offers a dead letter as it is to be published; all of them have one key.
    private func isTaken(_ deadLetter: BrokerMessage) async throws -> Bool {
        switch try await publishOrKeep(deadLetter, key: "webhook") {
        case .published, .spooled: return true
        case .full: return false
        case .impossible(let reason): throw UnpublishableDeadLetter(reason: reason)
        }
    }

    private enum Kept {
        case published
        case spooled
        case full
        case impossible(String)
    }

    private func publishOrKeep(_ message: BrokerMessage, key: String) async throws -> Kept {
        let route = SpoolRoute(message)
        if ledger.withLock({ $0.mayPublish(key: key, to: route) }) {
            do throws(PublishFailure) {
                try await promptPublisher.publish(message)
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
}

/// A dead letter can never be published, so its message is not kept.
private struct UnpublishableDeadLetter: Error, CustomStringConvertible {
    let reason: String

    var description: String { "a dead letter can never be published: \(reason)" }
}
