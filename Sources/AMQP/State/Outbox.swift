internal import DequeModule

/// Methods to be written, in order.
struct Outbox {
    /// One method, and where it goes.
    struct Entry: Equatable {
        var channel: UInt16
        var method: OutboundMethod
    }

    private var entries: Deque<Entry> = []

    /// Whether nothing waits.
    var isEmpty: Bool { entries.isEmpty }

    /// Adds a method at the end.
    mutating func append(_ method: OutboundMethod, channel: UInt16) {
        entries.append(Entry(channel: channel, method: method))
    }

    /// The next method.
    mutating func popFirst() -> Entry? { entries.popFirst() }

    /// Drops what was meant for a channel that is gone: writing to it would close the connection.
    ///
    /// - Parameters:
    ///   - channel: its number.
    ///   - butSettlements: keeps acks and nacks, for a channel that still is.
    /// - Returns: whether the channel's own opening was among what is dropped, so that the broker does not know it.
    @discardableResult
    mutating func purge(_ channel: UInt16, butSettlements: Bool = false) -> Bool {
        let isUnopened = entries.contains { $0.channel == channel && $0.method == .channelOpen }
        entries.removeAll { $0.channel == channel && !(butSettlements && $0.method.isSettlement) }
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
