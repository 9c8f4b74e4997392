internal import CRabbitMQ

/// Methods from C to Swift.
enum MethodDecoding {
    static func method(_ source: amqp_method_t) -> InboundMethod {
        guard let decoded = unsafe source.decoded else { return unsafe .other(id: source.id) }
        func read<Value>(_: Value.Type) -> Value { unsafe decoded.assumingMemoryBound(to: Value.self).pointee }
        switch unsafe source.id {
        case AMQP_BASIC_DELIVER_METHOD:
            let method = unsafe read(amqp_basic_deliver_t.self)
            return unsafe .content(
                .delivery(
                    consumerTag: TableCoding.text(method.consumer_tag),
                    deliveryTag: method.delivery_tag,
                    isRedelivered: method.redelivered != 0,
                    exchange: TableCoding.text(method.exchange),
                    routingKey: TableCoding.text(method.routing_key)
                )
            )
        case AMQP_BASIC_RETURN_METHOD:
            let method = unsafe read(amqp_basic_return_t.self)
            return unsafe .content(
                .returned(
                    replyCode: method.reply_code,
                    replyText: TableCoding.text(method.reply_text),
                    exchange: TableCoding.text(method.exchange),
                    routingKey: TableCoding.text(method.routing_key)
                )
            )
        case AMQP_BASIC_ACK_METHOD:
            let method = read(amqp_basic_ack_t.self)
            return .ack(tag: method.delivery_tag, multiple: method.multiple != 0)
        case AMQP_BASIC_NACK_METHOD:
            let method = read(amqp_basic_nack_t.self)
            return .nack(tag: method.delivery_tag, multiple: method.multiple != 0)
        case AMQP_BASIC_CONSUME_OK_METHOD:
            return unsafe .consumeOk(consumerTag: TableCoding.text(read(amqp_basic_consume_ok_t.self).consumer_tag))
        case AMQP_BASIC_CANCEL_METHOD:
            return unsafe .cancel(consumerTag: TableCoding.text(read(amqp_basic_cancel_t.self).consumer_tag))
        case AMQP_BASIC_CANCEL_OK_METHOD:
            return unsafe .cancelOk(consumerTag: TableCoding.text(read(amqp_basic_cancel_ok_t.self).consumer_tag))
        case AMQP_CHANNEL_CLOSE_METHOD:
            let method = unsafe read(amqp_channel_close_t.self)
            return unsafe .channelClose(replyCode: method.reply_code, replyText: TableCoding.text(method.reply_text))
        case AMQP_CHANNEL_FLOW_METHOD:
            return .channelFlow(isActive: read(amqp_channel_flow_t.self).active != 0)
        case AMQP_CONNECTION_CLOSE_METHOD:
            let method = unsafe read(amqp_connection_close_t.self)
            return unsafe .connectionClose(replyCode: method.reply_code, replyText: TableCoding.text(method.reply_text))
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return unsafe .connectionBlocked(reason: TableCoding.text(read(amqp_connection_blocked_t.self).reason))
        case AMQP_QUEUE_DECLARE_OK_METHOD:
            let method = unsafe read(amqp_queue_declare_ok_t.self)
            return unsafe .queueDeclareOk(
                name: TableCoding.text(method.queue),
                readyCount: method.message_count,
                consumerCount: method.consumer_count
            )
        case AMQP_QUEUE_PURGE_OK_METHOD:
            return .queuePurgeOk(count: read(amqp_queue_purge_ok_t.self).message_count)
        case AMQP_QUEUE_DELETE_OK_METHOD:
            return .queueDeleteOk(count: read(amqp_queue_delete_ok_t.self).message_count)
        case let id: return plain(id)
        }
    }

    /// Methods that carry nothing.
    private static func plain(_ id: amqp_method_number_t) -> InboundMethod {
        switch id {
        case AMQP_CHANNEL_OPEN_OK_METHOD: .channelOpenOk
        case AMQP_CHANNEL_CLOSE_OK_METHOD: .channelCloseOk
        case AMQP_CONFIRM_SELECT_OK_METHOD: .confirmSelectOk
        case AMQP_CONNECTION_CLOSE_OK_METHOD: .connectionCloseOk
        case AMQP_CONNECTION_UNBLOCKED_METHOD: .connectionUnblocked
        case AMQP_EXCHANGE_BIND_OK_METHOD: .exchangeBindOk
        case AMQP_EXCHANGE_DECLARE_OK_METHOD: .exchangeDeclareOk
        case AMQP_EXCHANGE_DELETE_OK_METHOD: .exchangeDeleteOk
        case AMQP_BASIC_QOS_OK_METHOD: .qosOk
        case AMQP_QUEUE_BIND_OK_METHOD: .queueBindOk
        default: .other(id: id)
        }
    }
}
