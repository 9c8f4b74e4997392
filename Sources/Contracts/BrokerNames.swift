/// The names of our exchanges and queues at the broker (CONTRACT 1), all beginning with one configurable word.
package struct BrokerNames: Hashable, Sendable {
    /// The first word of every name: `AMQP_PREFIX`, default `sms`.
    package let prefix: String

    /// Names that begin with a prefix.
    package init(prefix: String = "sms") {
        self.prefix = prefix
    }

    /// Direct exchange that other services publish commands to.
    package var commands: String { prefix + ".commands" }
    /// Topic exchange with the fate of each command.
    package var outbound: String { prefix + ".outbound" }
    /// Topic exchange with delivery receipts.
    package var status: String { prefix + ".status" }
    /// Topic exchange with messages from handsets.
    package var inbound: String { prefix + ".inbound" }
    /// Fanout exchange and queue with the events that nobody was bound for.
    package var unrouted: String { prefix + ".unrouted" }
    /// Queue of commands given up on.
    package var dead: String { prefix + ".dead" }

    /// Queue of cancellations, and its routing key at `sms.commands`.
    package var cancel: String { prefix + "." + Self.cancelKey }
    package static let cancelKey = "cancel"
    /// Queue of campaigns, and its routing key at `sms.commands`.
    package var campaign: String { prefix + "." + Self.campaignKey }
    package static let campaignKey = "campaign"
    /// Exclusive queue that the one serving process holds.
    package var instance: String { prefix + ".instance" }
    /// Fanout exchange and wait queue of a level of the delay ladder, such as `30s`.
    package func retry(_ level: String) -> String { prefix + ".retry.wait." + level }
    /// Direct exchange that what has waited comes back through, with its lane's routing key.
    package var due: String { prefix + ".retry.due" }
    /// The queue of a lane's commands that have waited.
    package func dueQueue(of lane: Lane) -> String { due + "." + lane.rawValue }

    /// The queue of a lane.
    package func queue(of lane: Lane) -> String { prefix + "." + lane.routingKey }

    /// Whether a queue name is one of ours, so that no `reply_to` may name it.
    package func owns(_ name: String) -> Bool { name == prefix || name.hasPrefix(prefix + ".") }
}

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

/// Words of routing keys made from senders and numbers.
package enum RoutingKeyWord {
    /// Digits of a number without `+`; any other sender has each character outside `A-Z a-z 0-9 _ -` replaced by `_`.
    package static func of(_ sender: String) -> String {
        let bare = sender.hasPrefix("+") ? sender.dropFirst() : Substring(sender)
        let word = String(
            String.UnicodeScalarView(
                bare.unicodeScalars.map { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": scalar
                    default: "_"
                    }
                }
            )
        )
        return word.isEmpty ? "_" : word
    }
}
