package import AMQP
package import Contracts

/// The dead letters in `sms.dead`, for the operator: looked at without being taken, replayed, purged.
///
/// A queue cannot be read without taking, so a walk takes its dead letters, settles those that are to go and gives the
/// others back by closing its channels. It takes them in pages, each over a channel of its own, so that at most one
/// page of bodies is in memory however many dead letters there are.
package struct DeadLetters: Sendable {
    /// How a walk takes its dead letters; everything has a default that is right for operators.
    package struct Limits: Sendable {
        /// Dead letters that the first channels hold, at least 1; later ones hold more, since channels are few.
        package var pageSize = 500
        /// How long dead letters are held before all are given back and taken again; RabbitMQ closes a channel that
        /// has held one for 30 minutes.
        package var hold: Duration = .seconds(600)
        /// The longest pause that dead letters are held through.
        package var heldPause: Duration = .seconds(30)
        /// How long nothing has to come before the queue is asked whether there is more.
        package var silence: Duration = .seconds(1)
        /// How long a broker that has dead letters may deliver none.
        package var patience: Duration = .seconds(15)
        /// How long a lost connection may be away.
        package var outage: Duration = .seconds(60)

        /// The defaults.
        package init() {}
    }

    /// What stands in the queue, before a walk.
    package struct Census: Sendable, Hashable {
        /// Dead letters that can be taken.
        package let count: Int
        /// Others who hold dead letters at this moment; theirs are not among those counted.
        package let otherReaders: Int
    }

    /// What is to become of a dead letter.
    package enum Verdict: Sendable {
        case keep
        /// It goes; then nothing is taken before that moment, where there is one.
        case remove(pausingUntil: ContinuousClock.Instant?)
        /// It stays, and the walk is over.
        case stop
    }

    let connection: AMQPConnection
    /// What the broker's exchanges and queues are called.
    package let names: BrokerNames
    let queue: String
    let limits: Limits

    /// Dead letters over a connection that the caller runs; in `sms.dead`, unless another queue is to be walked through.
    package init(connection: AMQPConnection, names: BrokerNames, queue: String? = nil, limits: Limits = Limits()) {
        self.connection = connection
        self.names = names
        self.queue = queue ?? names.dead
        self.limits = limits
    }

    /// Counts the dead letters, once those that an earlier reader has held are back.
    ///
    /// - Returns: what there is, at most 2 s later.
    /// - Throws: `AMQPError`, `topologyRefused` with reply code 404 when there is no such queue; `CancellationError`.
    package func census() async throws -> Census {
        let deadline = ContinuousClock.now + .seconds(2)
        while true {
            guard let info = try await connection.queueInfo(queue) else {
                throw AMQPError(.topologyRefused, "there is no queue '\(queue)'", replyCode: 404)
            }
            // The broker gives back what a reader held some moments after the reader is gone, both in one step.
            if info.consumerCount == 0 || ContinuousClock.now >= deadline {
                return Census(count: info.readyCount, otherReaders: info.consumerCount)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Shows each dead letter once, oldest first, and does with it what `visit` says.
    ///
    /// Those that come meanwhile are not shown. A connection that is lost is waited for, and the walk goes on where it
    /// was.
    ///
    /// - Parameters:
    ///   - count: of dead letters to be shown, from a census.
    ///   - visit: called with each; a removed dead letter is gone when the walk returns.
    /// - Throws: what `visit` throws; `AMQPError`; `CancellationError`. What was not removed is still in the queue.
    package func walk(upTo count: Int, _ visit: (Letter) async throws -> Verdict) async throws {
        var ledger = Ledger(visits: count)
        while !ledger.isOver {
            var reader = Reader(connection: connection, queue: queue, limits: limits)
            let end: Result<RoundEnd, any Error>
            do {
                end = .success(try await round(&reader, &ledger, visit))
            } catch {
                end = .failure(error)
            }
            await reader.close()
            switch try end.get() {
            case .done: return
            case .again(let pause):
                if let pause { try await Task.sleep(until: pause, clock: .continuous) }
                try await connection.waitUntilReady(within: limits.outage)
                ledger.beginRound()
            }
        }
    }

    private enum RoundEnd {
        case done
        /// Everything has been given back, or was lost; the walk goes on after that moment.
        case again(ContinuousClock.Instant?)
    }

    /// Takes dead letters until all have been shown, or until those held should be given back for a while.
    private func round(
        _ reader: inout Reader,
        _ ledger: inout Ledger,
        _ visit: (Letter) async throws -> Verdict
    ) async throws -> RoundEnd {
        let holdUntil = ContinuousClock.now + limits.hold
        while !ledger.isOver, let arrival = try await reader.next(expecting: ledger.expected) {
            guard case .letter(let delivery) = arrival else { return .again(nil) }
            let deadLetter = Letter(BrokerMessage(delivery), bodySize: delivery.bodySize)
            switch ledger.receive(deadLetter.fingerprint) {
            case .hold: continue
            case .acknowledge:
                if reader.ack(delivery) { ledger.paid() }
                continue
            case .visit: break
            }
            switch try await visit(deadLetter) {
            case .keep: ledger.kept(deadLetter.fingerprint)
            case .stop: return try await finish(&reader)
            case .remove(let pause):
                let isAcked = reader.ack(delivery)
                ledger.removed(deadLetter.fingerprint, isAcked: isAcked)
                guard isAcked else { return .again(nil) }
                guard let pause, !ledger.isOver else { break }
                guard pause - .now <= limits.heldPause else {
                    _ = try await reader.flush()
                    return .again(pause)
                }
                try await Task.sleep(until: pause, clock: .continuous)
            }
            if ContinuousClock.now >= holdUntil, !ledger.isOver {
                _ = try await reader.flush()
                return .again(nil)
            }
        }
        return try await finish(&reader)
    }

    private func finish(_ reader: inout Reader) async throws -> RoundEnd {
        guard try await reader.flush() else {
            throw AMQPError(.connectionLost, "messages that have been dealt with may still be in the queue")
        }
        return .done
    }
}
