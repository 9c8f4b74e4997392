/// Publishing with confirms.
extension AMQPConnection {
    /// Publishes a message and waits until the broker has confirmed it.
    ///
    /// Waits for a connection, for the broker to take publishes and for room in the window, all within the timeout. Each
    /// exchange has a channel of its own, so that one whose queues take nothing does not hold up the others. A message
    /// refused by `basic.nack` is tried again on a new channel where the broker's refusals may stick to a channel,
    /// `publishChannelLimit` channels in all; elsewhere the refusal is final. Cancelling the task ends the wait; the
    /// message may arrive all the same.
    /// - Parameters:
    ///   - message: properties and body; written as they are.
    ///   - exchange: where to; empty for the default exchange, which routes by queue name.
    ///   - routingKey: the routing key.
    ///   - isMandatory: whether an unroutable message fails with `returned`; otherwise it is confirmed and gone.
    ///   - timeout: for everything together; `publishTimeout` of the configuration by default.
    /// - Throws: `AMQPError`: `returned`; `nacked` (some of its queues may have it); `unknownOutcome`, after which it may
    ///   or may not have arrived; `publishRefused` (no such exchange, no right to it); and, with nothing written: `notConnected`,
    ///   `blocked`, `timeout`, `tooLarge`, `invalidArgument`, `closed`. `CancellationError`.
    package nonisolated(nonsending) func publish(
        _ message: AMQPMessage,
        to exchange: String,
        routingKey: String,
        isMandatory: Bool = true,
        timeout: Duration? = nil
    ) async throws {
        try AMQPLimits.check(exchange, as: "the exchange's name")
        try AMQPLimits.check(routingKey, as: "the routing key")
        // A smaller limit of the broker's is checked when the message is to be written.
        let problem = message.problem(
            maxBodyBytes: configuration.maxBodyBytes,
            frameMaxBytes: AMQPLimits.frameMaxBytes
        )
        if let problem { throw problem }
        try Task.checkCancellation()
        let outgoing = OutgoingMessage(message, exchange: exchange, routingKey: routingKey, isMandatory: isMandatory)
        let deadline = ContinuousClock.now + (timeout ?? configuration.publishTimeout)
        let id = inbox.newPublishID()
        // Not through the actor: the thread takes what has gathered at its next turn, and resumes from there.
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                inbox.submit(.init(id: id, outgoing: outgoing, deadline: deadline, continuation: continuation))
            }
        } onCancel: { [inbox] in
            inbox.cancelPublish(id)
        }
    }

    /// Takes over a publish from its caller.
    ///
    /// Its continuation is owned by `publishes`; it leaves that in `apply` or in `cancelPublish`, each of which resumes it.
    func take(_ submission: ConnectionInbox.Submission) {
        guard machine.status.state != .closed else {
            // It was submitted before the shutdown was requested, and is found after it.
            return submission.continuation.resume(throwing: Self.closedError)
        }
        publishes[submission.id] = submission.continuation
        publisher.submit(submission.outgoing, id: submission.id, deadline: submission.deadline)
    }

    /// A caller was cancelled.
    func cancelPublish(_ id: UInt64) {
        guard let continuation = publishes.removeValue(forKey: id) else { return }
        _ = publisher.cancel(id)
        continuation.resume(throwing: CancellationError())
    }

    /// Does what the machine decided.
    func apply(_ effects: PublisherStateMachine.Effects) {
        for settled in effects.settled {
            guard let continuation = publishes.removeValue(forKey: settled.id) else { continue }
            switch settled.outcome {
            case .confirmed: continuation.resume()
            case .failed(let error): continuation.resume(throwing: error)
            }
        }
        for generation in effects.channelsToClose { close(generation) }
    }

    /// Opens a channel in confirm mode for a route; messages follow at once, in the same stream.
    ///
    /// - Returns: false when no channel is left.
    func openPublishChannel(route: Int, _ now: ContinuousClock.Instant) -> Bool {
        guard let channel = openChannel(.publisher, now) else { return false }
        send(.confirmSelect, on: channel, now)
        publisher.opened(channel.generation, route: route)
        publishChannels[channel.generation] = channel
        return true
    }
}
