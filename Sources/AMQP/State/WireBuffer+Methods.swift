/// Methods as frames: class, method, arguments in AMQP's order. A zero of two bytes is the reserved "ticket".
extension WireBuffer {
    /// A method frame.
    mutating func putMethod(
        _ classID: UInt16,
        _ methodID: UInt16,
        on channel: UInt16,
        _ arguments: (inout WireBuffer) -> Void = { _ in }
    ) {
        putFrame(.method, on: channel) { buffer in
            buffer.put(classID)
            buffer.put(methodID)
            arguments(&buffer)
        }
    }

    /// A method.
    mutating func put(_ method: OutboundMethod, on channel: UInt16) {
        switch method {
        case .ack(let tag, let isMultiple):
            putMethod(60, 80, on: channel) { buffer in
                buffer.put(tag)
                buffer.put(bits: isMultiple)
            }
        case .nack(let tag, let isMultiple, let isRequeued):
            putMethod(60, 120, on: channel) { buffer in
                buffer.put(tag)
                buffer.put(bits: isMultiple, isRequeued)
            }
        case .connectionClose: putMethod(10, 50, on: channel) { $0.putGoodbye() }
        case .connectionCloseOk: putMethod(10, 51, on: channel)
        case .channelOpen: putMethod(20, 10, on: channel) { $0.put(short: "") }
        case .channelFlowOk(let isActive): putMethod(20, 21, on: channel) { $0.put(bits: isActive) }
        case .channelClose: putMethod(20, 40, on: channel) { $0.putGoodbye() }
        case .channelCloseOk: putMethod(20, 41, on: channel)
        case .confirmSelect: putMethod(85, 10, on: channel) { $0.put(bits: false) }
        case .qos(let prefetchCount):
            putMethod(60, 10, on: channel) { buffer in
                buffer.put(0 as UInt32)
                buffer.put(prefetchCount)
                buffer.put(bits: false)
            }
        case .consume(let queue, let consumerTag, let isExclusive, let arguments):
            putMethod(60, 20, on: channel) { buffer in
                buffer.putNames(queue, consumerTag)
                buffer.put(bits: false, false, isExclusive, false)
                buffer.put(arguments)
            }
        case .cancel(let consumerTag):
            putMethod(60, 30, on: channel) { buffer in
                buffer.put(short: consumerTag)
                buffer.put(bits: false)
            }
        case .exchangeDeclare, .exchangeDelete, .queueDeclare, .queuePurge, .queueDelete, .bind:
            putTopology(method, on: channel)
        }
    }

    private mutating func putTopology(_ method: OutboundMethod, on channel: UInt16) {
        switch method {
        case .exchangeDeclare(let exchange, let isPassive):
            putMethod(40, 10, on: channel) { buffer in
                buffer.putNames(exchange.name, exchange.kind.rawValue)
                buffer.put(
                    bits: isPassive,
                    exchange.isDurable,
                    exchange.isAutoDelete,
                    exchange.isInternal,
                    false
                )
                buffer.put(exchange.arguments)
            }
        case .exchangeDelete(let name, let ifUnused):
            putMethod(40, 20, on: channel) { buffer in
                buffer.putNames(name)
                buffer.put(bits: ifUnused, false)
            }
        case .queueDeclare(let queue, let isPassive):
            putMethod(50, 10, on: channel) { buffer in
                buffer.putNames(queue.name)
                buffer.put(bits: isPassive, queue.isDurable, queue.isExclusive, queue.isAutoDelete, false)
                buffer.put(queue.arguments)
            }
        case .queuePurge(let name):
            putMethod(50, 30, on: channel) { buffer in
                buffer.putNames(name)
                buffer.put(bits: false)
            }
        case .queueDelete(let name, let ifUnused, let ifEmpty):
            putMethod(50, 40, on: channel) { buffer in
                buffer.putNames(name)
                buffer.put(bits: ifUnused, ifEmpty, false)
            }
        case .bind(let binding): putBind(binding, on: channel)
        default: break
        }
    }

    private mutating func putBind(_ binding: AMQPBinding, on channel: UInt16) {
        let (classID, methodID, name): (UInt16, UInt16, String) =
            switch binding.destination {
            case .queue(let name): (50, 20, name)
            case .exchange(let name): (40, 30, name)
            }
        putMethod(classID, methodID, on: channel) { buffer in
            buffer.putNames(name, binding.source, binding.routingKey)
            buffer.put(bits: false)
            buffer.put(binding.arguments)
        }
    }

    /// The ticket, then names.
    private mutating func putNames(_ names: String...) {
        put(0 as UInt16)
        for name in names { put(short: name) }
    }

    /// Reply code 200, no text, and no method that is to blame.
    private mutating func putGoodbye() {
        put(200 as UInt16)
        put(short: "")
        put(0 as UInt32)
    }
}
