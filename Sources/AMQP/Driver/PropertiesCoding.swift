internal import CRabbitMQ

/// Message properties from C to Swift.
enum PropertiesCoding {
    static func properties(_ source: amqp_basic_properties_t) -> AMQPProperties {
        let flags = unsafe source._flags
        func has(_ flag: Int32) -> Bool { flags & UInt32(bitPattern: flag) != 0 }
        func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? {
            has(flag) ? unsafe TableCoding.text(bytes) : nil
        }
        var result = AMQPProperties()
        unsafe result.contentType = text(AMQP_BASIC_CONTENT_TYPE_FLAG, source.content_type)
        unsafe result.contentEncoding = text(AMQP_BASIC_CONTENT_ENCODING_FLAG, source.content_encoding)
        if has(AMQP_BASIC_HEADERS_FLAG) { unsafe result.headers = TableCoding.table(source.headers) }
        if has(AMQP_BASIC_DELIVERY_MODE_FLAG) { unsafe result.deliveryMode = .init(rawValue: source.delivery_mode) }
        if has(AMQP_BASIC_PRIORITY_FLAG) { unsafe result.priority = source.priority }
        unsafe result.correlationId = text(AMQP_BASIC_CORRELATION_ID_FLAG, source.correlation_id)
        unsafe result.replyTo = text(AMQP_BASIC_REPLY_TO_FLAG, source.reply_to)
        unsafe result.expiration = text(AMQP_BASIC_EXPIRATION_FLAG, source.expiration)
        unsafe result.messageId = text(AMQP_BASIC_MESSAGE_ID_FLAG, source.message_id)
        if has(AMQP_BASIC_TIMESTAMP_FLAG) { unsafe result.timestamp = source.timestamp }
        unsafe result.type = text(AMQP_BASIC_TYPE_FLAG, source.type)
        unsafe result.userId = text(AMQP_BASIC_USER_ID_FLAG, source.user_id)
        unsafe result.appId = text(AMQP_BASIC_APP_ID_FLAG, source.app_id)
        unsafe result.clusterId = text(AMQP_BASIC_CLUSTER_ID_FLAG, source.cluster_id)
        return result
    }
}
