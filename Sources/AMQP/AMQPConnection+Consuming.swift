internal import Logging

/// Consumers across all their channels.
extension AMQPConnection {
    /// Consumes a queue.
    ///
    /// Returns at once; the subscription is made when there is a connection, and made again for ever.
    ///
    /// - Parameters:
    ///   - queue: its name.
    ///   - prefetch: deliveries that may be unsettled at a time, 1 to 65535; also the only buffer.
    ///   - bodyLimitBytes: the largest body that is kept, 1 MiB by default; a delivery with a larger one comes without
    ///     it, and says so. Prefetch times this bounds the consumer's memory.
    ///   - isAutoAck: whether a delivery is acknowledged when a task takes it, and not by that task. Unlike AMQP's own
    ///     `no-ack`, with which the broker sends all it has, this keeps to the prefetch.
    ///   - isExclusive: whether no one else may consume the queue.
    ///   - arguments: as `x-priority`.
    /// - Returns: the consumer.
    /// - Throws: `AMQPError` `invalidArgument`, `closed`.
    package func consume(
        queue: String,
        prefetch: Int,
        bodyLimitBytes: Int = 1024 * 1024,
        isAutoAck: Bool = false,
        isExclusive: Bool = false,
        arguments: AMQPTable = [:]
    ) throws -> AMQPConsumer {
        try AMQPLimits.check(queue, as: "the queue's name")
        return try addConsumer(.queue(queue), prefetch, bodyLimitBytes, isAutoAck, isExclusive, arguments)
    }

    /// Consumes a queue that the broker names, that belongs to this connection and is declared and bound anew for each
    /// subscription.
    ///
    /// What is published while there is no connection is missed.
    ///
    /// - Parameters:
    ///   - bindings: what it is bound to; nothing for a queue that only serves as `reply_to`.
    ///   - prefetch: deliveries that may be unsettled at a time, 1 to 65535.
    ///   - bodyLimitBytes: as with `consume`.
    ///   - isAutoAck: as with `consume`; true by default.
    /// - Returns: the consumer.
    /// - Throws: `AMQPError` `invalidArgument`, `closed`.
    package func consumeTemporary(
        bindings: [AMQPTemporaryBinding] = [],
        prefetch: Int = 100,
        bodyLimitBytes: Int = 1024 * 1024,
        isAutoAck: Bool = true
    ) throws -> AMQPConsumer {
        for binding in bindings {
            try AMQPLimits.check(binding.exchange, as: "the exchange's name")
            try AMQPLimits.check(binding.routingKey, as: "the routing key")
        }
        return try addConsumer(.temporary(bindings), prefetch, bodyLimitBytes, isAutoAck, false, [:])
    }

    private func addConsumer(
        _ source: AMQPConsumer.Source,
        _ prefetch: Int,
        _ bodyLimitBytes: Int,
        _ isAutoAck: Bool,
        _ isExclusive: Bool,
        _ arguments: AMQPTable
    ) throws -> AMQPConsumer {
        guard let prefetchCount = UInt16(exactly: prefetch), prefetchCount > 0 else {
            throw AMQPError(.invalidArgument, "the prefetch is not within 1 to 65535")
        }
        if let problem = arguments.problem { throw AMQPError(.invalidArgument, problem) }
        if isShuttingDown { throw Self.closedError }
        let options = AMQPConsumer.Options(
            source: source,
            prefetchCount: prefetchCount,
            bodyLimitBytes: max(0, bodyLimitBytes),
            isAutoAck: isAutoAck,
            isExclusive: isExclusive,
            arguments: arguments
        )
        let consumer = AMQPConsumer(id: nextID(), options: options, connection: self)
        let machine = ConsumerStateMachine(retryDelay: configuration.reconnectDelay)
        consumers[consumer.id] = ConsumerRecord(consumer, machine: machine)
        return consumer
    }

    func waitUntilSubscribed(_ consumer: AMQPConsumer, within limit: Duration) async throws -> String {
        _ = try await waitCancellably(until: .now + limit) {
            consumer.status.isSubscribed || self.consumers[consumer.id] == nil
        }
        let status = consumer.status
        if status.isSubscribed, let name = status.queueName { return name }
        if consumers[consumer.id] == nil { throw AMQPError(.closed, "the consumer has ended") }
        throw AMQPError(
            .timeout,
            "not subscribed within the deadline",
            underlying: status.lastError ?? machine.status.lastError
        )
    }

    func unsettledCount(of consumer: AMQPConsumer) -> Int {
        channels.values.reduce(0) { count, channel in
            guard case .consumer(let owner) = channel.role, owner.consumer === consumer else { return count }
            return count + (channel.settlements?.outstandingCount ?? 0)
        }
    }

    func cancel(_ consumer: AMQPConsumer) async {
        guard let record = consumers[consumer.id] else { return }
        giveBackUntaken(record)
        perform(record.machine.cancel(), for: record)
        await waitForEnd(of: consumer)
    }

    func close(_ consumer: AMQPConsumer) async {
        guard let record = consumers[consumer.id] else { return }
        let old = channels.values.filter { channel in
            if case .consumer(let owner) = channel.role { owner === record } else { false }
        }
        perform(record.machine.close(), for: record)
        for channel in old { close(channel) }
        let numbers = old.map(\.number)
        let generations = Set(old.map(\.generation))
        _ = await wait(until: .now + configuration.callTimeout) {
            !numbers.contains { number in self.channels[number].map { generations.contains($0.generation) } ?? false }
        }
    }

    private func waitForEnd(of consumer: AMQPConsumer) async {
        _ = await wait(until: .now + configuration.callTimeout) { self.consumers[consumer.id] == nil }
    }

