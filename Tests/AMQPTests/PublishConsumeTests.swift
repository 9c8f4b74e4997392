import Testing

@testable import AMQP

/// Against a real broker: `eval "$(scripts/rabbitmq.sh env)"` sets the address.
@Suite(
    "Publishing and consuming",
    .tags(.integration),
    .enabled(if: Broker.isConfigured, "SMS_BRIDGE_TEST_AMQP_URL is not set"),
    .timeLimit(.minutes(3))
)
struct PublishConsumeTests {
    @Test("A message arrives as it was published, and is gone after its ack")
    func roundTrip() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let properties = AMQPProperties(
                    contentType: "application/json",
                    contentEncoding: "identity",
                    headers: [
                        "text": "grüße", "number": 42, "flag": true, "nothing": .null, "bytes": .bytes([0, 255]),
                        "list": .array([1, "two"]), "table": ["inner": -1], "time": .timestamp(1_700_000_000),
                        "fraction": .double(1.5),
                    ],
                    deliveryMode: .persistent,
                    priority: 3,
                    correlationId: "c1",
                    replyTo: "r",
                    expiration: "60000",
                    messageId: "m1",
                    timestamp: 1_700_000_001,
                    type: "t",
                    userId: "guest",
                    appId: "a"
                )
                let message = AMQPMessage(body: Array("hello".utf8), properties: properties)
                try await connection.publish(message, to: "", routingKey: queue)
                let consumer = try await connection.consume(queue: queue, prefetch: 10)
                let delivery = try #require(await consumer.next(within: .seconds(5)))
                #expect(delivery.message == message)
                #expect(delivery.exchange.isEmpty)
                #expect(delivery.routingKey == queue)
                #expect(!delivery.isRedelivered)
                #expect(delivery.ack())
                #expect(!delivery.ack(), "a second settlement would close the channel")
                await consumer.cancel()
                #expect(try await eventually { try await connection.queueInfo(queue)?.readyCount == 0 })
                let info = try await connection.queueInfo(queue)
                #expect(info == AMQPQueueInfo(name: queue, readyCount: 0, consumerCount: 0))
            }
        }
    }

    @Test("Bytes that are not UTF-8, and every kind of number, come back as they went, and can be published again")
    func bytesAndKinds() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                // 90 bytes that are not UTF-8: repaired, they would be longer than a key may be.
                let key = WireText.text(of: Array(repeating: 0xFF, count: 90))
                let text = WireText.text(of: [0x61, 0xC3, 0x28, 0xF4, 0x8F, 0xBA, 0x80])
                let properties = AMQPProperties(
                    headers: [
                        key: .string(text), "list": .array([.table([key: .null]), .array([.string(text)])]),
                        "i8": .narrow(-128, .int8), "u8": .narrow(255, .uint8), "i16": .narrow(-32_768, .int16),
                        "u16": .narrow(65_535, .uint16), "i32": .narrow(-2_147_483_648, .int32),
                        "u32": .narrow(4_294_967_295, .uint32), "i64": .int(.min), "f32": .float(0.1),
                        "f64": .double(0.1), "decimal": .decimal(scale: 2, digits: 4_294_967_295),
                        "time": .timestamp(1_700_000_000), "raw": .bytes([0xFF, 0]),
                    ],
                    correlationId: text,
                    messageId: WireText.text(of: Array(repeating: 0xFF, count: 255))
                )
                let message = AMQPMessage(body: [1], properties: properties)
                let consumer = try await connection.consume(queue: queue, prefetch: 10)
                try await connection.publish(message, to: "", routingKey: queue)
                let first = try #require(await consumer.next(within: .seconds(5)))
                #expect(first.message == message)
                try await connection.publish(first.message, to: "", routingKey: queue)
                #expect(try #require(await consumer.next(within: .seconds(5))).message == message)
                #expect(connection.status.connectCount == 1)
            }
        }
    }

    @Test("10,000 messages of one task arrive in order, each acknowledged")
    func inOrder() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let consumer = try await connection.consume(queue: queue, prefetch: 300)
                async let published: Void = {
                    for number in 0..<10_000 {
                        let message = AMQPMessage(body: Array("\(number)".utf8))
                        try await connection.publish(message, to: "", routingKey: queue)
                    }
                }()
                var received = 0
                for await delivery in consumer {
                    guard delivery.body == Array("\(received)".utf8), delivery.ack() else { break }
                    received += 1
                    if received == 10_000 { break }
                }
                #expect(received == 10_000)
                try await published
                await consumer.cancel()
                let isEmpty = try await eventually {
                    try await connection.queueInfo(queue)
                        == AMQPQueueInfo(
                            name: queue,
                            readyCount: 0,
                            consumerCount: 0
                        )
                }
                #expect(isEmpty)
            }
        }
    }

    @Test(
        "Large bodies arrive whole, many at a time, small ones between them",
        arguments: [1 << 20, 16 << 10, 200_001]
    )
    func large(size: Int) async throws {
        let expected = (0..<20).map { $0.isMultiple(of: 4) ? pattern(size, $0) : [UInt8($0)] }
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let consumer = try await connection.consume(queue: queue, prefetch: 10)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for body in expected {
                        group.addTask {
                            try await connection.publish(AMQPMessage(body: body), to: "", routingKey: queue)
                        }
                    }
                    var bodies: [[UInt8]] = []
                    for await delivery in consumer {
                        bodies.append(delivery.body)
                        delivery.ack()
                        if bodies.count == 20 { break }
                    }
                    #expect(Set(bodies) == Set(expected))
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test("An empty body is a message too")
    func emptyBody() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                try await connection.publish(AMQPMessage(body: []), to: "", routingKey: queue)
                let consumer = try await connection.consume(queue: queue, prefetch: 1)
                #expect(await consumer.next(within: .seconds(5))?.body == [])
            }
        }
    }

    @Test("An unroutable mandatory message fails as returned, its neighbours do not")
    func returned() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let message = AMQPMessage(body: [1])
                async let good: Void = connection.publish(message, to: "", routingKey: queue)
                let error = try await amqpError {
                    try await connection.publish(message, to: "", routingKey: queue + ".missing")
                }
                try await good
                #expect(error.code == .returned)
                #expect(error.replyCode == 312)
                #expect(!error.mayHaveArrived)
                try await connection.publish(message, to: "", routingKey: queue + ".missing", isMandatory: false)
            }
        }
    }

    @Test("A full queue refuses; the connection and its other publishes go on")
    func nacked() async throws {
        try await withConnection { connection in
            try await withQueue(connection, ["x-max-length": 1, "x-overflow": "reject-publish"]) { full in
                try await withQueue(connection) { queue in
                    let message = AMQPMessage(body: [1])
                    try await connection.publish(message, to: "", routingKey: full)
                    try await withThrowingTaskGroup(of: AMQPError?.self) { group in
                        for number in 0..<100 {
                            group.addTask {
                                guard number.isMultiple(of: 2) else {
                                    try await connection.publish(message, to: "", routingKey: queue)
                                    return nil
                                }
                                return try await amqpError {
                                    try await connection.publish(message, to: "", routingKey: full)
                                }
                            }
                        }
                        var codes: [AMQPError.Code] = []
                        for try await error in group { if let error { codes.append(error.code) } }
                        #expect(codes == Array(repeating: .nacked, count: 50))
                    }
                    #expect(try await connection.queueInfo(queue)?.readyCount == 50)
                    try await connection.purge(full)
                    try await connection.publish(message, to: "", routingKey: full)
                }
            }
        }
    }

    @Test("A publish to an exchange that does not exist is refused, and the next one succeeds")
    func missingExchange() async throws {
        try await withConnection { connection in
            try await withQueue(connection) { queue in
                let message = AMQPMessage(body: [1])
                let error = try await amqpError {
                    try await connection.publish(message, to: "no.such.exchange", routingKey: "k")
                }
                #expect(error.code == .publishRefused)
                #expect(error.replyCode == 404)
                #expect(error.entity == "exchange 'no.such.exchange'")
                try await connection.publish(message, to: "", routingKey: queue)
                #expect(connection.status.connectCount == 1)
            }
        }
    }

    @Test("What cannot be written is refused before it is")
    func invalid() async throws {
        var configuration = try Broker.configuration()
        configuration.maxBodyBytes = 1000
        try await withConnection(configuration) { connection in
            func expect(_ code: AMQPError.Code, for message: AMQPMessage, key: String = "k") async throws {
                let error = try await amqpError { try await connection.publish(message, to: "", routingKey: key) }
                #expect(error.code == code)
            }
            let long = String(repeating: "x", count: 256)
            try await expect(.tooLarge, for: AMQPMessage(body: Array(repeating: 0, count: 1001)))
            let headers: AMQPTable = ["h": .string(String(repeating: "x", count: 200_000))]
            try await expect(.tooLarge, for: AMQPMessage(body: [], properties: .init(headers: headers)))
            try await expect(.invalidArgument, for: AMQPMessage(body: []), key: long)
            try await expect(.invalidArgument, for: AMQPMessage(body: [], properties: .init(messageId: long)))
            try await expect(.invalidArgument, for: AMQPMessage(body: [], properties: .init(expiration: "soon")))
            #expect(connection.status.connectCount == 1)
        }
    }

    @Test("A cancelled publish ends at once")
    func cancelled() async throws {
        let connection = AMQPConnection(
            configuration: try Broker.configuration("amqp://localhost:1"),
            logger: Broker.logger
        )
        let task = Task {
            try await connection.publish(AMQPMessage(body: []), to: "", routingKey: "q", timeout: .seconds(50))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

/// Bytes that differ from message to message and from place to place.
private func pattern(_ size: Int, _ number: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ number) }
}
