internal import DequeModule

/// Methods to be written, in order.
struct Outbox {
    /// One method, and where it goes.
    struct Entry: Equatable {
        var channel: UInt16
        var method: OutboundMethod
    }

    /// A message too large for one write, in the middle of being written.
    struct LargeMessage {
        var channel: UInt16
        var outgoing: OutgoingMessage
        /// Bytes of the body written so far.
        var written = 0
    }

    private var entries: Deque<Entry> = []
    /// Its channel takes nothing else until it is through.
    var large: LargeMessage?

    /// Whether nothing waits.
    var isEmpty: Bool { entries.isEmpty && large == nil }

    /// Whether no method waits.
    var hasNoMethods: Bool { entries.isEmpty }

    /// Adds a method at the end.
    mutating func append(_ method: OutboundMethod, channel: UInt16) {
        entries.append(Entry(channel: channel, method: method))
    }

    /// The next method that may be written now.
    mutating func popFirst() -> Entry? {
        guard let entry = entries.first, entry.channel != large?.channel else { return nil }
        return entries.popFirst()
    }

    /// Forgets what was meant for a channel that is gone: writing to it would cost the connection.
    ///
    /// - Parameters:
    ///   - channel: its number.
    ///   - butSettlements: keeps acks and nacks, for a channel that still is.
    /// - Returns: whether the channel's own opening was among what is forgotten, so that the broker does not know it.
    @discardableResult
    mutating func purge(_ channel: UInt16, butSettlements: Bool = false) -> Bool {
        let isUnopened = entries.contains { $0.channel == channel && $0.method == .channelOpen }
        entries.removeAll { $0.channel == channel && !(butSettlements && $0.method.isSettlement) }
        if large?.channel == channel { large = nil }
        return isUnopened
    }
}

extension OutboundMethod {
    /// Whether it settles deliveries.
    fileprivate var isSettlement: Bool {
        switch self {
        case .ack, .nack: true
        default: false
        }
    }
}
