package import Contracts

/// What the HTTP API can ask about single messages (CONTRACT 5).
package protocol SendAPI: Sendable {
    /// Enqueues a message and waits for its outcome.
    ///
    /// - Throws: `NotServing`.
    func send(_ order: SendOrder) async throws -> SendAnswer

    /// How a message stands; nil for one that is unknown.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func message(_ id: CommandID) async throws -> MessageView?

    /// Calls a message back; one that is unknown may be on its way, and is called back when it comes.
    ///
    /// - Throws: `NotServing`; the store's error when it cannot be read.
    func cancel(_ id: CommandID) async throws -> CancelAnswer
}

/// The process stands by for another one, and serves nothing of this.
package struct NotServing: Error {
    /// The one reason.
    package init() {}
}

/// A request to send one message, as it came in.
package struct SendOrder: Hashable, Sendable {
    /// The request's body: JSON, or whatever the client took for it.
    package let body: [UInt8]
    /// The `Idempotency-Key`; nil without one.
    package let key: String?
    /// How long to wait for the outcome; zero waits for none.
    package let wait: Duration
    /// The request's W3C trace context, for the command's events.
    package let traceparent: String?

    /// A request with its wishes.
    package init(body: [UInt8], key: String? = nil, wait: Duration = .zero, traceparent: String? = nil) {
        self.body = body
        self.key = key
        self.wait = wait
        self.traceparent = traceparent
    }
}

/// What came of a request to send.
package enum SendAnswer: Hashable, Sendable {
    /// The provider took the message.
    case accepted(CommandID, messageUUID: String)
    /// The broker has the command, and no outcome came within the wait.
    case pending(CommandID)
    /// It ended otherwise, for this reason.
    case ended(CommandID, EventError)
    /// Its key was used before, with another body.
    case keyReused(CommandID)
    /// It breaks rules; nothing was enqueued.
    case invalid([Problem])
    /// The broker did not confirm it; it may have it all the same, so only the same id is safe to send again.
    case notTaken(CommandID)
}

/// What came of a request to call a message back.
package enum CancelAnswer: Hashable, Sendable {
    /// The broker has the cancellation.
    case cancelling
    /// There is nothing left to call back.
    case settled(Outcome)
    /// The broker did not confirm it.
    case notTaken
}
