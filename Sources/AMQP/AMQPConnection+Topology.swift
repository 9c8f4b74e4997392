/// One-off requests about exchanges and queues, each on a channel of its own.
extension AMQPConnection {
    /// Declares a topology now, whatever its mode.
    ///
    /// It is not remembered for the next connection.
    ///
    /// - Throws: `AMQPError` `topologyRefused` or `lockedByAnother` naming the first entity refused; `notConnected`,
    ///   `timeout`, `connectionLost`, `invalidArgument`, `CancellationError`.
    package func declare(_ topology: AMQPTopology) async throws {
        var topology = topology
        topology.mode = .declare
        guard !topology.methods.isEmpty else { return }
        _ = try await askWhenReady(topology.methods)
    }

    /// Checks whether all exchanges and queues exist; bindings cannot be checked over AMQP.
    ///
    /// - Returns: every problem found; empty when all is well.
    /// - Throws: `AMQPError` `notConnected`, `timeout`, `connectionLost`, `invalidArgument`; `CancellationError`.
    package func check(_ topology: AMQPTopology) async throws -> [AMQPTopologyProblem] {
        var topology = topology
        topology.mode = .passive
        var rest = topology.methods[...]
        var problems: [AMQPTopologyProblem] = []
        while !rest.isEmpty {
            let (answered, failure) = try await askUntilRefused(Array(rest))
            guard let failure, rest.count > answered else { break }
            let refused = rest[rest.startIndex + answered]
            problems.append(
                AMQPTopologyProblem(entity: refused.entity, replyCode: failure.replyCode, message: failure.message)
            )
            rest = rest.dropFirst(answered + 1)
        }
        return problems
    }

    /// The counts of a queue, or nil when there is no such queue.
    ///
    /// - Throws: `AMQPError` `lockedByAnother` for another connection's exclusive queue, `topologyRefused`, `notConnected`,
    ///   `timeout`, `connectionLost`; `CancellationError`.
    package func queueInfo(_ name: String) async throws -> AMQPQueueInfo? {
        do {
            let answers = try await askWhenReady([.queueDeclare(AMQPQueue(name), isPassive: true)])
            guard case .queueDeclareOk(let name, let ready, let consumers)? = answers.first else { return nil }
            return AMQPQueueInfo(name: name, readyCount: Int(ready), consumerCount: Int(consumers))
        } catch let error as AMQPError where error.replyCode == 404 {
            return nil
        }
    }

    /// Deletes the messages of a queue that are ready; those that consumers hold stay.
    ///
    /// - Returns: how many there were.
    /// - Throws: as `queueInfo`; `topologyRefused` with reply code 404 when there is no such queue.
    @discardableResult
    package func purge(_ queue: String) async throws -> Int {
        let answers = try await askWhenReady([.queuePurge(queue)])
        guard case .queuePurgeOk(let count)? = answers.first else { return 0 }
        return Int(count)
    }

    /// Deletes a queue; one that does not exist is fine.
    ///
    /// - Parameters:
    ///   - queue: its name.
    ///   - ifUnused: refuse when it has consumers.
    ///   - ifEmpty: refuse when it has messages.
    /// - Returns: how many messages went with it.
    /// - Throws: as `queueInfo`; `topologyRefused` with reply code 406 when refused.
    @discardableResult
    package func deleteQueue(_ queue: String, ifUnused: Bool = false, ifEmpty: Bool = false) async throws -> Int {
        let answers = try await askWhenReady([.queueDelete(queue, ifUnused: ifUnused, ifEmpty: ifEmpty)])
        guard case .queueDeleteOk(let count)? = answers.first else { return 0 }
        return Int(count)
    }

    /// Deletes an exchange; one that does not exist is fine.
    ///
    /// - Parameters:
    ///   - exchange: its name.
    ///   - ifUnused: refuse when something is bound to it.
    /// - Throws: as `deleteQueue`.
    package func deleteExchange(_ exchange: String, ifUnused: Bool = false) async throws {
        _ = try await askWhenReady([.exchangeDelete(exchange, ifUnused: ifUnused)])
    }

    /// Takes an exclusive queue, which one connection at a time can hold: a lock for a single instance.
    ///
    /// From then on it is taken again on every new connection, before the topology and the consumers; while another holds
    /// it, the connection stays `reconnecting` with `lockedByAnother` as the reason, and consumes nothing. This tries
    /// once; when to try again is for the caller to decide.
    /// - Throws: `AMQPError` `lockedByAnother` when another connection holds it; else as `declare`.
    package func acquireExclusive(queue: String) async throws {
        _ = try await askWhenReady([.queueDeclare(AMQPQueue(lock: queue), isPassive: false)])
        if !locks.contains(queue) { locks.append(queue) }
    }

    /// Releases an exclusive queue.
    ///
    /// - Throws: as `deleteQueue`.
    package func releaseExclusive(queue: String) async throws {
        locks.removeAll { $0 == queue }
        try await deleteQueue(queue)
    }

    private func askWhenReady(_ methods: [OutboundMethod]) async throws -> [InboundMethod] {
        for method in methods {
            if let problem = method.problem { throw AMQPError(.invalidArgument, problem) }
        }
        try await waitUntilReady(until: .now + configuration.callTimeout)
        do throws(ScratchCall.Failure) {
            return try await ask(methods)
        } catch {
            throw error.error
        }
    }

    /// - Returns: how many succeeded, and why the next one was refused.
    private func askUntilRefused(_ methods: [OutboundMethod]) async throws -> (Int, AMQPError?) {
        for method in methods {
            if let problem = method.problem { throw AMQPError(.invalidArgument, problem) }
        }
        try await waitUntilReady(until: .now + configuration.callTimeout)
        do throws(ScratchCall.Failure) {
            return (try await ask(methods).count, nil)
        } catch {
            guard error.error.level == .channel, error.error.replyCode != nil else { throw error.error }
            return (error.answers.count, error.error)
        }
    }
}

extension OutboundMethod {
    /// What keeps this method from being written, or nil.
    var problem: String? {
        func check(_ names: [String], _ table: AMQPTable = [:]) -> String? {
            if names.contains(where: { WireText.count(of: $0) > AMQPLimits.shortStringMaxBytes }) {
                return "\(entity.prefix(40))…: a name is longer than 255 bytes"
            }
            if table.wireSize > 64 * 1024 { return "\(entity): the arguments are larger than 64 KiB" }
            return table.problem
        }
        switch self {
        case .exchangeDeclare(let exchange, _):
            return check([exchange.name, exchange.kind.rawValue], exchange.arguments)
        case .queueDeclare(let queue, _): return check([queue.name], queue.arguments)
        case .queuePurge(let name), .queueDelete(let name, _, _), .exchangeDelete(let name, _): return check([name])
        case .bind(let binding):
            let destination =
                switch binding.destination {
                case .queue(let name), .exchange(let name): name
                }
            return check([binding.source, destination, binding.routingKey], binding.arguments)
        default: return nil
        }
    }
}
