internal import Logging

/// The connection's loop: connect, restore, serve, lose, pause.
extension AMQPConnection {
    /// The life of the connection.
    func recoverForever() async {
        while !isShuttingDown {
            machine.attempt()
            publishStatus()
            switch await dial() {
            case nil: break
            case .failure(let error): fail(error)
            case .success(let connection):
                attach(connection)
                if let error = await restore() {
                    await sayGoodbye(until: .now + .milliseconds(500))
                    drop(error)
                } else if raw != nil, !isShuttingDown {
                    becomeReady()
                    _ = await wait { self.raw == nil || self.isShuttingDown }
                }
            }
            if !isShuttingDown, let retryAt = machine.retryAt {
                _ = await wait(until: retryAt) { self.isShuttingDown }
            }
        }
        await closeGracefully()
    }

    /// One attempt to connect; nil when shutdown came first.
    private func dial() async -> Result<RawConnection, AMQPError>? {
        logger.debug("Connecting", metadata: .amqp([.endpoint: configuration.endpoints.description]))
        let dialer = Dialer(configuration, watch: watch) { [thread] in thread.wake() }
        _ = await wait { dialer.isFinished || self.isShuttingDown }
        if isShuttingDown {
            dialer.abandon()
            return nil
        }
        return dialer.take()
    }

    private func attach(_ connection: RawConnection) {
        raw = connection
        numbers = ChannelNumbers(limit: connection.channelLimit)
        outbox = Outbox()
        settlementsDueAt = nil
        isCloseConfirmed = false
        topologyRetryAt = nil
    }

    private func becomeReady() {
        guard let raw else { return }
        machine.connected(to: raw.endpoint, at: .now)
        publisher.connected(
            frameMaxBytes: raw.frameMaxBytes,
            channelLimit: raw.brokerVersion?.hasStickyNacks == true ? configuration.publishChannelLimit : 1
        )
        publishStatus()
        let message: Logger.Message = machine.status.reconnectCount == 0 ? "Connected" : "Connection regained"
        logger.info(message, metadata: .amqp([.endpoint: raw.endpoint, .consumers: consumers.count]))
    }

    /// The connection is lost: everything that belongs to it is invalid.
    func drop(_ error: AMQPError) {
        guard let lost = raw else { return }
        raw = nil
        lost.close()
        let dead = channels.values
        channels = [:]
        publishChannels = [:]
        outbox = Outbox()
        hasMoreToRead = false
        settlementsDueAt = nil
        let wasReady = machine.status.state.isConnected
        if isShuttingDown {
            isCloseConfirmed = true
        } else {
            fail(error, wasReady: wasReady)
        }
        apply(publisher.connectionLost(error))
        for channel in dead {
            channel.settlements?.die()
            switch channel.role {
            case .publisher: break
            case .scratch(let call): call.failed(error)
            case .consumer(let record): record.consumer.deliveries.purge(channel.generation)
            }
        }
        for record in consumers.values {
            record.consumer.unsubscribed(because: error)
            perform(record.machine.connectionLost(), for: record)
        }
    }

    private func fail(_ error: AMQPError, wasReady: Bool = false) {
        let delay = machine.failed(error, at: .now, fraction: Double.random(in: 0...1))
        var metadata = Logger.Metadata.amqp(error: error)
        metadata[AMQPLogKey.delay.rawValue] = "\(delay.millisecondsRoundedUp)"
        if case .reconnecting(_, let attempt) = machine.status.state {
            metadata[AMQPLogKey.attempt.rawValue] = "\(attempt)"
        }
        publishStatus()
        logger.warning(wasReady ? "Connection lost" : "Could not connect", metadata: metadata)
    }

    /// Writes what is outstanding, waits for confirms, closes the connection; all within `closeTimeout`.
    private func closeGracefully() async {
        let deadline = ContinuousClock.now + configuration.closeTimeout
        machine.closing(at: .now)
        publishStatus()
        if raw != nil {
            _ = await wait(until: deadline) { self.raw == nil || self.isQuiet }
        }
        await sayGoodbye(until: max(deadline, .now + .milliseconds(500)))
        drop(Self.closedError)
        apply(publisher.close(Self.closedError))
        for record in consumers.values { finish(record) }
        machine.closed()
        publishStatus()
        logger.info("Connection closed")
    }

    /// Closes the connection as AMQP requires it, where it is still open.
    private func sayGoodbye(until deadline: ContinuousClock.Instant) async {
        guard raw != nil else { return }
        outbox.append(.connectionClose, channel: 0)
        _ = await wait(until: deadline) { self.raw == nil || self.isCloseConfirmed }
    }

    /// Whether nothing is left to be written or confirmed.
    private var isQuiet: Bool {
        outbox.isEmpty && raw?.outgoing.isEmpty != false && publisher.inFlightCount == 0
            && !channels.values.contains { $0.settlements?.hasUnwritten == true }
    }

    func publishStatus() {
        board.update(machine.status)
    }
}
