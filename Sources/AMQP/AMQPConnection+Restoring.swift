internal import Logging

/// Locks and topology on a new connection.
extension AMQPConnection {
    /// How long to wait for a topology that was in place before.
    private static let topologyPatience = Duration.seconds(2)

    /// Takes the locks and puts the topology in place.
    ///
    /// A lock that another connection holds, and a topology that was never in place, keep the connection from being
    /// ready: an operator has to see that mistake. A topology that was in place before is requested again, for a
    /// moment, and then from time to time: a single queue without a leader, or a changed one, must not stop the
    /// consumers of all the others.
    ///
    /// - Returns: what keeps the connection from being ready.
    func restore() async -> AMQPError? {
        let held = locks.map { OutboundMethod.queueDeclare(AMQPQueue(lock: $0), isPassive: false) }
        let problem = (held + topology.methods).lazy.compactMap(\.problem).first
        if let problem { return AMQPError(.invalidArgument, problem) }
        do throws(ScratchCall.Failure) {
            _ = try await ask(held)
            if !hasTopologyStood { _ = try await ask(topology.methods) }
        } catch {
            return error.error
        }
        if hasTopologyStood {
            restoreTopology()
            let deadline = ContinuousClock.now + Self.topologyPatience
            _ = await wait(until: deadline) { self.raw == nil || !self.isRestoringTopology }
        }
        hasTopologyStood = true
        return nil
    }

    /// Tries again what was refused on this connection.
    func advanceTopology(_ now: ContinuousClock.Instant) {
        guard let retryAt = topologyRetryAt, retryAt <= now, !isRestoringTopology else { return }
        topologyRetryAt = nil
        restoreTopology()
    }

    private func restoreTopology() {
        isRestoringTopology = true
        start(topology.methods) { result in
            self.isRestoringTopology = false
            switch result {
            case .success: self.topologySchedule.reset()
            case .failure(let failure):
                // Once the connection is lost, the next one requests it.
                guard self.raw != nil, !self.isShuttingDown else { return }
                let level: Logger.Level = self.topologySchedule.failures == 0 ? .warning : .debug
                let delay = self.topologySchedule.nextDelay(fraction: .random(in: 0...1))
                self.topologyRetryAt = .now + delay
                self.logger.log(level: level, "The topology is not in place", metadata: .amqp(error: failure.error))
            }
        }
    }
}

extension AMQPQueue {
    /// A queue that serves as a lock: it belongs to one connection and is deleted with it.
    init(lock name: String) {
        self.init(name, isDurable: false, isExclusive: true)
    }
}

extension AMQPTopology {
    /// What one consumer needs: its queue, the bindings to that, and the exchanges they come from.
    func part(for source: AMQPConsumer.Source) -> AMQPTopology {
        switch source {
        case .queue(let name):
            let own = bindings.filter { $0.destination == .queue(name) }
            let sources = Set(own.map(\.source))
            return AMQPTopology(
                exchanges: exchanges.filter { sources.contains($0.name) },
                queues: queues.filter { $0.name == name },
                bindings: own,
                mode: mode
            )
        case .temporary(let bindings):
            // The queue and its bindings are declared with the subscription.
            let sources = Set(bindings.map(\.exchange))
            return AMQPTopology(exchanges: exchanges.filter { sources.contains($0.name) }, mode: mode)
        }
    }

    /// The requests to make, in order.
    var methods: [OutboundMethod] {
        let isPassive = mode == .passive
        let exchanges = exchanges.map { OutboundMethod.exchangeDeclare($0, isPassive: isPassive) }
        let queues = queues.map { OutboundMethod.queueDeclare($0, isPassive: isPassive) }
        return exchanges + queues + (isPassive ? [] : bindings.map { .bind($0) })
    }
}
