import Testing

@testable import AMQP

@Suite("Messages from frames")
struct ContentAssemblerTests {
    private let subject = ContentAssembler.Subject.returned(
        replyCode: 312,
        replyText: "NO_ROUTE",
        exchange: "e",
        routingKey: "k"
    )

    @Test("Method, header and parts of a body make a message")
    func assembly() throws {
        var assembler = ContentAssembler()
        let properties = AMQPProperties(messageId: "m")
        try assembler.begin(subject)
        #expect(try assembler.header(bodySize: 5, properties: properties) == nil)
        #expect(try assembler.body(count: 2) { $0 += [1, 2] } == nil)
        let content = try assembler.body(count: 3) { $0 += [3, 4, 5] }
        #expect(content?.message == AMQPMessage(body: [1, 2, 3, 4, 5], properties: properties))
        #expect(content?.subject == subject)
        try assembler.begin(subject)
        _ = try assembler.header(bodySize: 1, properties: properties)
        #expect(try assembler.body(count: 1) { $0 += [9] }?.message.body == [9])
    }

    @Test("An empty body has no body frame")
    func empty() throws {
        var assembler = ContentAssembler()
        try assembler.begin(subject)
        #expect(try assembler.header(bodySize: 0, properties: AMQPProperties())?.message.body == [])
        try assembler.begin(subject)
    }

    @Test("A body beyond the limit is counted and dropped, and the next one is kept")
    func tooLarge() throws {
        var assembler = ContentAssembler(bodyLimitBytes: 4)
        let properties = AMQPProperties(messageId: "m")
        try assembler.begin(subject)
        #expect(try assembler.header(bodySize: 5, properties: properties) == nil)
        var copies = 0
        #expect(try assembler.body(count: 4) { _ in copies += 1 } == nil)
        #expect(throws: AMQPError.self) { try assembler.body(count: 2) { _ in copies += 1 } }
        let content = try assembler.body(count: 1) { _ in copies += 1 }
        #expect(content?.message == AMQPMessage(body: [], properties: properties))
        #expect(content?.bodySize == 5)
        #expect(copies == 0)
        try assembler.begin(subject)
        _ = try assembler.header(bodySize: 4, properties: properties)
        #expect(try assembler.body(count: 4) { $0 += [1, 2, 3, 4] }?.message.body == [1, 2, 3, 4])
    }

    @Test("Frames out of order are a violation, not a trap")
    func violations() throws {
        var assembler = ContentAssembler()
        #expect(throws: AMQPError.self) { try assembler.body(count: 1) { $0 += [1] } }
        #expect(throws: AMQPError.self) { try assembler.header(bodySize: 1, properties: AMQPProperties()) }
        try assembler.begin(subject)
        #expect(throws: AMQPError.self) { try assembler.begin(subject) }
        #expect(throws: AMQPError.self) { try assembler.body(count: 1) { $0 += [1] } }
        _ = try assembler.header(bodySize: 2, properties: AMQPProperties())
        #expect(throws: AMQPError.self) { try assembler.body(count: 3) { $0 += [1, 2, 3] } }
    }

    @Test("A body of absurd size is refused before there is memory for it", arguments: [UInt64.max, 1 << 40])
    func absurd(size: UInt64) throws {
        var assembler = ContentAssembler()
        try assembler.begin(subject)
        #expect(throws: AMQPError.self) { try assembler.header(bodySize: size, properties: AMQPProperties()) }
    }
}