    /// Subscribes what is due.
    func advanceConsumers(_ now: ContinuousClock.Instant) {
        for record in consumers.values {
            if let action = record.machine.next(now: now) { perform(action, for: record) }
        }
    }

    /// Does what a consumer's machine decided.
    func perform(_ action: ConsumerStateMachine.Action?, for record: ConsumerRecord) {
        let now = ContinuousClock.now
        switch action {
        case nil: break
        case .subscribe: subscribe(record, now)
        case .restoreTopology: restoreTopology(for: record)
        case .sendCancel(let generation):
            guard let channel = channel(generation) else { return }
            send(.cancel(consumerTag: channel.consumerTag), on: channel, now)
        case .closeWhenSettled(let generation):
            channel(generation)?.closesWhenSettled = true
            if record.machine.state == .ended { finish(record) }
        case .close(let generation):
            close(generation)
            finish(record)
        case .end: finish(record)
        }
    }

    /// Declares what a consumer itself needs, and lets it subscribe; then requests the rest, for more may be missing.
    private func restoreTopology(for record: ConsumerRecord) {
        start(topology.part(for: record.consumer.options.source).methods) { result in
            if case .failure(let failure) = result { record.consumer.update { $0.lastError = failure.error } }
            self.perform(record.machine.restored(), for: record)
            if self.topologyRetryAt == nil { self.topologyRetryAt = .now }
        }
    }

    /// Channel, prefetch and subscription in one go.
    private func subscribe(_ record: ConsumerRecord, _ now: ContinuousClock.Instant) {
        guard isReady, let channel = openChannel(.consumer(record), now) else { return }
        let options = record.consumer.options
        channel.settlements = SettlementBox(
            generation: channel.generation,
            prefetch: Int(options.prefetchCount),
            thread: thread
        )
        send(.qos(prefetchCount: options.prefetchCount), on: channel, now)
        var queue = ""
        switch options.source {
        case .queue(let name): queue = name
        case .temporary(let bindings):
            // An empty name means, in AMQP, the queue declared last on this channel: no need to wait for its name.
            let temporary = AMQPQueue("", isDurable: false, isExclusive: true, isAutoDelete: true)
            send(.queueDeclare(temporary, isPassive: false), on: channel, now)
            for binding in bindings {
                let bind = AMQPBinding(
                    from: binding.exchange,
                    to: .queue(""),
                    routingKey: binding.routingKey,
                    arguments: binding.arguments
                )
                send(.bind(bind), on: channel, now)
            }
        }
        let consume = OutboundMethod.consume(
            queue: queue,
            consumerTag: channel.consumerTag,
            isExclusive: options.isExclusive,
            arguments: options.arguments
        )
        send(consume, on: channel, now)
        record.machine.subscribing(on: channel.generation)
    }

    /// An answer on a consumer's channel.
    func answered(_ method: InboundMethod, for record: ConsumerRecord, on channel: Channel) {
        switch method {
        case .queueDeclareOk(let name, _, _): record.consumer.update { $0.queueName = name }
        case .consumeOk:
            record.machine.subscribed(on: channel.generation)
            record.consumer.update {
                $0.isSubscribed = true
                $0.subscribeCount += 1
            }
            let queue = record.consumer.queueName ?? ""
            logger.debug("Subscribed", metadata: .amqp([.queue: queue, .channel: channel.number]))
        case .cancelOk: perform(record.machine.cancelled(on: channel.generation), for: record)
        default: break
        }
    }

    /// A message for a consumer.
    func deliver(_ delivery: AMQPDelivery, to record: ConsumerRecord, on channel: Channel) {
        if let box = channel.settlements, !box.delivered(delivery.deliveryTag) {
            return fail(channel, AMQPError(.protocolViolation, "a delivery tag is out of order", level: .channel))
        }
        let isOver =
            switch record.machine.state {
            case .cancelling, .ended: true
            case .waiting, .restoring, .subscribing, .active: false
            }
        if isOver || !record.consumer.deliveries.push(delivery) { delivery.nack(requeue: true) }
    }

    /// `basic.cancel` from the broker.
    func cancelledByBroker(_ record: ConsumerRecord, on channel: Channel, _ now: ContinuousClock.Instant) {
        let queue = record.consumer.queueName ?? ""
        logger.debug("Subscription ended by the broker", metadata: .amqp([.queue: queue, .channel: channel.number]))
        record.consumer.unsubscribed(
            because: AMQPError(.channelClosed, "the broker cancelled the subscription", level: .channel)
        )
        let action = record.machine.cancelledByBroker(
            on: channel.generation,
            now: now,
            fraction: .random(in: 0...1)
        )
        perform(action, for: record)
    }

    /// A consumer's channel is gone.
    func lostChannel(
        _ channel: Channel,
        of record: ConsumerRecord,
        _ error: AMQPError,
        _ now: ContinuousClock.Instant
    ) {
        record.consumer.deliveries.purge(channel.generation)
        let action = record.machine.failed(on: channel.generation, now: now, fraction: .random(in: 0...1))
        if case .waiting = record.machine.state {
            record.consumer.unsubscribed(because: error)
        }
        perform(action, for: record)
    }

    /// The consumer's sequence ends.
    func finish(_ record: ConsumerRecord) {
        consumers[record.consumer.id] = nil
        record.consumer.unsubscribed(because: nil)
        giveBackUntaken(record)
    }

    private func giveBackUntaken(_ record: ConsumerRecord) {
        for delivery in record.consumer.deliveries.finish() { delivery.nack(requeue: true) }
    }
}
