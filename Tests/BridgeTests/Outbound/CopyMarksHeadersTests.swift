import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The marks of a copy in its headers")
struct CopyMarksHeadersTests {
    private static let now = Timestamp(milliseconds: 1_795_579_200_000)

    @Test("are read as numbers also where a client wrote strings, and never below zero")
    func reading() {
        let marks = CopyMarks([
            "sms-wait": .string("3"), "sms-attempt": .integer(2), "sms-replay": .integer(-1),
            "sms-first-seen": .string(Self.now.rfc3339), "sms-force": .string("true"),
        ])
        #expect(marks == CopyMarks(wait: 3, attempts: 2, firstSeen: Self.now, replay: 0, isForced: true))
        #expect(CopyMarks(["sms-wait": .string("many"), "sms-force": .string("yes")]) == CopyMarks())
        #expect(CopyMarks([:]) == CopyMarks())
    }

    @Test("of its waits do not count on a dead letter that was moved back")
    func deadLetter() {
        let marks = CopyMarks([
            DeadLetter.Header.errorCode.rawValue: .string("invalid"), "sms-wait": .integer(3),
            "sms-attempt": .integer(2), "sms-replay": .integer(1),
        ])
        #expect(marks == CopyMarks(wait: 0, attempts: 0, replay: 1))
    }

    @Test("are set anew on its way through a wait queue; what means something to the broker is left out")
    func carrier() {
        let message = BrokerMessage(
            exchange: "sms.commands",
            routingKey: "send.bulk",
            properties: .init(
                messageID: "outer",
                expiration: "5000",
                headers: [
                    "x-death": .array([]), "x-first-death-queue": .string("q"), "CC": .array([]),
                    DeadLetter.Header.errorCode.rawValue: .string("invalid"), "traceparent": .string("00-t"),
                    "sms-replay": .integer(1),
                ]
            ),
            body: Array("{}".utf8)
        )
        var record = Samples.accepted("a-1", uuid: "u-1")
        record.attempts = 2
        let carrier = message.carrier(to: "sms.retry.wait.1s", of: record, lane: .send, number: 4)
        #expect(carrier.exchange == "sms.retry.wait.1s")
        #expect(carrier.routingKey == Lane.send.routingKey)
        #expect(carrier.properties.messageID == "a-1")
        #expect(carrier.properties.expiration == nil)
        #expect(carrier.body == message.body)
        #expect(
            carrier.properties.headers == [
                "traceparent": .string("00-t"), "sms-replay": .integer(1), "sms-wait": .integer(4),
                "sms-attempt": .integer(2), "sms-first-seen": .string(record.createdAt.rfc3339),
            ]
        )
    }

    @Test(
        "expiration ends from the timestamp, or from the first sight where that lies ahead or is not there",
        arguments: [
            ("1000", nil, 1_000), ("1000", -10, -9_000), ("1000", 10, 1_000), ("0", nil, 0),
            ("4294967295", nil, 4_294_967_295),
        ] as [(String, Int64?, Int64)]
    )
    func deadline(expiration: String, secondsAhead: Int64?, milliseconds: Int64) {
        var properties = BrokerMessage.Properties(expiration: expiration)
        properties.timestamp = secondsAhead.map { Self.now.seconds + $0 }
        #expect(properties.deadline(seenAt: Self.now) == Self.now + .milliseconds(milliseconds))
    }

    @Test("expiration that the broker does not take has no end", arguments: [nil, "", "soon", "-1", "4294967296"])
    func noDeadline(expiration: String?) {
        #expect(BrokerMessage.Properties(expiration: expiration).deadline(seenAt: Self.now) == nil)
    }
}
