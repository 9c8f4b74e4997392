internal import Logging

/// Frames from the broker, each passed to the part that it is for.
extension AMQPConnection {
    func handle(_ frame: RawConnection.Frame, _ now: ContinuousClock.Instant) throws(AMQPError) {
        switch frame {
        case .method(0, let method): try handleOnConnection(method, now)
        case .method(let number, let method):
            guard let channel = channels[number] else { return strayFrame(number) }
            try handle(method, on: channel, now)
        case .header(let number, let bodySize, let properties):
            guard let channel = channels[number] else { return strayFrame(number) }
            if channel.isClosing { return }
            let content = try channel.assembler.header(bodySize: bodySize, properties: properties)
            if let content { receive(content, on: channel) }
        case .body(let number, let fragment):
            guard let channel = channels[number] else { return strayFrame(number) }
            if channel.isClosing { return }
            let content = try channel.assembler.body(count: fragment.count) { fragment.append(to: &$0) }
            if let content { receive(content, on: channel) }
        case .ignored: break
        }
    }

    private func strayFrame(_ number: UInt16) {
        logger.trace("Frame for a channel that is gone", metadata: .amqp([.channel: number]))
    }

    private func handleOnConnection(_ method: InboundMethod, _ now: ContinuousClock.Instant) throws(AMQPError) {
        switch method {
        case .connectionClose(let code, let text):
            // The answer is optional: the broker closes the connection with or without it, and its reason is what
            // matters.
            if let connection = raw {
                try? connection.put(.connectionCloseOk, on: 0)
                try? connection.flush(now)
            }
            throw AMQPError(.connectionLost, text, level: .connection, replyCode: code)
        case .connectionCloseOk: isCloseConfirmed = true
        case .connectionBlocked(let reason):
            machine.blocked(reason: reason, at: now)
            publisher.setBlocked(true)
            publishStatus()
            logger.warning("The broker takes no publishes", metadata: .amqp([.blockedReason: reason]))
        case .connectionUnblocked:
            machine.unblocked(at: now)
            publisher.setBlocked(false)
            publishStatus()
            logger.info("The broker takes publishes again")
        default: logger.debug("Unexpected method on channel 0")
        }
    }

    private func handle(
        _ method: InboundMethod,
        on channel: Channel,
        _ now: ContinuousClock.Instant
    ) throws(AMQPError) {
        if channel.isClosing { return handleWhileClosing(method, on: channel) }
        switch method {
        case .channelClose(let code, let text): closedByBroker(channel, code, text, now)
        case .channelFlow(let isActive): outbox.append(.channelFlowOk(isActive: isActive), channel: channel.number)
        case .content(let subject): try channel.assembler.begin(subject)
        case .ack(let tag, let multiple):
            apply(publisher.confirm(on: channel.generation, tag: tag, multiple: multiple, isAck: true))
        case .nack(let tag, let multiple):
            logger.debug("Publish refused", metadata: .amqp([.deliveryTag: tag, .channel: channel.number]))
            apply(publisher.confirm(on: channel.generation, tag: tag, multiple: multiple, isAck: false))
        case .cancel(let consumerTag):
            guard case .consumer(let record) = channel.role, consumerTag == channel.consumerTag else { return }
            cancelledByBroker(record, on: channel, now)
        default:
            guard let reply = method.reply, channel.replies.take(reply) != nil else {
                throw AMQPError(.protocolViolation, "an answer came without a request", level: .connection)
            }
            answered(method, on: channel)
        }
    }

    private func answered(_ method: InboundMethod, on channel: Channel) {
        switch channel.role {
        case .publisher: break
        case .consumer(let record): answered(method, for: record, on: channel)
        case .scratch(let call):
            if method == .channelOpenOk { return }
            if call.answered(method) { close(channel) }
        }
    }

    /// Both sides may close a channel at the same time; this side's close ends when its own request is answered.
    private func handleWhileClosing(_ method: InboundMethod, on channel: Channel) {
        switch method {
        case .channelClose: outbox.append(.channelCloseOk, channel: channel.number)
        case .channelCloseOk: forget(channel)
        default: break
        }
    }

    private func receive(_ content: ContentAssembler.Content, on channel: Channel) {
        switch content.subject {
        case .delivery(let consumerTag, let tag, let isRedelivered, let exchange, let routingKey):
            guard case .consumer(let record) = channel.role, consumerTag == channel.consumerTag else {
                // It would never be settled, and its consumer would wait for ever.
                logger.warning("Delivery for an unknown consumer", metadata: .amqp([.channel: channel.number]))
                return fail(channel, AMQPError(.protocolViolation, "delivery for an unknown consumer", level: .channel))
            }
            let delivery = AMQPDelivery(
                message: content.message,
                exchange: exchange,
                routingKey: routingKey,
                isRedelivered: isRedelivered,
                deliveryTag: tag,
                bodySize: content.bodySize,
                generation: channel.generation,
                settlements: channel.settlements
            )
            deliver(delivery, to: record, on: channel)
        case .returned(let code, let text, let exchange, let routingKey):
            let error = AMQPError(.returned, text, replyCode: code, entity: "exchange '\(exchange)'")
            publisher.returned(
                on: channel.generation,
                exchange: exchange,
                routingKey: routingKey,
                message: content.message,
                error: error
            )
        }
    }
}
