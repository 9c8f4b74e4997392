package import Contracts

/// What the HTTP API can ask about single messages (docs/openapi.yaml).
package protocol SendAPI: Sendable {
    /// Enqueues a message and waits for its outcome.
    ///
    /// - Throws: `NotServing`.
    func send(_ order: SendOrder) async throws -> SendAnswer

    /// The state of a message; nil for one that is unknown.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func message(_ id: CommandID) async throws -> MessageView?

    /// Cancels a message; one that is unknown may be on its way, and is cancelled when it comes.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func cancel(_ id: CommandID) async throws -> CancelAnswer
}

/// The process stands by for another one, and does not serve requests.
package struct NotServing: Error {
    /// The one reason.
    package init() {}
}

/// A request to send one message, as it came in.
package struct SendOrder: Hashable, Sendable {
    /// The request's body, which should be JSON.
    package let body: [UInt8]
    /// The `Idempotency-Key`; nil without one.
    package let key: String?
    /// How long to wait for the outcome; zero waits for none.
    package let wait: Duration
    /// The request's W3C trace context, for the command's events.
    package let traceparent: String?

    /// A request with its options.
    package init(body: [UInt8], key: String? = nil, wait: Duration = .zero, traceparent: String? = nil) {
        self.body = body
        self.key = key
        self.wait = wait
        self.traceparent = traceparent
    }
}

/// The result of a request to send.
package enum SendAnswer: Hashable, Sendable {
    /// The provider took the message.
    case accepted(CommandID, messageUUID: String)
    /// The broker has the command, and no outcome came within the wait.
    case pending(CommandID)
    /// It ended with another outcome, for this reason.
    case ended(CommandID, EventError)
    /// Its key was used before, with another body.
    case keyReused(CommandID)
    /// It breaks rules; nothing was enqueued.
    case invalid([Problem])
    /// The broker did not confirm it, but may have it, so only the same id is safe to send again.
    case notTaken(CommandID)
}

/// The result of a request to cancel a message.
package enum CancelAnswer: Hashable, Sendable {
    /// The broker has the cancellation.
    case cancelling
    /// There is nothing left to cancel.
    case settled(Outcome)
    /// The broker did not confirm it.
    case notTaken
}
