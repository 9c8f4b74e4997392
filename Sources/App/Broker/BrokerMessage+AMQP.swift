package import AMQP
package import Contracts

/// The service's messages in AMQP's types, and back.
extension AMQPMessage {
    /// A message of the service, persistent and without an expiration.
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
                timestamp: properties.timestamp.map(UInt64.init(bitPattern:)),
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
                expiration: properties.expiration,
                timestamp: properties.timestamp.map(Int64.init(bitPattern:)),
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
            case .narrow(let number, let width): .narrow(number, AMQPIntegerWidth(width))
            case .unsigned(let number): .unsigned(number)
            case .bool(let flag): .bool(flag)
            case .float(let number): .float(number)
            case .double(let number): .double(number)
            case .decimal(let scale, let digits): .decimal(scale: scale, digits: digits)
            case .bytes(let bytes): .bytes(bytes)
            case .timestamp(let seconds): .timestamp(UInt64(bitPattern: seconds))
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
            case .narrow(let number, let width): .narrow(number, BrokerMessage.IntegerWidth(width))
            case .unsigned(let number): .unsigned(number)
            case .bool(let flag): .bool(flag)
            case .float(let number): .float(number)
            case .double(let number): .double(number)
            case .decimal(let scale, let digits): .decimal(scale: scale, digits: digits)
            case .bytes(let bytes): .bytes(bytes)
            case .timestamp(let seconds): .timestamp(Int64(bitPattern: seconds))
            case .array(let values): .array(values.map(Self.init))
            case .table(let table): .table(table.mapValues(Self.init))
            case .null: .null
            }
    }
}

extension AMQPIntegerWidth {
    fileprivate init(_ width: BrokerMessage.IntegerWidth) {
        self =
            switch width {
            case .int8: .int8
            case .uint8: .uint8
            case .int16: .int16
            case .uint16: .uint16
            case .int32: .int32
            case .uint32: .uint32
            }
    }
}

extension BrokerMessage.IntegerWidth {
    fileprivate init(_ width: AMQPIntegerWidth) {
        self =
            switch width {
            case .int8: .int8
            case .uint8: .uint8
            case .int16: .int16
            case .uint16: .uint16
            case .int32: .int32
            case .uint32: .uint32
            }
    }
}
