internal import DequeModule

/// All publishes of a connection: waiting, written, confirmed, refused.
///
/// A return carries no delivery tag and comes before the confirm of its publish. It is matched with the oldest written
/// publish that has the same exchange, routing key, message id and body: what these do not distinguish is the same
/// message, so nothing is gained by marking messages, and what the caller set stays as it is.
///
/// On some brokers a nack may stick to a channel (`BrokerVersion.hasStickyNacks`); there the channel is retired after it
/// and the message tried on another, a few times.
struct PublisherStateMachine {
    typealias ID = UInt64

    private enum Phase: Equatable {
        /// Can transition to: written.
        case waiting
        /// Can transition to: waiting, when refused and to be tried again.
        case written(ChannelGeneration)
    }

    private struct Publication {
        let outgoing: OutgoingMessage
        let deadline: ContinuousClock.Instant
        let route: Int
        var phase: Phase = .waiting
        var refusals = 0
        var returned: AMQPError?
        /// Its caller no longer waits; it was written, so its confirm is still to come.
        var isAbandoned = false
    }

    /// Retired channels that are kept for their last confirms, in all.
    private static let retiredLimit = 16
    /// Reply codes with which the broker closes a channel over what was published on it.
    private static let refusalCodes: Set<UInt16> = [311, 403, 404, 406]

    private let window: Int
    private let retirement: Duration
    private var channelLimit = 1
    private var frameMaxBytes = AMQPLimits.frameMaxBytes
    private var publications: [ID: Publication] = [:]
    private var table = PublishRouteTable()
    private var routes: [PublishRoute] = []
    private var nextRoute = 0
    private var channels: [ChannelGeneration: PublishChannel] = [:]
    private(set) var inFlightCount = 0
    private var isConnected = false
    private var isBlocked = false
    /// Never later than the earliest deadline; sweeping makes it exact again.
    private(set) var nextDeadline: ContinuousClock.Instant?

    /// A publisher without a connection.
    ///
    /// - Parameters:
    ///   - window: publishes written and not confirmed at a time.
    ///   - retirement: how long a channel with an overdue confirm is kept for the confirms of others.
    init(window: Int, retirement: Duration = .seconds(10)) {
        self.window = max(1, window)
        self.retirement = retirement
    }

    /// Publishes that have not ended.
    var count: Int { publications.count }

    private var mayWrite: Bool { isConnected && !isBlocked && inFlightCount < window }

    private var routeWindow: Int { min(window, PublishRoute.windowLimit) }

    /// A new publish; `id` was never used before.
    mutating func submit(_ outgoing: OutgoingMessage, id: ID, deadline: ContinuousClock.Instant) {
        let route = table.route(to: outgoing.exchange)
        while routes.count < table.count { routes.append(PublishRoute()) }
        publications[id] = Publication(outgoing: outgoing, deadline: deadline, route: route)
        routes[route].waiting.append(id)
        note(deadline)
    }

    /// What to write next, or nil when nothing can be; each route in its turn.
    mutating func next() -> Step? {
        guard mayWrite else { return nil }
        for _ in routes.indices {
            let route = nextRoute
            nextRoute = (route + 1) % routes.count
            if let step = next(on: route) { return step }
        }
        return nil
    }

    private mutating func next(on route: Int) -> Step? {
        guard routes[route].hasRoom(routeWindow) else { return nil }
        while let id = routes[route].waiting.first {
            guard let publication = publications[id] else {
                routes[route].waiting.removeFirst()
                continue
            }
            let size = publication.outgoing.headerFrameSize
            if let problem = AMQPMessage.headerProblem(size, frameMaxBytes: frameMaxBytes) {
                routes[route].waiting.removeFirst()
                publications[id] = nil
                return .settle(Settled(id: id, outcome: .failed(problem)))
            }
            guard let channel = routes[route].channel, channels[channel] != nil else {
                return .openChannel(route: route)
            }
            routes[route].waiting.removeFirst()
            channels[channel]?.ledger.append(id)
            publications[id]?.phase = .written(channel)
            routes[route].inFlightCount += 1
            inFlightCount += 1
            return .write(publication.outgoing, on: channel)
        }
        return nil
    }

    /// There is a channel in confirm mode for a route.
    mutating func opened(_ channel: ChannelGeneration, route: Int) {
        channels[channel] = PublishChannel(route: route)
        routes[route].channel = channel
        routes[route].refusalsInARow = 0
    }

