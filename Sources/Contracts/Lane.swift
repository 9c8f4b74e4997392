/// The two work queues of messages.
package enum Lane: String, Hashable, Sendable, CaseIterable, Codable {
    /// Transactional commands: one-time codes, alerts. Served first.
    case send
    /// Campaign and marketing messages: served with what is left.
    case bulk

    /// The routing key at `sms.commands`, and the queue's name after the prefix.
    package var routingKey: String {
        switch self {
        case .send: "send"
        case .bulk: "send.bulk"
        }
    }

    /// The lane that a routing key leads to; nil when it is another kind of command.
    package init?(routingKey: String) {
        guard let lane = Self.allCases.first(where: { $0.routingKey == routingKey }) else { return nil }
        self = lane
    }
}
