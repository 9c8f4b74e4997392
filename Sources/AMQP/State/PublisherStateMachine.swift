internal import DequeModule

/// A message on its way out.
///
/// Immutable, shared by reference so that it is not copied from hand to hand.
final class OutgoingMessage: Sendable {
    let exchange: String
    let routingKey: String
    let isMandatory: Bool
    let message: AMQPMessage
    /// The bytes of its header frame.
    let headerFrameSize: Int
    /// An upper bound of its size on the wire, in bytes.
    let wireSizeLimit: Int

    init(_ message: AMQPMessage, exchange: String, routingKey: String, isMandatory: Bool) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.isMandatory = isMandatory
        self.message = message
        headerFrameSize = message.properties.headerFrameSize
        wireSizeLimit = message.body.count + headerFrameSize + 64 + exchange.utf8.count + routingKey.utf8.count
    }
}

/// All publishes of a connection: waiting, written, confirmed, refused.
///
/// A return carries no delivery tag and comes before the confirm of its publish. It is matched with the oldest written
/// publish that has the same exchange, routing key, message id and body: what cannot be told apart by these is the same
/// message, so nothing is gained by marking messages, and what the caller set stays as it is.
///
/// A nack may stick to a channel (RabbitMQ 3.10: to a channel whose first publish met a queue without a leader), so the
/// channel is retired after it and the message tried on another, a few times.
struct PublisherStateMachine {
    typealias ID = UInt64

    /// How a publish ended.
    enum Outcome: Equatable {
        case confirmed
        case failed(AMQPError)
    }

    /// A publish that ended.
    struct Settled: Equatable {
        var id: ID
        var outcome: Outcome
    }

    /// What the shell does next.
    enum Step {
        /// Open a channel in confirm mode and report it with `opened`.
        case openChannel
        /// Write this on the channel given, whose tag is noted already.
        case write(OutgoingMessage, on: ChannelGeneration)
    }

    /// What an event led to.
    struct Effects: Equatable {
        var settled: [Settled] = []
        /// Channels that are of no use any more.
        var channelsToClose: [ChannelGeneration] = []
    }

    private enum Phase: Equatable {
        /// Can transition to: written.
        case waiting
        /// Can transition to: waiting, when refused and to be tried again.
        case written(ChannelGeneration)
    }

    private struct Publication {
        let outgoing: OutgoingMessage
        let deadline: ContinuousClock.Instant
        var phase: Phase = .waiting
        var refusals = 0
        var returned: AMQPError?
    }

    private let window: Int
    private let channelLimit: Int
    private var publications: [ID: Publication] = [:]
    private var waiting: Deque<ID> = []
    private var ledgers: [ChannelGeneration: ConfirmLedger<ID>] = [:]
    private var current: ChannelGeneration?
    private(set) var inFlightCount = 0
    private var isConnected = false
    private var isBlocked = false
    /// Never later than the earliest deadline; sweeping makes it exact again.
    private(set) var nextDeadline: ContinuousClock.Instant?

    /// A publisher without a connection.
    ///
    /// - Parameters:
    ///   - window: publishes written and not confirmed at a time.
    ///   - channelLimit: channels on which a refused publish is tried.
    init(window: Int, channelLimit: Int) {
        self.window = max(1, window)
        self.channelLimit = max(1, channelLimit)
    }

    /// Publishes that have not ended.
    var count: Int { publications.count }

    /// Whether something could be written now.
    var hasWork: Bool { isConnected && !isBlocked && !waiting.isEmpty && inFlightCount < window }

    /// A new publish; `id` was never used before.
    mutating func submit(_ outgoing: OutgoingMessage, id: ID, deadline: ContinuousClock.Instant) {
        publications[id] = Publication(outgoing: outgoing, deadline: deadline)
        waiting.append(id)
        nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
    }

    /// What to write next, or nil when nothing can be.
    mutating func next() -> Step? {
        guard isConnected, !isBlocked, inFlightCount < window else { return nil }
        while let id = waiting.first {
            guard publications[id] != nil else {
                waiting.removeFirst()
                continue
            }
            guard let channel = current, ledgers[channel] != nil else { return .openChannel }
            waiting.removeFirst()
            ledgers[channel]?.append(id)
            publications[id]?.phase = .written(channel)
            inFlightCount += 1
            return publications[id].map { .write($0.outgoing, on: channel) }
        }
        return nil
    }

    /// There is a channel in confirm mode.
    mutating func opened(_ channel: ChannelGeneration) {
        ledgers[channel] = ConfirmLedger()
        current = channel
    }

    /// A connection is ready.
    mutating func connected() {
        isConnected = true
        isBlocked = false
    }

