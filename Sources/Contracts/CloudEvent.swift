/// A CloudEvents 1.0 envelope in structured JSON mode.
package struct CloudEvent<Content: Codable & Sendable & Hashable>: Hashable, Sendable, Codable {
    package var specversion = "1.0"
    /// The same for every publication of the same fact, so that consumers can drop repeats.
    package var id: String
    package var source = "/sms-bridge"
    package var type: String
    /// The command id or the provider's message id.
    package var subject: String?
    /// RFC 3339, UTC.
    package var time: String
    package var datacontenttype = "application/json"
    package var data: Content

    /// An event about something that happened at a time.
    package init(id: String, type: String, subject: String?, time: Timestamp, data: Content) {
        self.id = id
        self.type = type
        self.subject = subject
        self.time = time.rfc3339
        self.data = data
    }

    /// The event as a message for an exchange, with the AMQP properties that docs/asyncapi.yaml lists.
    ///
    /// - Parameters:
    ///   - exchange: where it goes.
    ///   - routingKey: its routing key there.
    ///   - correlationID: the command's `correlation_id`, else the command id.
    ///   - traceparent: the command's W3C trace context, where it had one.
    ///   - publishedAt: the moment for the `timestamp` property.
    /// - Returns: the message.
    /// - Throws: only what JSON encoding throws; contract types throw nothing.
    package func message(
        exchange: String,
        routingKey: String,
        correlationID: String?,
        traceparent: String?,
        publishedAt: Timestamp
    ) throws -> BrokerMessage {
        .event(
            id: id,
            type: type,
            body: try JSONBytes.encode(self),
            exchange: exchange,
            routingKey: routingKey,
            correlationID: correlationID,
            traceparent: traceparent,
            publishedAt: publishedAt
        )
    }
}

extension BrokerMessage {
    /// An event's envelope as a message, with the AMQP properties that docs/asyncapi.yaml lists.
    fileprivate static func event(
        id: String,
        type: String,
        body: [UInt8],
        exchange: String,
        routingKey: String,
        correlationID: String?,
        traceparent: String?,
        publishedAt: Timestamp
    ) -> BrokerMessage {
        var headers: [String: BrokerMessage.HeaderValue] = [:]
        if let traceparent { headers["traceparent"] = .string(traceparent) }
        return BrokerMessage(
            exchange: exchange,
            routingKey: routingKey,
            properties: BrokerMessage.Properties(
                contentType: "application/cloudevents+json",
                messageID: id,
                correlationID: correlationID,
                type: type,
                appID: "sms-bridge",
                timestamp: publishedAt.seconds,
                headers: headers
            ),
            body: body
        )
    }

    /// An event whose data is JSON that another program has written, handed on number for number.
    package static func event(
        id: String,
        type: String,
        data: JSONValue,
        exchange: String,
        routingKey: String,
        at time: Timestamp
    ) -> BrokerMessage {
        let envelope: [String: JSONValue] = [
            "specversion": .string("1.0"), "id": .string(id), "source": .string("/sms-bridge"), "type": .string(type),
            "time": .string(time.rfc3339), "datacontenttype": .string("application/json"), "data": data,
        ]
        return .event(
            id: id,
            type: type,
            body: JSONBytes.encode(envelope),
            exchange: exchange,
            routingKey: routingKey,
            correlationID: nil,
            traceparent: nil,
            publishedAt: time
        )
    }
}
