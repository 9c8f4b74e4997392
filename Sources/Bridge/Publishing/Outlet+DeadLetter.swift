package import Contracts

/// Dead letters of the outbound path.
extension Outlet {
    /// Publishes a message to the dead letters, with its reason in its headers, until the broker has confirmed it.
    ///
    /// What is too large for the broker is shortened as `publish` does it; what can never be published is logged and
    /// dropped.
    ///
    /// - Parameters:
    ///   - original: the message as it was delivered.
    ///   - reason: why it is one.
    /// - Throws: `CancellationError` alone.
    package func deadLetter(_ original: BrokerMessage, _ reason: DeadLetterReason) async throws {
        try await publish(original.deadLetter(reason, names: names), step: "publish dead letter", [:])
    }
}