    /// The broker takes no publishes, or takes them again.
    mutating func setBlocked(_ blocked: Bool) {
        isBlocked = blocked
    }

    /// A `basic.ack` or `basic.nack`.
    mutating func confirm(on channel: ChannelGeneration, tag: UInt64, multiple: Bool, isAck: Bool) -> Effects {
        guard let ids = ledgers[channel]?.settle(tag: tag, multiple: multiple) else { return Effects() }
        var effects = Effects()
        var again: [ID] = []
        for id in ids {
            guard var publication = publications[id] else { continue }
            inFlightCount -= 1
            if isAck {
                publications[id] = nil
                let outcome = publication.returned.map(Outcome.failed) ?? .confirmed
                effects.settled.append(Settled(id: id, outcome: outcome))
                continue
            }
            publication.refusals += 1
            publication.phase = .waiting
            publication.returned = nil
            if publication.refusals >= channelLimit {
                publications[id] = nil
                effects.settled.append(Settled(id: id, outcome: .failed(Self.nacked)))
            } else {
                publications[id] = publication
                again.append(id)
            }
        }
        waiting.prepend(contentsOf: again)
        if !isAck { retire(channel) }
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
        guard let ledger = ledgers[channel] else { return }
        let match = ledger.pending.first { id in
            guard let publication = publications[id], publication.returned == nil else { return false }
            let outgoing = publication.outgoing
            return outgoing.isMandatory && outgoing.exchange == exchange && outgoing.routingKey == routingKey
                && outgoing.message.properties.messageId == message.properties.messageId
                && outgoing.message.body == message.body
        }
        if let match { publications[match]?.returned = error }
    }

    /// The broker closed a channel.
    ///
    /// Most often one publish is to blame, as one to an exchange that does not exist.
    ///
    /// The broker's text names the exchange, so the guilty publishes are known by it, and fail as refused. What happened
    /// to the others that were in flight is not known.
    mutating func channelClosed(_ channel: ChannelGeneration, error: AMQPError) -> Effects {
        guard var ledger = ledgers.removeValue(forKey: channel) else { return Effects() }
        if current == channel { current = nil }
        let ids = ledger.drain()
        var effects = Effects()
        for id in ids {
            guard let publication = publications.removeValue(forKey: id) else { continue }
            inFlightCount -= 1
            let isNamed = error.message.contains("'\(publication.outgoing.exchange)'")
            var failure = Self.unknown("the channel was closed before the confirm", error)
            if error.replyCode != nil, isNamed || ids.count == 1 {
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
        current = nil
        var effects = Effects()
        for channel in ledgers.keys {
            for id in ledgers[channel]?.drain() ?? [] where publications.removeValue(forKey: id) != nil {
                let failure = Self.unknown("the connection was lost before the confirm", error)
                effects.settled.append(Settled(id: id, outcome: .failed(failure)))
            }
        }
        ledgers.removeAll()
        inFlightCount = 0
        return effects
    }

    /// Ends what is past its deadline.
    ///
    /// `lastError`: why there is no connection.
    mutating func expire(now: ContinuousClock.Instant, lastError: AMQPError?) -> Effects {
        guard let due = nextDeadline, due <= now else { return Effects() }
        var effects = Effects()
        nextDeadline = nil
        for (id, publication) in publications {
            guard publication.deadline <= now else {
                nextDeadline = nextDeadline.map { min($0, publication.deadline) } ?? publication.deadline
                continue
            }
            effects.settled.append(Settled(id: id, outcome: .failed(expiry(of: publication, lastError))))
        }
        for settled in effects.settled { remove(settled.id) }
        return effects
    }

    /// Forgets a publish whose caller was cancelled.
    ///
    /// - Returns: whether it was still open.
    mutating func cancel(_ id: ID) -> Bool { remove(id) }

    /// Ends everything that still waits.
    mutating func close(_ error: AMQPError) -> Effects {
        var effects = connectionLost(error)
        effects.settled += publications.keys.map { Settled(id: $0, outcome: .failed(error)) }
        publications.removeAll()
        waiting.removeAll()
        nextDeadline = nil
        return effects
    }

    /// The ledger keeps the tag of one that was written; its confirm finds nobody.
    @discardableResult
    private mutating func remove(_ id: ID) -> Bool {
        guard let publication = publications.removeValue(forKey: id) else { return false }
        if publication.phase != .waiting { inFlightCount -= 1 }
        return true
    }

    private mutating func retire(_ channel: ChannelGeneration) {
        if current == channel { current = nil }
    }

    private mutating func closeIfDone(_ channel: ChannelGeneration, _ effects: inout Effects) {
        guard channel != current, ledgers[channel]?.isEmpty == true else { return }
        ledgers[channel] = nil
        effects.channelsToClose.append(channel)
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
