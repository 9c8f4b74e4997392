import App
import Contracts
import Foundation
import Testing

@testable import AMQP

@Suite("Messages between the bridge and the AMQP client")
struct BrokerMessageMappingTests {
    private static let headers: AMQPTable = [
        "text": "grüße", "bytes": .string(WireText.text(of: [0x61, 0xFF])), "raw": .bytes([0, 255]), "i64": .int(.min),
        "i8": .narrow(-128, .int8), "u8": .narrow(255, .uint8), "i16": .narrow(-5, .int16), "u16": .narrow(5, .uint16),
        "i32": .narrow(-5, .int32), "u32": .narrow(4_294_967_295, .uint32), "u64": .unsigned(.max),
        "f32": .float(0.1), "f64": .double(0.1), "decimal": .decimal(scale: 3, digits: .max), "flag": true,
        "time": .timestamp(1_700_000_000), "late": .timestamp(.max), "nothing": .null,
        "list": .array([.narrow(1, .int8), ["k": .unsigned(1)]]),
    ]

    private func delivery(_ properties: AMQPProperties) -> AMQPDelivery {
        AMQPDelivery(
            message: AMQPMessage(body: [1], properties: properties),
            exchange: "e",
            routingKey: "k",
            isRedelivered: false,
            deliveryTag: 1,
            bodySize: 1,
            generation: ChannelGeneration(number: 1),
            settlements: nil
        )
    }

    @Test("Every kind of header goes through as it came")
    func headers() {
        let message = BrokerMessage(delivery(AMQPProperties(headers: Self.headers, timestamp: .max)))
        let published = AMQPMessage(message)
        #expect(published.properties.headers == Self.headers)
        #expect(published.properties.timestamp == .max)
    }

    @Test("An expiration is read, and never published")
    func expiration() {
        let message = BrokerMessage(delivery(AMQPProperties(expiration: "60000")))
        #expect(message.properties.expiration == "60000")
        #expect(AMQPMessage(message).properties.expiration == nil)
    }

    @Test("Every kind of header survives being stored, and what was stored before it had a kind is read")
    func stored() throws {
        let message = BrokerMessage(delivery(AMQPProperties(headers: Self.headers)))
        let bytes = try JSONEncoder().encode(message.properties)
        #expect(try JSONDecoder().decode(BrokerMessage.Properties.self, from: bytes) == message.properties)
        let old = #"{"messageID":"m","headers":{"n":{"integer":{"_0":5}},"t":{"timestamp":{"_0":7}}}}"#
        let read = try JSONDecoder().decode(BrokerMessage.Properties.self, from: Data(old.utf8))
        #expect(read == .init(messageID: "m", headers: ["n": .integer(5), "t": .timestamp(7)]))
    }

    @Test(
        "A number is a number whatever its width",
        arguments: [.integer(7), .narrow(7, .uint8), .unsigned(7)] as [BrokerMessage.HeaderValue]
    )
    func numbers(value: BrokerMessage.HeaderValue) {
        #expect(value.int == 7)
    }
}
