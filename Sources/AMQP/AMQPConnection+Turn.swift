internal import Logging

/// One turn of the thread: cancellations, frames in, frames out, deadlines.
extension AMQPConnection {
    /// Frames read per turn before jobs get their chance again.
    private static let framesPerTurn = 2048

    /// Runs on the thread between rounds of jobs.
    func turn() -> ConnectionThread.Rest {
        let now = ContinuousClock.now
        for id in inbox.takeCancelled() {
            cancelWaiter(id)
            cancelPublish(id)
        }
        if raw != nil {
            watch.enter(limit: configuration.callTimeout)
            read(now)
            advanceChannels(now)
            if isReady {
                advanceTopology(now)
                advanceConsumers(now)
            }
            expirePublishes(now)
            write(now)
            watch.leave()
        } else {
            expirePublishes(now)
        }
        checkWaiters(now)
        return rest(now)
    }

    /// After reading, for confirms may be there, and before writing, for an overdue one makes room.
    private func expirePublishes(_ now: ContinuousClock.Instant) {
        apply(publisher.expire(now: now, lastError: machine.status.lastError))
    }

    /// What to wait for.
    private func rest(_ now: ContinuousClock.Instant) -> ConnectionThread.Rest {
        if raw == nil, waiters.isEmpty, publisher.count == 0 { return .nothing }
        if hasMoreToRead { return .poll(descriptor: -1, isWriteAwaited: false, timeout: .zero) }
        var wakeAt = now + (raw == nil ? .seconds(60) : configuration.pulse)
        if let deadline = publisher.nextDeadline { wakeAt = min(wakeAt, deadline) }
        for waiter in waiters.values {
            if let deadline = waiter.deadline { wakeAt = min(wakeAt, deadline) }
        }
        for record in consumers.values {
            if isReady, let retryAt = record.machine.retryAt { wakeAt = min(wakeAt, retryAt) }
        }
        return .poll(
            descriptor: raw?.descriptor ?? -1,
            isWriteAwaited: isWriteAwaited,
            timeout: max(.zero, now.duration(to: wakeAt))
        )
    }

    // MARK: Reading

    private func read(_ now: ContinuousClock.Instant) {
        hasMoreToRead = false
        do throws(AMQPError) {
            for _ in 0..<Self.framesPerTurn {
                guard let connection = raw else { return }
                guard let frame = try connection.nextFrame() else {
                    connection.releaseMemory()
                    return
                }
                try handle(frame, now)
                raw?.releaseMemory(of: frame.channel)
            }
            raw?.releaseMemory()
            hasMoreToRead = raw != nil
        } catch {
            drop(error)
        }
    }

    // MARK: Writing

    private func write(_ now: ContinuousClock.Instant) {
        isWriteAwaited = false
        var isCorked = false
        do throws(AMQPError) {
            while let connection = raw, hasSomethingToWrite {
                guard connection.mayWrite() else {
                    isWriteAwaited = true
                    break
                }
                if !isCorked {
                    connection.setCorked(true)
                    isCorked = true
                }
                guard try writeNext(connection, now) else { break }
            }
        } catch {
            drop(readLastFrames(now) ?? error)
        }
        if isCorked { raw?.setCorked(false) }
    }

    private var hasSomethingToWrite: Bool {
        if !outbox.isEmpty || publisher.hasWork { return true }
        collectSettlements()
        return !outbox.isEmpty
    }

    private func collectSettlements() {
        for channel in channels.values where !channel.isClosing {
            if let settled = channel.settlements?.takeFrames() { append(settled, to: channel) }
        }
    }

    /// Puts what was decided about a channel's deliveries among the methods to be written.
    func append(_ settled: [SettlementLedger.Frame], to channel: Channel) {
        for frame in settled {
            switch frame {
            case .ack(let tag, let multiple):
                outbox.append(.ack(tag: tag, multiple: multiple), channel: channel.number)
            case .nack(let tag, let multiple, let requeue):
                outbox.append(.nack(tag: tag, multiple: multiple, requeue: requeue), channel: channel.number)
            }
        }
    }

    /// Writes one method, one message or a part of one.
    ///
    /// - Returns: false when nothing could be written.
    private func writeNext(_ connection: RawConnection, _ now: ContinuousClock.Instant) throws(AMQPError) -> Bool {
        if outbox.hasNoMethods { collectSettlements() }
        if let entry = outbox.popFirst() {
            try connection.send(entry.method, on: entry.channel)
            connection.spend(64)
            return true
        }
        if var large = outbox.large {
            let end = min(large.written + connection.bodyPartMaxBytes, large.outgoing.message.body.count)
            try connection.sendBodyPart(large.written..<end, of: large.outgoing, on: large.channel)
            connection.spend(end - large.written)
            large.written = end
            outbox.large = end == large.outgoing.message.body.count ? nil : large
            return true
        }
        switch publisher.next() {
        case nil: return false
        case .openChannel(let route): return openPublishChannel(route: route, now)
        case .write(let outgoing, let generation):
            guard let channel = publishChannels[generation] else {
                // Not written after all; its caller must not wait for a confirm.
                let error = AMQPError(.channelClosed, "the channel is gone", level: .channel)
                apply(publisher.channelClosed(generation, error: error))
                return true
            }
            try publish(outgoing, on: channel.number, connection)
            return true
        case .settle(let settled):
            apply(PublisherStateMachine.Effects(settled: [settled]))
            return true
        }
    }

    private func publish(
        _ outgoing: OutgoingMessage,
        on channel: UInt16,
        _ connection: RawConnection
    ) throws(AMQPError) {
        if outgoing.wireSizeLimit <= RawConnection.singleCallMaxBytes {
            try connection.publish(outgoing, on: channel)
            connection.spend(outgoing.wireSizeLimit)
            return
        }
        try connection.beginPublish(outgoing, on: channel)
        connection.spend(outgoing.wireSizeLimit - outgoing.message.body.count)
        if !outgoing.message.body.isEmpty { outbox.large = Outbox.LargeMessage(channel: channel, outgoing: outgoing) }
    }

    /// After a failed write: before it hung up, the broker may have confirmed publishes, which are not unknown then, and
    /// said why.
    ///
    /// - Returns: the broker's reason, where it gave one.
    private func readLastFrames(_ now: ContinuousClock.Instant) -> AMQPError? {
        do throws(AMQPError) {
            for _ in 0..<Self.framesPerTurn {
                guard let connection = raw, let frame = try connection.nextFrame() else { return nil }
                try handle(frame, now)
                connection.releaseMemory(of: frame.channel)
            }
        } catch {
            return error.replyCode == nil ? nil : error
        }
        return nil
    }
}
