internal import Logging

/// Opening and closing channels, and making requests on them.
extension AMQPConnection {
    /// Opens a channel; what follows on it may be written at once, without waiting for the answer.
    ///
    /// - Returns: nil when the broker allows no more channels.
    func openChannel(_ role: Channel.Role, _ now: ContinuousClock.Instant) -> Channel? {
        guard let number = numbers.take() else {
            logger.error("No channel is left on this connection")
            return nil
        }
        let channel = Channel(number: number, generation: ChannelGeneration(number: nextID()), role: role)
        channels[number] = channel
        send(.channelOpen, on: channel, now)
        return channel
    }

    /// Queues a method and notes the answer it will have.
    func send(_ method: OutboundMethod, on channel: Channel, _ now: ContinuousClock.Instant) {
        channel.replies.expect(method, until: now + configuration.callTimeout)
        outbox.append(method, channel: channel.number)
    }

    /// Closes a channel from our side.
    ///
    /// Unsettled deliveries go back to their queue; settlements are written first.
    func close(_ channel: Channel) {
        guard !channel.isClosing else { return }
        channel.isClosing = true
        channel.closeDeadline = .now + configuration.callTimeout
        channel.replies = ReplyLedger()
        publishChannels[channel.generation] = nil
        if let settled = channel.settlements?.die() { append(settled, to: channel) }
        if outbox.purge(channel.number, butSettlements: true) {
            // The broker does not know the channel: closing one that is not open would close the connection (504).
            return forget(channel)
        }
        outbox.append(.channelClose, channel: channel.number)
    }

    /// The channel is gone on both sides, and its number can be used again.
    func forget(_ channel: Channel) {
        channels[channel.number] = nil
        publishChannels[channel.generation] = nil
        numbers.giveBack(channel.number)
    }

    func close(_ generation: ChannelGeneration) {
        if let channel = channel(generation) { close(channel) }
    }

    func channel(_ generation: ChannelGeneration) -> Channel? {
        channels.values.first { $0.generation == generation }
    }

    /// The broker closed a channel because of an error on it.
    func closedByBroker(_ channel: Channel, _ code: UInt16, _ text: String, _ now: ContinuousClock.Instant) {
        let refused = channel.replies.first?.method
        let error = AMQPError(channelReplyCode: code, text: text, refused: refused)
        logger.debug("Channel closed by the broker", metadata: .amqp(error: error))
        outbox.purge(channel.number)
        // Written before anything else on this number, so the number can be used again at once.
        outbox.append(.channelCloseOk, channel: channel.number)
        forget(channel)
        ended(channel, error, now)
    }

    /// Closes a channel because something on it is wrong.
    func fail(_ channel: Channel, _ error: AMQPError) {
        close(channel)
        ended(channel, error, .now)
    }

    private func ended(_ channel: Channel, _ error: AMQPError, _ now: ContinuousClock.Instant) {
        channel.settlements?.die()
        switch channel.role {
        case .publisher: apply(publisher.channelClosed(channel.generation, error: error))
        case .scratch(let call): call.failed(error)
        case .consumer(let record): lostChannel(channel, of: record, error, now)
        }
    }

    /// Handles overdue answers, and channels that only waited for their deliveries to be settled.
    ///
    /// When the broker does not close a channel, the connection ends, so that channel numbers do not run out.
    func advanceChannels(_ now: ContinuousClock.Instant) {
        if channels.values.contains(where: { isCloseOverdue($0, now) }) {
            return drop(AMQPError(.connectionLost, "a channel's close was not answered in time", level: .connection))
        }
        for channel in channels.values where !channel.isClosing {
            if let deadline = channel.replies.deadline, deadline <= now {
                let asked = channel.replies.first?.method.entity ?? "channel"
                fail(channel, AMQPError(.timeout, "no answer within the deadline", level: .channel, entity: asked))
            } else if channel.closesWhenSettled, channel.isSettled, outbox.isEmpty {
                close(channel)
            }
        }
    }

    private func isCloseOverdue(_ channel: Channel, _ now: ContinuousClock.Instant) -> Bool {
        guard let deadline = channel.closeDeadline, deadline <= now else { return false }
        // A broker in alarm does not read; its heartbeats show that it is alive, and it answers when the alarm is over.
        guard case .blocked = machine.status.state else { return true }
        channel.closeDeadline = now + configuration.callTimeout
        return false
    }

    /// Makes requests on a channel of their own.
    ///
    /// - Returns: the answers, in order.
    func ask(_ methods: [OutboundMethod]) async throws(ScratchCall.Failure) -> [InboundMethod] {
        let result: Result<[InboundMethod], ScratchCall.Failure> = await withCheckedContinuation { continuation in
            start(methods) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Makes requests on a channel of their own.
    ///
    /// `completion`: called once; after a lost connection, a refusal or a missing answer, too.
    func start(
        _ methods: [OutboundMethod],
        completion: @escaping (Result<[InboundMethod], ScratchCall.Failure>) -> Void
    ) {
        if methods.isEmpty { return completion(.success([])) }
        let call = ScratchCall(count: methods.count, completion: completion)
        guard raw != nil else {
            return call.failed(machine.status.lastError ?? Self.closedError)
        }
        let now = ContinuousClock.now
        guard let channel = openChannel(.scratch(call), now) else {
            return call.failed(AMQPError(.channelClosed, "no channel is left on this connection", level: .channel))
        }
        for method in methods { send(method, on: channel, now) }
    }
}

extension AMQPError {
    /// An error for a channel that the broker closed.
    ///
    /// `refused`: the oldest request without an answer, for which the broker closed the channel.
    init(channelReplyCode code: UInt16, text: String, refused: OutboundMethod?) {
        let meaning: Code =
            switch (code, refused) {
            case (405, _): .lockedByAnother
            case (_, nil), (_, .channelOpen), (_, .qos), (_, .confirmSelect): .channelClosed
            default: .topologyRefused
            }
        self.init(meaning, text, level: .channel, replyCode: code, entity: refused?.entity)
    }
}
