/// Messages and heartbeats, as frames.
extension WireBuffer {
    /// The bytes of a frame around its payload.
    private static let frameOverhead = 8

    /// A message: `basic.publish`, its header, and as many frames of body as it takes.
    ///
    /// `frameMaxBytes`: the largest frame agreed upon; the caller ensures that the header fits into one.
    mutating func put(_ outgoing: OutgoingMessage, on channel: UInt16, frameMaxBytes: Int) {
        let body = outgoing.message.body
        putMethod(60, 40, on: channel) { buffer in
            buffer.put(0 as UInt16)
            buffer.put(short: outgoing.exchange)
            buffer.put(short: outgoing.routingKey)
            buffer.put(bits: outgoing.isMandatory)
        }
        putFrame(.header, on: channel) { buffer in
            buffer.put(60 as UInt16)
            buffer.put(0 as UInt16)
            buffer.put(UInt64(body.count))
            buffer.put(outgoing.message.properties)
        }
        let partMaxBytes = max(1, frameMaxBytes - Self.frameOverhead)
        var start = 0
        while start < body.count {
            let end = min(start + partMaxBytes, body.count)
            putFrame(.body, on: channel) { $0.put(contentsOf: body[start..<end]) }
            start = end
        }
    }

    /// A heartbeat.
    mutating func putHeartbeat() {
        putFrame(.heartbeat, on: 0) { _ in }
    }

    /// Properties: which of them are set, then each of those, in AMQP's order.
    mutating func put(_ properties: AMQPProperties) {
        put(flags(of: properties))
        if let text = properties.contentType { put(short: text) }
        if let text = properties.contentEncoding { put(short: text) }
        if !properties.headers.isEmpty { put(properties.headers) }
        if let mode = properties.deliveryMode { put(mode.rawValue) }
        if let priority = properties.priority { put(priority) }
        if let text = properties.correlationId { put(short: text) }
        if let text = properties.replyTo { put(short: text) }
        if let text = properties.expiration { put(short: text) }
        if let text = properties.messageId { put(short: text) }
        if let timestamp = properties.timestamp { put(timestamp) }
        if let text = properties.type { put(short: text) }
        if let text = properties.userId { put(short: text) }
        if let text = properties.appId { put(short: text) }
        if let text = properties.clusterId { put(short: text) }
    }

    private func flags(of properties: AMQPProperties) -> UInt16 {
        var flags: UInt16 = 0
        func set(_ bit: UInt16, if isSet: Bool) { if isSet { flags |= 1 << bit } }
        set(15, if: properties.contentType != nil)
        set(14, if: properties.contentEncoding != nil)
        set(13, if: !properties.headers.isEmpty)
        set(12, if: properties.deliveryMode != nil)
        set(11, if: properties.priority != nil)
        set(10, if: properties.correlationId != nil)
        set(9, if: properties.replyTo != nil)
        set(8, if: properties.expiration != nil)
        set(7, if: properties.messageId != nil)
        set(6, if: properties.timestamp != nil)
        set(5, if: properties.type != nil)
        set(4, if: properties.userId != nil)
        set(3, if: properties.appId != nil)
        set(2, if: properties.clusterId != nil)
        return flags
    }

    /// A table, in any order: AMQP defines none.
    mutating func put(_ table: AMQPTable) {
        putCounted { buffer in
            for (key, value) in table {
                buffer.put(short: key)
                buffer.put(value)
            }
        }
    }

    /// A value: its kind as RabbitMQ has it, then the value.
    mutating func put(_ value: AMQPValue) {
        switch value {
        case .bool(let flag):
            put(UInt8(ascii: "t"))
            put(bits: flag)
        case .int(let number):
            put(UInt8(ascii: "l"))
            put(UInt64(bitPattern: number))
        case .narrow(let number, let width): put(number, width)
        case .unsigned(let number):
            put(UInt8(ascii: "L"))
            put(number)
        case .float(let number):
            put(UInt8(ascii: "f"))
            put(number.bitPattern)
        case .double(let number):
            put(UInt8(ascii: "d"))
            put(number.bitPattern)
        case .decimal(let scale, let digits):
            put(UInt8(ascii: "D"))
            put(scale)
            put(digits)
        case .string(let text):
            put(UInt8(ascii: "S"))
            putCounted { $0.put(contentsOf: text) }
        case .bytes(let raw):
            put(UInt8(ascii: "x"))
            putCounted { $0.put(contentsOf: raw) }
        case .timestamp(let seconds):
            put(UInt8(ascii: "T"))
            put(seconds)
        case .array(let values):
            put(UInt8(ascii: "A"))
            putCounted { buffer in for value in values { buffer.put(value) } }
        case .table(let table):
            put(UInt8(ascii: "F"))
            put(table)
        case .null: put(UInt8(ascii: "V"))
        }
    }

    /// An integer of fewer than 64 bits; `AMQPTable.problem` ensures that it fits.
    private mutating func put(_ number: Int64, _ width: AMQPIntegerWidth) {
        let kind: UInt8 =
            switch width {
            case .int8: UInt8(ascii: "b")
            case .uint8: UInt8(ascii: "B")
            case .int16: UInt8(ascii: "s")
            case .uint16: UInt8(ascii: "u")
            case .int32: UInt8(ascii: "I")
            case .uint32: UInt8(ascii: "i")
            }
        put(kind)
        switch width.byteCount {
        case 1: put(UInt8(truncatingIfNeeded: number))
        case 2: put(UInt16(truncatingIfNeeded: number))
        default: put(UInt32(truncatingIfNeeded: number))
        }
    }
}
