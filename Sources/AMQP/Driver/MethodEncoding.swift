internal import CRabbitMQ

/// Methods from Swift to C.
enum MethodEncoding {
    /// Writes a method.
    ///
    /// - Returns: the library's status.
    @unsafe
    static func send(
        _ method: OutboundMethod,
        on channel: UInt16,
        handle: amqp_connection_state_t,
        pool: MemoryPool
    ) -> Int32 {
        func send<Body: BitwiseCopyable>(_ id: amqp_method_number_t, _ body: Body) -> Int32 {
            var body = body
            return unsafe amqp_send_method(handle, channel, id, &body)
        }
        switch method {
        case .ack(let tag, let multiple):
            return send(AMQP_BASIC_ACK_METHOD, amqp_basic_ack_t(delivery_tag: tag, multiple: flag(multiple)))
        case .nack(let tag, let multiple, let requeue):
            let body = amqp_basic_nack_t(delivery_tag: tag, multiple: flag(multiple), requeue: flag(requeue))
            return send(AMQP_BASIC_NACK_METHOD, body)
        case .connectionClose:
            var body = unsafe amqp_connection_close_t()
            unsafe body.reply_code = 200
            return unsafe send(AMQP_CONNECTION_CLOSE_METHOD, body)
        case .connectionCloseOk: return send(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t())
        case .channelOpen: return unsafe send(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t())
        case .channelClose:
            var body = unsafe amqp_channel_close_t()
            unsafe body.reply_code = 200
            return unsafe send(AMQP_CHANNEL_CLOSE_METHOD, body)
        case .channelCloseOk: return send(AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t())
        case .channelFlowOk(let isActive):
            return send(AMQP_CHANNEL_FLOW_OK_METHOD, amqp_channel_flow_ok_t(active: flag(isActive)))
        case .qos(let count):
            let body = amqp_basic_qos_t(prefetch_size: 0, prefetch_count: count, global: 0)
            return send(AMQP_BASIC_QOS_METHOD, body)
        case .confirmSelect: return send(AMQP_CONFIRM_SELECT_METHOD, amqp_confirm_select_t(nowait: 0))
        case .consume(let queue, let tag, let isExclusive, let arguments):
            var body = unsafe amqp_basic_consume_t()
            unsafe body.queue = pool.bytes(queue)
            unsafe body.consumer_tag = pool.bytes(tag)
            unsafe body.exclusive = flag(isExclusive)
            unsafe body.arguments = TableCoding.encode(arguments, in: pool)
            return unsafe send(AMQP_BASIC_CONSUME_METHOD, body)
        case .cancel(let tag):
            return unsafe send(
                AMQP_BASIC_CANCEL_METHOD,
                amqp_basic_cancel_t(consumer_tag: pool.bytes(tag), nowait: 0)
            )
        case .queueDeclare, .queuePurge, .queueDelete, .exchangeDeclare, .exchangeDelete, .bind:
            return unsafe sendTopology(method, pool: pool) { unsafe amqp_send_method(handle, channel, $0, $1) }
        }
    }

    private static func sendTopology(
        _ method: OutboundMethod,
        pool: MemoryPool,
        send: (amqp_method_number_t, UnsafeMutableRawPointer) -> Int32
    ) -> Int32 {
        switch method {
        case .queueDeclare(let queue, let isPassive):
            var body = unsafe amqp_queue_declare_t()
            unsafe body.queue = pool.bytes(queue.name)
            unsafe body.passive = flag(isPassive)
            unsafe body.durable = flag(queue.isDurable)
            unsafe body.exclusive = flag(queue.isExclusive)
            unsafe body.auto_delete = flag(queue.isAutoDelete)
            unsafe body.arguments = TableCoding.encode(queue.arguments, in: pool)
            return unsafe send(AMQP_QUEUE_DECLARE_METHOD, &body)
        case .queuePurge(let name):
            var body = unsafe amqp_queue_purge_t()
            unsafe body.queue = pool.bytes(name)
            return unsafe send(AMQP_QUEUE_PURGE_METHOD, &body)
        case .queueDelete(let name, let ifUnused, let ifEmpty):
            var body = unsafe amqp_queue_delete_t()
            unsafe body.queue = pool.bytes(name)
            unsafe body.if_unused = flag(ifUnused)
            unsafe body.if_empty = flag(ifEmpty)
            return unsafe send(AMQP_QUEUE_DELETE_METHOD, &body)
        case .exchangeDeclare(let exchange, let isPassive):
            var body = unsafe amqp_exchange_declare_t()
            unsafe body.exchange = pool.bytes(exchange.name)
            unsafe body.type = pool.bytes(exchange.kind.rawValue)
            unsafe body.passive = flag(isPassive)
            unsafe body.durable = flag(exchange.isDurable)
            unsafe body.auto_delete = flag(exchange.isAutoDelete)
            unsafe body.`internal` = flag(exchange.isInternal)
            unsafe body.arguments = TableCoding.encode(exchange.arguments, in: pool)
            return unsafe send(AMQP_EXCHANGE_DECLARE_METHOD, &body)
        case .exchangeDelete(let name, let ifUnused):
            var body = unsafe amqp_exchange_delete_t()
            unsafe body.exchange = pool.bytes(name)
            unsafe body.if_unused = flag(ifUnused)
            return unsafe send(AMQP_EXCHANGE_DELETE_METHOD, &body)
        case .bind(let binding): return unsafe sendBind(binding, pool: pool, send: send)
        default: return AMQP_STATUS_INVALID_PARAMETER.rawValue
        }
    }

    private static func sendBind(
        _ binding: AMQPBinding,
        pool: MemoryPool,
        send: (amqp_method_number_t, UnsafeMutableRawPointer) -> Int32
    ) -> Int32 {
        switch binding.destination {
        case .queue(let name):
            var body = unsafe amqp_queue_bind_t()
            unsafe body.queue = pool.bytes(name)
            unsafe body.exchange = pool.bytes(binding.source)
            unsafe body.routing_key = pool.bytes(binding.routingKey)
            unsafe body.arguments = TableCoding.encode(binding.arguments, in: pool)
            return unsafe send(AMQP_QUEUE_BIND_METHOD, &body)
        case .exchange(let name):
            var body = unsafe amqp_exchange_bind_t()
            unsafe body.destination = pool.bytes(name)
            unsafe body.source = pool.bytes(binding.source)
            unsafe body.routing_key = pool.bytes(binding.routingKey)
            unsafe body.arguments = TableCoding.encode(binding.arguments, in: pool)
            return unsafe send(AMQP_EXCHANGE_BIND_METHOD, &body)
        }
    }

    private static func flag(_ value: Bool) -> amqp_boolean_t { value ? 1 : 0 }
}