    /// A connection is ready.
    ///
    /// - Parameters:
    ///   - frameMaxBytes: the largest frame agreed upon; a header must fit into one.
    ///   - channelLimit: channels on which a refused publish is tried; 1 where a refusal is final.
    mutating func connected(frameMaxBytes: Int = AMQPLimits.frameMaxBytes, channelLimit: Int = 1) {
        isConnected = true
        isBlocked = false
        self.frameMaxBytes = frameMaxBytes
        self.channelLimit = max(1, channelLimit)
    }

    /// The broker takes no publishes, or takes them again.
    mutating func setBlocked(_ blocked: Bool) {
        isBlocked = blocked
    }

    /// A `basic.ack` or `basic.nack`.
    mutating func confirm(on channel: ChannelGeneration, tag: UInt64, multiple: Bool, isAck: Bool) -> Effects {
        guard let route = channels[channel]?.route,
            let ids = channels[channel]?.ledger.settle(tag: tag, multiple: multiple), !ids.isEmpty
        else { return Effects() }
        var effects = Effects()
        var again: [ID] = []
        for id in ids {
            guard var publication = takeOut(id), !publication.isAbandoned else { continue }
            if isAck {
                let outcome = publication.returned.map(Outcome.failed) ?? .confirmed
                effects.settled.append(Settled(id: id, outcome: outcome))
                continue
            }
            publication.refusals += 1
            if publication.refusals >= channelLimit {
                effects.settled.append(Settled(id: id, outcome: .failed(Self.nacked)))
            } else {
                publication.phase = .waiting
                publication.returned = nil
                publications[id] = publication
                again.append(id)
            }
        }
        routes[route].waiting.prepend(contentsOf: again)
        routes[route].isOnProbation = false
        routes[route].refusalsInARow = isAck ? 0 : routes[route].refusalsInARow + ids.count
        if channelLimit > 1 ? !isAck : routes[route].refusalsInARow >= PublishRoute.refusalLimit { retire(channel) }
        closeIfDone(channel, &effects)
        return effects
    }

    /// A `basic.return`; the publish fails when its confirm comes.
    mutating func returned(
        on channel: ChannelGeneration,
        exchange: String,
        routingKey: String,
        message: AMQPMessage,
        error: AMQPError
    ) {
        guard let ledger = channels[channel]?.ledger else { return }
        let match = ledger.pending.first { id in
            guard let publication = publications[id], publication.returned == nil else { return false }
            let outgoing = publication.outgoing
            return outgoing.isMandatory && outgoing.exchange == exchange && outgoing.routingKey == routingKey
                && outgoing.message.properties.messageId == message.properties.messageId
                && outgoing.message.body == message.body
        }
        if let match { publications[match]?.returned = error }
    }

    /// The broker closed a channel, or we gave it up.
    ///
    /// Most often one publish is the cause, as one to an exchange that does not exist. That is sure only of one that
    /// was alone on the channel, or whose exchange and routing key the broker names; what became of the others, which
    /// may well have been routed before, is not known.
    mutating func channelClosed(_ channel: ChannelGeneration, error: AMQPError) -> Effects {
        guard let closed = channels.removeValue(forKey: channel) else { return Effects() }
        if routes[closed.route].channel == channel { routes[closed.route].channel = nil }
        var ledger = closed.ledger
        let ids = ledger.drain()
        let isRefusal = error.replyCode.map { Self.refusalCodes.contains($0) } ?? false
        if isRefusal { routes[closed.route].isOnProbation = true }
        var effects = Effects()
        for id in ids {
            guard let publication = takeOut(id), !publication.isAbandoned else { continue }
            var failure = Self.unknown("the channel was closed before the confirm", error)
            if isRefusal, ids.count == 1 || publication.outgoing.isNamed(in: error.message) {
                failure = error
                failure.code = .publishRefused
                failure.entity = "exchange '\(publication.outgoing.exchange)'"
            }
            effects.settled.append(Settled(id: id, outcome: .failed(failure)))
        }
        return effects
    }

    /// The connection is gone: what was written may or may not have arrived, the rest goes on waiting.
    mutating func connectionLost(_ error: AMQPError) -> Effects {
        isConnected = false
        isBlocked = false
        var effects = Effects()
        for channel in channels.keys {
            for id in channels[channel]?.ledger.drain() ?? [] {
                guard let publication = publications.removeValue(forKey: id), !publication.isAbandoned else { continue }
                let failure = Self.unknown("the connection was lost before the confirm", error)
                effects.settled.append(Settled(id: id, outcome: .failed(failure)))
            }
        }
        channels.removeAll()
        for route in routes.indices { routes[route].reset() }
        inFlightCount = 0
        return effects
    }

