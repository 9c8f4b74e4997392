/// A method from the broker, without its content.
enum InboundMethod: Equatable, Sendable {
    case connectionClose(replyCode: UInt16, replyText: String)
    case connectionCloseOk
    case connectionBlocked(reason: String)
    case connectionUnblocked
    case channelOpenOk
    case channelClose(replyCode: UInt16, replyText: String)
    case channelCloseOk
    case channelFlow(isActive: Bool)
    case exchangeDeclareOk
    case exchangeDeleteOk
    case exchangeBindOk
    case queueDeclareOk(name: String, readyCount: UInt32, consumerCount: UInt32)
    case queueBindOk
    case queuePurgeOk(count: UInt32)
    case queueDeleteOk(count: UInt32)
    case qosOk
    case confirmSelectOk
    case consumeOk(consumerTag: String)
    case cancel(consumerTag: String)
    case cancelOk(consumerTag: String)
    case content(ContentAssembler.Subject)
    case ack(tag: UInt64, multiple: Bool)
    case nack(tag: UInt64, multiple: Bool)
    /// One that this client does not use.
    case other(id: UInt32)
}

/// A method to the broker.
enum OutboundMethod: Equatable, Sendable {
    case connectionClose
    case connectionCloseOk
    case channelOpen
    case channelClose
    case channelCloseOk
    case channelFlowOk(isActive: Bool)
    case exchangeDeclare(AMQPExchange, isPassive: Bool)
    case queueDeclare(AMQPQueue, isPassive: Bool)
    case bind(AMQPBinding)
    case queuePurge(String)
    case queueDelete(String, ifUnused: Bool, ifEmpty: Bool)
    case exchangeDelete(String, ifUnused: Bool)
    case qos(prefetchCount: UInt16)
    case confirmSelect
    case consume(queue: String, consumerTag: String, isExclusive: Bool, arguments: AMQPTable)
    case cancel(consumerTag: String)
    case ack(tag: UInt64, multiple: Bool)
    case nack(tag: UInt64, multiple: Bool, requeue: Bool)

    /// What the broker answers, or nil when it answers nothing.
    var reply: ReplyKind? {
        switch self {
        case .connectionClose: .connectionCloseOk
        case .channelOpen: .channelOpenOk
        case .channelClose: .channelCloseOk
        case .exchangeDeclare: .exchangeDeclareOk
        case .queueDeclare: .queueDeclareOk
        case .bind(let binding):
            switch binding.destination {
            case .queue: .queueBindOk
            case .exchange: .exchangeBindOk
            }
        case .queuePurge: .queuePurgeOk
        case .queueDelete: .queueDeleteOk
        case .exchangeDelete: .exchangeDeleteOk
        case .qos: .qosOk
        case .confirmSelect: .confirmSelectOk
        case .consume: .consumeOk
        case .cancel: .cancelOk
        case .connectionCloseOk, .channelCloseOk, .channelFlowOk, .ack, .nack: nil
        }
    }

    /// What this is about, for people: as `queue 'sms.send'`.
    var entity: String {
        switch self {
        case .exchangeDeclare(let exchange, _): "exchange '\(exchange.name)'"
        case .exchangeDelete(let name, _): "exchange '\(name)'"
        case .queueDeclare(let queue, _): "queue '\(queue.name)'"
        case .queuePurge(let name), .queueDelete(let name, _, _): "queue '\(name)'"
        case .consume(let queue, _, _, _): "queue '\(queue)'"
        case .bind(let binding):
            switch binding.destination {
            case .queue(let name): "binding '\(binding.source)' -> '\(name)' (\(binding.routingKey))"
            case .exchange(let name): "binding '\(binding.source)' -> exchange '\(name)' (\(binding.routingKey))"
            }
        default: "channel"
        }
    }
}

/// The answers that calls wait for.
enum ReplyKind: Equatable, Sendable {
    case connectionCloseOk, channelOpenOk, channelCloseOk, exchangeDeclareOk, exchangeDeleteOk, exchangeBindOk
    case queueDeclareOk, queueBindOk, queuePurgeOk, queueDeleteOk, qosOk, confirmSelectOk, consumeOk, cancelOk
}

extension InboundMethod {
    /// Which answer this is, or nil when it is none.
    var reply: ReplyKind? {
        switch self {
        case .connectionCloseOk: .connectionCloseOk
        case .channelOpenOk: .channelOpenOk
        case .channelCloseOk: .channelCloseOk
        case .exchangeDeclareOk: .exchangeDeclareOk
        case .exchangeDeleteOk: .exchangeDeleteOk
        case .exchangeBindOk: .exchangeBindOk
        case .queueDeclareOk: .queueDeclareOk
        case .queueBindOk: .queueBindOk
        case .queuePurgeOk: .queuePurgeOk
        case .queueDeleteOk: .queueDeleteOk
        case .qosOk: .qosOk
        case .confirmSelectOk: .confirmSelectOk
        case .consumeOk: .consumeOk
        case .cancelOk: .cancelOk
        default: nil
        }
    }
}
