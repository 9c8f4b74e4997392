package import AMQP
package import Contracts

/// Our messages in AMQP's types, and back.
extension AMQPMessage {
    /// A message of ours, persistent.
    package init(_ message: BrokerMessage) {
        let properties = message.properties
        self.init(
            body: message.body,
            properties: AMQPProperties(
                contentType: properties.contentType,
                contentEncoding: properties.contentEncoding,
                headers: properties.headers.mapValues(AMQPValue.init),
                deliveryMode: .persistent,
                priority: properties.priority,
                correlationId: properties.correlationID,
                replyTo: properties.replyTo,
                messageId: properties.messageID,
                timestamp: properties.timestamp.flatMap(UInt64.init(exactly:)),
                type: properties.type,
                appId: properties.appID
            )
        )
    }
}

extension BrokerMessage {
    /// A delivery's message, with the exchange and routing key it was published with.
    package init(_ delivery: AMQPDelivery) {
        let properties = delivery.properties
        self.init(
            exchange: delivery.exchange,
            routingKey: delivery.routingKey,
            properties: Properties(
                contentType: properties.contentType,
                contentEncoding: properties.contentEncoding,
                priority: properties.priority,
                messageID: properties.messageId,
                correlationID: properties.correlationId,
                replyTo: properties.replyTo,
                type: properties.type,
                appID: properties.appId,
                timestamp: properties.timestamp.flatMap(Int64.init(exactly:)),
                headers: properties.headers.mapValues(HeaderValue.init)
            ),
            body: delivery.body
        )
    }
}

extension AMQPValue {
    fileprivate init(_ value: BrokerMessage.HeaderValue) {
        self =
            switch value {
            case .string(let text): .string(text)
            case .integer(let number): .int(number)
            case .bool(let flag): .bool(flag)
            case .double(let number): .double(number)
            case .bytes(let bytes): .bytes(bytes)
            case .timestamp(let seconds): .timestamp(UInt64(max(0, seconds)))
            case .array(let values): .array(values.map(AMQPValue.init))
            case .table(let table): .table(table.mapValues(AMQPValue.init))
            case .null: .null
            }
    }
}

extension BrokerMessage.HeaderValue {
    fileprivate init(_ value: AMQPValue) {
        self =
            switch value {
            case .string(let text): .string(text)
            case .int(let number): .integer(number)
            case .unsigned(let number): Int64(exactly: number).map(Self.integer) ?? .string("\(number)")
            case .bool(let flag): .bool(flag)
            case .double(let number): .double(number)
            case .decimal(let scale, let digits): .string("\(digits)e-\(scale)")
            case .bytes(let bytes): .bytes(bytes)
            case .timestamp(let seconds): .timestamp(Int64(clamping: seconds))
            case .array(let values): .array(values.map(Self.init))
            case .table(let table): .table(table.mapValues(Self.init))
            case .null: .null
            }
    }
}
