internal import Logging

/// One turn of the thread: cancellations, frames in, frames out, deadlines.
extension AMQPConnection {
    /// Frames read per turn before jobs get their chance again.
    private static let framesPerTurn = 2048

    /// Runs on the thread between rounds of jobs, with what `poll` has found.
    func turn(_ readiness: Readiness) -> ConnectionThread.Rest {
        let now = ContinuousClock.now
        inbox.empty(submissions: take, cancelledPublishes: cancelPublish, cancelledWaits: cancelWaiter)
        if let connection = raw {
            connection.note(readiness)
            read(now)
            dropIfSilent(now)
            advanceChannels(now)
            if isReady {
                advanceTopology(now)
                advanceConsumers(now)
            }
            expirePublishes(now)
            write(now)
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
        var wakeAt = now + (hasMoreToRead ? .zero : raw == nil ? .seconds(60) : configuration.pulse)
        if let settlementsDueAt { wakeAt = min(wakeAt, settlementsDueAt) }
        if let deadline = publisher.nextDeadline { wakeAt = min(wakeAt, deadline) }
        for waiter in waiters.values {
            if let deadline = waiter.deadline { wakeAt = min(wakeAt, deadline) }
        }
        for record in consumers.values {
            if isReady, let retryAt = record.machine.retryAt { wakeAt = min(wakeAt, retryAt) }
        }
        return .poll(
            descriptor: raw?.descriptor ?? -1,
            isWriteAwaited: raw?.isWriteAwaited ?? false,
            timeout: max(.zero, now.duration(to: wakeAt))
        )
    }

    // MARK: Reading

    private func read(_ now: ContinuousClock.Instant) {
        hasMoreToRead = false
        do throws(AMQPError) {
            for _ in 0..<Self.framesPerTurn {
                guard let connection = raw else { return }
                guard let frame = try connection.nextFrame(now) else {
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

    /// A peer that was silent for two heartbeats is lost.
    ///
    /// The socket is read once more before: after a pause of this process its bytes may wait there.
    private func dropIfSilent(_ now: ContinuousClock.Instant) {
        guard let connection = raw, connection.heartbeat.isPeerSilent(at: now) else { return }
        connection.note(.readable)
        read(now)
        guard let connection = raw, connection.heartbeat.isPeerSilent(at: now) else { return }
        drop(RawConnection.silent)
    }

    // MARK: Writing

    /// Gathers what is to be written and writes it in one go; while the socket does not take all of it, the rest waits
    /// where it is, known to be unwritten.
    private func write(_ now: ContinuousClock.Instant) {
        settlementsDueAt = nil
        do throws(AMQPError) {
            try raw?.flush(now)
            while let connection = raw, connection.outgoing.isEmpty {
                collectSettlements(now)
                while connection.outgoing.count < WireBuffer.gatherLimit, try putNext(connection, now) {}
                connection.putHeartbeatIfDue(now)
                if connection.outgoing.isEmpty { break }
                try connection.flush(now)
            }
        } catch {
            drop(readLastFrames(now) ?? error)
        }
    }

    private func collectSettlements(_ now: ContinuousClock.Instant) {
        settlementsDueAt = nil
        for channel in channels.values where !channel.isClosing {
            guard let (settled, dueAt) = channel.settlements?.takeFrames(now) else { continue }
            append(settled, to: channel)
            if let dueAt { settlementsDueAt = settlementsDueAt.map { min($0, dueAt) } ?? dueAt }
        }
    }

    /// Adds a channel's settlements to the methods to be written.
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

    /// Adds one method or one message to the bytes to be written.
    ///
    /// - Returns: false when there is none.
    private func putNext(_ connection: RawConnection, _ now: ContinuousClock.Instant) throws(AMQPError) -> Bool {
        if let entry = outbox.popFirst() {
            try connection.put(entry.method, on: entry.channel)
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
            connection.put(outgoing, on: channel.number)
            return true
        case .settle(let settled):
            apply(PublisherStateMachine.Effects(settled: [settled]))
            return true
        }
    }

    /// After a failed write: before it closed the connection, the broker may have confirmed publishes, whose outcome is
    /// then known, and sent its reason.
    ///
    /// - Returns: the broker's reason, where it gave one.
    private func readLastFrames(_ now: ContinuousClock.Instant) -> AMQPError? {
        raw?.note(.readable)
        do throws(AMQPError) {
            for _ in 0..<Self.framesPerTurn {
                guard let connection = raw, let frame = try connection.nextFrame(now) else { return nil }
                try handle(frame, now)
                connection.releaseMemory(of: frame.channel)
            }
        } catch {
            return error.replyCode == nil ? nil : error
        }
        return nil
    }
}
