/// The names of the service's exchanges and queues at the broker (docs/amqp-client.md), all beginning with one configurable
/// word.
package struct BrokerNames: Hashable, Sendable {
    /// The first word of every name: `AMQP_PREFIX`, default `sms`.
    package let prefix: String

    /// Names that begin with a prefix.
    package init(prefix: String = "sms") {
        self.prefix = prefix
    }

    /// Direct exchange that other services publish commands to.
    package var commands: String { prefix + ".commands" }
    /// Topic exchange with the outcome of each command.
    package var outbound: String { prefix + ".outbound" }
    /// Topic exchange with delivery receipts.
    package var status: String { prefix + ".status" }
    /// Topic exchange with messages from handsets.
    package var inbound: String { prefix + ".inbound" }
    /// Fanout exchange and queue with the events that matched no binding.
    package var unrouted: String { prefix + ".unrouted" }
    /// Queue of dead letters.
    package var dead: String { prefix + ".dead" }

    /// Queue of cancellations, and its routing key at `sms.commands`.
    package var cancel: String { prefix + "." + Self.cancelKey }
    package static let cancelKey = "cancel"
    /// Queue of campaigns, and its routing key at `sms.commands`.
    package var campaign: String { prefix + "." + Self.campaignKey }
    package static let campaignKey = "campaign"
    /// Exclusive queue that the one serving process holds.
    package var instance: String { prefix + ".instance" }
    /// Fanout exchange and wait queue of a wait level, such as `30s`.
    package func retry(_ level: String) -> String { prefix + ".retry.wait." + level }
    /// Direct exchange that what has waited comes back through, with its lane's routing key.
    package var due: String { prefix + ".retry.due" }
    /// The queue of a lane's commands that have waited.
    package func dueQueue(of lane: Lane) -> String { due + "." + lane.rawValue }

    /// The queue of a lane.
    package func queue(of lane: Lane) -> String { prefix + "." + lane.routingKey }

    /// Whether a queue belongs to the service, so that no `reply_to` may name it.
    package func owns(_ name: String) -> Bool { name == prefix || name.hasPrefix(prefix + ".") }
}
