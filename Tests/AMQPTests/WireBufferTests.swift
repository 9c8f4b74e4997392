import Testing

@testable import AMQP

@Suite("Bytes on their way out")
struct WireBufferTests {
    private func bytes(_ buffer: WireBuffer) -> [UInt8] {
        buffer.withUnwritten { span in (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        }
    }

    private func bytes(_ fill: (inout WireBuffer) -> Void) -> [UInt8] {
        var buffer = WireBuffer()
        fill(&buffer)
        return bytes(buffer)
    }

    /// A method frame, put together by hand.
    private func method(_ channel: UInt8, _ payload: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = [1, 0, channel, 0, 0, 0, UInt8(payload.count)]
        frame += payload
        frame.append(0xCE)
        return frame
    }

    private func message(
        _ body: [UInt8],
        _ properties: AMQPProperties = AMQPProperties(),
        isMandatory: Bool = true
    ) -> OutgoingMessage {
        OutgoingMessage(
            AMQPMessage(body: body, properties: properties),
            exchange: "e",
            routingKey: "key",
            isMandatory: isMandatory
        )
    }

    @Test("What the kernel has taken leaves at the front, whatever is added meanwhile")
    func partialWrites() {
        var buffer = WireBuffer()
        #expect(buffer.isEmpty)
        buffer.put(contentsOf: [1, 2, 3, 4])
        buffer.take(1)
        buffer.put(contentsOf: [5])
        buffer.take(2)
        #expect(bytes(buffer) == [4, 5])
        #expect(buffer.count == 2)
        buffer.take(0)
        buffer.take(9)
        #expect(buffer.isEmpty && buffer.count == 0)
        buffer.put(contentsOf: [6])
        #expect(bytes(buffer) == [6])
    }

    @Test("What was added last can be taken back, and nothing of what is written")
    func dropLast() {
        var buffer = WireBuffer()
        buffer.put(contentsOf: [1, 2, 3])
        buffer.take(1)
        buffer.dropLast(1)
        #expect(bytes(buffer) == [2])
        buffer.dropLast(9)
        #expect(buffer.isEmpty)
    }

    @Test("Written in pieces of any size, a stream of frames is the same stream")
    func pieces() {
        var buffer = WireBuffer()
        for tag in 1...100 { buffer.put(.ack(tag: UInt64(tag), multiple: false), on: 3) }
        let whole = bytes(buffer)
        var pieces: [UInt8] = []
        var size = 1
        while !buffer.isEmpty {
            pieces += bytes(buffer).prefix(size)
            buffer.take(size)
            size = size * 7 % 31 + 1
        }
        #expect(pieces == whole)
    }

    @Test("Settlements and heartbeats")
    func settlements() {
        #expect(
            bytes { $0.put(.ack(tag: 0x0102_0304_0506_0708, multiple: true), on: 1) }
                == method(1, [0, 60, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, 1])
        )
        #expect(
            bytes { $0.put(.nack(tag: 9, multiple: false, requeue: true), on: 2) }
                == method(2, [0, 60, 0, 120, 0, 0, 0, 0, 0, 0, 0, 9, 2])
        )
        #expect(bytes { $0.putHeartbeat() } == [8, 0, 0, 0, 0, 0, 0, 0xCE])
    }

    @Test("Opening and closing")
    func channels() {
        #expect(bytes { $0.put(.channelOpen, on: 5) } == method(5, [0, 20, 0, 10, 0]))
        #expect(bytes { $0.put(.channelClose, on: 5) } == method(5, [0, 20, 0, 40, 0, 200, 0, 0, 0, 0, 0]))
        #expect(bytes { $0.put(.channelCloseOk, on: 5) } == method(5, [0, 20, 0, 41]))
        #expect(bytes { $0.put(.channelFlowOk(isActive: true), on: 5) } == method(5, [0, 20, 0, 21, 1]))
        #expect(bytes { $0.put(.connectionClose, on: 0) } == method(0, [0, 10, 0, 50, 0, 200, 0, 0, 0, 0, 0]))
        #expect(bytes { $0.put(.connectionCloseOk, on: 0) } == method(0, [0, 10, 0, 51]))
        #expect(bytes { $0.put(.confirmSelect, on: 5) } == method(5, [0, 85, 0, 10, 0]))
    }

    @Test("Consuming")
    func consuming() {
        #expect(
            bytes { $0.put(.qos(prefetchCount: 300), on: 1) } == method(1, [0, 60, 0, 10, 0, 0, 0, 0, 1, 44, 0])
        )
        let consume = OutboundMethod.consume(queue: "q", consumerTag: "c7", isExclusive: true, arguments: [:])
        #expect(
            bytes { $0.put(consume, on: 1) }
                == method(1, [0, 60, 0, 20, 0, 0, 1, 0x71, 2, 0x63, 0x37, 4, 0, 0, 0, 0])
        )
        #expect(bytes { $0.put(.cancel(consumerTag: "c7"), on: 1) } == method(1, [0, 60, 0, 30, 2, 0x63, 0x37, 0]))
    }

    @Test("Topology")
    func topology() {
        let queue = AMQPQueue("q", isDurable: true, isExclusive: false, arguments: ["k": 1])
        #expect(
            bytes { $0.put(.queueDeclare(queue, isPassive: true), on: 1) }
                == method(
                    1,
                    [0, 50, 0, 10, 0, 0, 1, 0x71, 3, 0, 0, 0, 11, 1, 0x6B, 0x6C, 0, 0, 0, 0, 0, 0, 0, 1]
                )
        )
        #expect(bytes { $0.put(.queuePurge("q"), on: 1) } == method(1, [0, 50, 0, 30, 0, 0, 1, 0x71, 0]))
        #expect(
            bytes { $0.put(.queueDelete("q", ifUnused: true, ifEmpty: true), on: 1) }
                == method(1, [0, 50, 0, 40, 0, 0, 1, 0x71, 3])
        )
        #expect(
            bytes { $0.put(.exchangeDelete("e", ifUnused: true), on: 1) }
                == method(1, [0, 40, 0, 20, 0, 0, 1, 0x65, 1])
        )
        let toQueue = AMQPBinding(from: "e", to: .queue("q"), routingKey: "k", arguments: [:])
        #expect(
            bytes { $0.put(.bind(toQueue), on: 1) }
                == method(1, [0, 50, 0, 20, 0, 0, 1, 0x71, 1, 0x65, 1, 0x6B, 0, 0, 0, 0, 0])
        )
        let toExchange = AMQPBinding(from: "e", to: .exchange("x"), routingKey: "k", arguments: [:])
        #expect(
            bytes { $0.put(.bind(toExchange), on: 1) }
                == method(1, [0, 40, 0, 30, 0, 0, 1, 0x78, 1, 0x65, 1, 0x6B, 0, 0, 0, 0, 0])
        )
    }

    @Test("A message is its method, its header and its body")
    func publish() {
        let properties = AMQPProperties(contentType: "t", deliveryMode: .persistent, messageId: "m")
        var expected = method(1, [0, 60, 0, 40, 0, 0, 1, 0x65, 3, 0x6B, 0x65, 0x79, 1])
        expected += [2, 0, 1, 0, 0, 0, 19, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
        expected += [0x90, 0x80, 1, 0x74, 2, 1, 0x6D, 0xCE]
        expected += [3, 0, 1, 0, 0, 0, 2, 7, 8, 0xCE]
        #expect(bytes { $0.put(message([7, 8], properties), on: 1, frameMaxBytes: 4096) } == expected)
        let empty = bytes { $0.put(message([], properties, isMandatory: false), on: 1, frameMaxBytes: 4096) }
        #expect(empty.count == expected.count - 10, "no frame for an empty body")
        #expect(empty[19] == 0, "not mandatory")
    }

    @Test("A body is cut into frames of the size agreed upon", arguments: [(4088, 1), (4089, 2), (8176, 2), (8177, 3)])
    func split(size: Int, frames: Int) {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var rest = bytes { $0.put(message(body), on: 1, frameMaxBytes: 4096) }[...]
        var seen: [UInt8] = []
        var count = 0
        while rest.count >= 8 {
            let length = rest.dropFirst(3).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            #expect(length + 8 <= 4096)
            if rest.first == 3 {
                count += 1
                seen += rest.dropFirst(7).prefix(length)
            }
            #expect(rest.dropFirst(7 + length).first == 0xCE)
            rest = rest.dropFirst(length + 8)
        }
        #expect(rest.isEmpty)
        #expect(count == frames)
        #expect(seen == body)
    }

    @Test("Every kind of value has its own letter and width")
    func values() {
        func value(_ value: AMQPValue) -> [UInt8] { bytes { $0.put(value) } }
        #expect(value(.bool(true)) == [0x74, 1])
        #expect(value(.int(-2)) == [0x6C, 255, 255, 255, 255, 255, 255, 255, 254])
        #expect(value(.narrow(-1, .int8)) == [0x62, 255])
        #expect(value(.narrow(255, .uint8)) == [0x42, 255])
        #expect(value(.narrow(-2, .int16)) == [0x73, 255, 254])
        #expect(value(.narrow(258, .uint16)) == [0x75, 1, 2])
        #expect(value(.narrow(-2, .int32)) == [0x49, 255, 255, 255, 254])
        #expect(value(.narrow(258, .uint32)) == [0x69, 0, 0, 1, 2])
        #expect(value(.unsigned(.max)) == [0x4C] + Array(repeating: 255, count: 8))
        #expect(value(.float(1)) == [0x66, 0x3F, 0x80, 0, 0])
        #expect(value(.double(1)) == [0x64, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0])
        #expect(value(.decimal(scale: 2, digits: 3)) == [0x44, 2, 0, 0, 0, 3])
        #expect(value(.string("a")) == [0x53, 0, 0, 0, 1, 0x61])
        #expect(value(.bytes([9])) == [0x78, 0, 0, 0, 1, 9])
        #expect(value(.timestamp(1)) == [0x54, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(value(.array([.null])) == [0x41, 0, 0, 0, 1, 0x56])
        #expect(value(.table(["k": .null])) == [0x46, 0, 0, 0, 3, 1, 0x6B, 0x56])
    }

    @Test("A header takes as many bytes as was reckoned before, and bytes that are not UTF-8 go out as they came")
    func sizes() {
        let raw = WireText.text(of: [0x61, 0xFF])
        let properties = AMQPProperties(
            contentType: "a",
            contentEncoding: "b",
            headers: ["x": .string(raw), "y": .array([1, true, .double(2), .table([raw: .bytes([1])])])],
            deliveryMode: .transient,
            priority: 1,
            correlationId: raw,
            replyTo: "r",
            expiration: "1",
            messageId: "grüße",
            timestamp: 1,
            type: "t",
            userId: "u",
            appId: "a",
            clusterId: "c"
        )
        let frame = bytes { buffer in
            buffer.putFrame(.header, on: 1) { buffer in
                buffer.put(0 as UInt32)
                buffer.put(0 as UInt64)
                buffer.put(properties)
            }
        }
        #expect(frame.count == properties.headerFrameSize)
        #expect(bytes { $0.put(short: raw) } == [2, 0x61, 0xFF])
    }

    @Test("A name that is too long is cut, so that the frame around it stays one")
    func tooLong() {
        let cut = bytes { $0.put(short: String(repeating: "x", count: 300)) }
        #expect(cut.count == 256)
        #expect(cut.first == 255)
    }
}
