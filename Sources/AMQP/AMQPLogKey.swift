internal import Logging

/// The metadata keys of every log line of this module.
package enum AMQPLogKey: String, Sendable, CaseIterable {
    case attempt = "amqp.attempt"
    case blockedReason = "amqp.blocked_reason"
    case channel = "amqp.channel"
    case connection = "amqp.connection"
    case consumers = "amqp.consumers"
    case delay = "amqp.delay_ms"
    case deliveryTag = "amqp.delivery_tag"
    case endpoint = "amqp.endpoint"
    case entity = "amqp.entity"
    case error = "amqp.error"
    case exchange = "amqp.exchange"
    case generation = "amqp.generation"
    case libraryCode = "amqp.library_code"
    case queue = "amqp.queue"
    case replyCode = "amqp.reply_code"
    case routingKey = "amqp.routing_key"
}

extension Logger {
    /// Sets or reads metadata by a key of this module.
    subscript(amqp key: AMQPLogKey) -> Logger.MetadataValue? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }
}

extension Dictionary where Key == String, Value == Logger.MetadataValue {
    /// Metadata from keys of this module.
    static func amqp(_ pairs: KeyValuePairs<AMQPLogKey, any CustomStringConvertible & Sendable>) -> Self {
        var metadata = Self()
        for (key, value) in pairs { metadata[key.rawValue] = .stringConvertible(value) }
        return metadata
    }

    /// Metadata that describes an error.
    static func amqp(error: AMQPError) -> Self {
        var metadata: Self = [AMQPLogKey.error.rawValue: .string(error.description)]
        if let code = error.replyCode { metadata[AMQPLogKey.replyCode.rawValue] = .stringConvertible(code) }
        if let code = error.libraryCode { metadata[AMQPLogKey.libraryCode.rawValue] = .stringConvertible(code) }
        if let entity = error.entity { metadata[AMQPLogKey.entity.rawValue] = .string(entity) }
        return metadata
    }
}