    /// Ends what is past its deadline.
    ///
    /// A channel whose confirm is overdue is retired: it gets nothing new, is kept for the confirms of others, and is then
    /// closed, so that no ledger grows for ever.
    ///
    /// `lastError`: why there is no connection.
    mutating func expire(now: ContinuousClock.Instant, lastError: AMQPError?) -> Effects {
        guard let due = nextDeadline, due <= now else { return Effects() }
        var effects = Effects()
        nextDeadline = nil
        var ended: [ID] = []
        for (id, publication) in publications {
            guard publication.deadline <= now else {
                note(publication.deadline)
                continue
            }
            ended.append(id)
            if case .written(let channel) = publication.phase { retire(channel, closeAt: now + retirement) }
            if publication.isAbandoned { continue }
            effects.settled.append(Settled(id: id, outcome: .failed(expiry(of: publication, lastError))))
        }
        for id in ended { _ = takeOut(id) }
        closeRetired(now, &effects)
        return effects
    }

    /// Forgets a publish whose caller was cancelled.
    ///
    /// - Returns: whether it was still open.
    mutating func cancel(_ id: ID) -> Bool {
        guard let publication = publications[id], !publication.isAbandoned else { return false }
        if publication.phase == .waiting {
            publications[id] = nil
        } else {
            publications[id]?.isAbandoned = true
        }
        return true
    }

    /// Ends everything that still waits.
    mutating func close(_ error: AMQPError) -> Effects {
        var effects = connectionLost(error)
        effects.settled += publications.keys.map { Settled(id: $0, outcome: .failed(error)) }
        publications.removeAll()
        for route in routes.indices { routes[route].waiting.removeAll() }
        nextDeadline = nil
        return effects
    }
}

extension PublisherStateMachine {
    private mutating func note(_ deadline: ContinuousClock.Instant) {
        nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
    }

    /// Takes a publish out, and out of what is in flight.
    ///
    /// The ledger keeps the tag of one that was written; its confirm has no effect then.
    private mutating func takeOut(_ id: ID) -> Publication? {
        guard let publication = publications.removeValue(forKey: id) else { return nil }
        if publication.phase != .waiting {
            inFlightCount -= 1
            routes[publication.route].inFlightCount -= 1
        }
        return publication
    }

    /// Nothing new goes over this channel.
    private mutating func retire(_ channel: ChannelGeneration, closeAt: ContinuousClock.Instant? = nil) {
        guard let route = channels[channel]?.route else { return }
        if routes[route].channel == channel { routes[route].channel = nil }
        if channels[channel]?.closeAt == nil { channels[channel]?.closeAt = closeAt }
    }

    private mutating func closeIfDone(_ channel: ChannelGeneration, _ effects: inout Effects) {
        guard let done = channels[channel], done.ledger.isEmpty, routes[done.route].channel != channel else { return }
        channels[channel] = nil
        effects.channelsToClose.append(channel)
    }

    /// Closes retired channels whose time is over, and the oldest where there are too many.
    private mutating func closeRetired(_ now: ContinuousClock.Instant, _ effects: inout Effects) {
        let retired = channels.filter { $0.value.closeAt != nil }.sorted { $0.key.number < $1.key.number }
        for (index, (channel, entry)) in retired.enumerated() {
            guard let closeAt = entry.closeAt else { continue }
            guard closeAt <= now || retired.count - index > Self.retiredLimit else {
                note(closeAt)
                continue
            }
            let error = AMQPError(.timeout, "a confirm is overdue", level: .channel)
            effects.settled += channelClosed(channel, error: error).settled
            effects.channelsToClose.append(channel)
        }
    }

    private func expiry(of publication: Publication, _ lastError: AMQPError?) -> AMQPError {
        if publication.phase != .waiting {
            return AMQPError(.unknownOutcome, "not confirmed within the deadline")
        }
        if publication.refusals > 0 { return Self.nacked }
        if !isConnected {
            return AMQPError(.notConnected, "no connection within the deadline", underlying: lastError)
        }
        if isBlocked { return AMQPError(.blocked, "the broker took no publishes within the deadline") }
        return AMQPError(.timeout, "could not be written within the deadline")
    }

    private static let nacked = AMQPError(.nacked, "the broker refused the message (basic.nack)")

    private static func unknown(_ message: String, _ underlying: AMQPError) -> AMQPError {
        AMQPError(
            .unknownOutcome,
            message,
            level: underlying.level,
            replyCode: underlying.replyCode,
            underlying: underlying
        )
    }
}
