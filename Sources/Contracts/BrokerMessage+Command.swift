/// Which kind of command a message for `sms.commands` is.
package enum CommandKind: Hashable, Sendable {
    /// A message to one number.
    case message(Lane)
    case campaign
    /// A cancellation of a message or a campaign.
    case cancel

    /// The routing key at `sms.commands`.
    package var routingKey: String {
        switch self {
        case .message(let lane): lane.routingKey
        case .campaign: BrokerNames.campaignKey
        case .cancel: BrokerNames.cancelKey
        }
    }
}

/// Which program of the service has made a command: its `app_id`.
package enum CommandOrigin: String, Hashable, Sendable {
    /// The service: the HTTP API, and the commands of a campaign's recipients.
    case service = "sms-bridge"
    case commandLine = "sms-bridge-cli"
}

extension BrokerMessage {
    /// A command as a message for `sms.commands`, with the AMQP properties that docs/asyncapi.yaml lists.
    ///
    /// - Parameters:
    ///   - body: the command's JSON.
    ///   - kind: decides the routing key.
    ///   - names: the names of the exchanges.
    ///   - origin: the `app_id`; default: the service's.
    ///   - id: the `message_id`, which is the idempotency key; nil for none, as in a cancellation.
    ///   - correlationID: what a reply carries; nil for the command's id.
    ///   - replyTo: the queue that the outcome goes to besides its event; nil for none.
    ///   - traceparent: the W3C trace context that its events carry.
    ///   - now: the moment for the `timestamp` property.
    /// - Returns: the message.
    package static func command(
        _ body: [UInt8],
        _ kind: CommandKind,
        names: BrokerNames,
        origin: CommandOrigin = .service,
        id: String? = nil,
        correlationID: String? = nil,
        replyTo: String? = nil,
        traceparent: String? = nil,
        at now: Timestamp
    ) -> BrokerMessage {
        BrokerMessage(
            exchange: names.commands,
            routingKey: kind.routingKey,
            properties: BrokerMessage.Properties(
                contentType: "application/json",
                messageID: id,
                correlationID: correlationID,
                replyTo: replyTo,
                appID: origin.rawValue,
                timestamp: now.seconds,
                headers: traceparent.map { ["traceparent": .string($0)] } ?? [:]
            ),
            body: body
        )
    }
}
