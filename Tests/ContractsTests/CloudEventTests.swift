import Testing

@testable import Contracts

@Suite("An event")
struct CloudEventTests {
    private func event() -> CloudEvent<OutboundEvent> {
        var data = OutboundEvent(commandID: "a/1", attempts: 1)
        data.to = "+14155550100"
        data.messageUUID = "u-1"
        return CloudEvent(
            id: "a/1/accepted",
            type: "sms.outbound.accepted",
            subject: "a/1",
            time: Timestamp(milliseconds: 0),
            data: data
        )
    }

    @Test("is a CloudEvent with the AMQP properties of the contract")
    func message() throws {
        let message = try event().message(
            exchange: "sms.outbound",
            routingKey: "accepted",
            correlationID: "corr",
            traceparent: "00-x",
            publishedAt: Timestamp(milliseconds: 5_900)
        )
        #expect(
            String(decoding: message.body, as: UTF8.self)
                == #"{"data":{"attempts":1,"command_id":"a/1","message_uuid":"u-1","to":"+14155550100"},"#
                + #""datacontenttype":"application/json","id":"a/1/accepted","source":"/sms-bridge","specversion":"1.0","#
                + #""subject":"a/1","time":"1970-01-01T00:00:00.000Z","type":"sms.outbound.accepted"}"#
        )
        #expect(message.properties.contentType == "application/cloudevents+json")
        #expect(message.properties.messageID == "a/1/accepted")
        #expect(message.properties.correlationID == "corr")
        #expect(message.properties.type == "sms.outbound.accepted")
        #expect(message.properties.appID == "sms-bridge")
        #expect(message.properties.timestamp == 5)
        #expect(message.properties.headers == ["traceparent": .string("00-x")])
    }

    @Test("about a receipt of an unknown message says so with null")
    func receipt() throws {
        let data = StatusEvent(messageUUID: "u", status: "delivered", timestamp: "t", providerStatus: "delivered")
        let json = String(decoding: try JSONBytes.encode(data), as: UTF8.self)
        #expect(json.contains(#""command_id":null"#))
    }

    @Test("becomes a dead letter with the headers of the contract")
    func deadLetter() {
        let original = BrokerMessage(
            exchange: "sms.commands",
            routingKey: "send",
            properties: .init(messageID: "m", headers: ["x": .integer(1)]),
            body: [1]
        )
        let deadLetter = DeadLetter(
            code: "invalid",
            detail: "d",
            attempts: 2,
            firstSeen: Timestamp(milliseconds: 0),
            lastSeen: Timestamp(milliseconds: 1),
            originalExchange: "sms.commands",
            originalRoutingKey: "send",
            advice: .fix
        )
        let message = deadLetter.message(of: original, names: BrokerNames())
        #expect(message.exchange == "")
        #expect(message.routingKey == "sms.dead")
        #expect(message.body == [1])
        #expect(message.properties.messageID == "m")
        #expect(message.properties.headers["x"] == .integer(1))
        #expect(message.properties.headers["sms-attempts"] == .integer(2))
        #expect(message.properties.headers["sms-last-seen"] == .string("1970-01-01T00:00:00.001Z"))
        #expect(message.properties.headers.count == 9)
    }
}
