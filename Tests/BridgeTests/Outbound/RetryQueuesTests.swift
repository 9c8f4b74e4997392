import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The retry queues", .timeLimit(.minutes(3)))
struct RetryQueuesTests {
    private let publisher = RoutedPublisher()

    private func send(_ level: WaitLevel, lane: Lane = .send) async throws -> Bool {
        let message = BrokerMessage(
            exchange: "mine.commands",
            routingKey: lane.routingKey,
            properties: .init(
                correlationID: "7",
                replyTo: "answers",
                expiration: "60000",
                headers: ["traceparent": .string("t"), "x-death": .string("3"), "sms-wait": .integer(1)]
            ),
            body: [1, 2]
        )
        let delivery = CommandDelivery(
            message: message,
            isRedelivered: false,
            connection: 1,
            ack: { true },
            giveBack: {}
        )
        var record = Samples.record("a-1")
        record.attempts = 2
        let outlet = Outlet(publisher, names: BrokerNames(prefix: "mine"), clock: ImmediateClock())
        return try await RetryQueues(outlet: outlet)
            .send(OpenedCommand(unread: delivery, id: record.id), of: record, by: level, number: 5)
    }

    @Test("take a copy at the exchange of its level, by the routing key of its lane, with all it comes back with")
    func copy() async throws {
        #expect(try await send(.twoMinutes, lane: .bulk))
        #expect(publisher.published.count == 1)
        let copy = try #require(publisher.published.first)
        #expect(copy.exchange == "mine.retry.wait.2m")
        #expect(copy.routingKey == "send.bulk")
        #expect(copy.body == [1, 2])
        #expect(copy.properties.messageID == "a-1")
        #expect(copy.properties.correlationID == "7" && copy.properties.replyTo == "answers")
        // The queue's own time to live holds, not the command's.
        #expect(copy.properties.expiration == nil)
        #expect(copy.properties.headers["sms-wait"] == .integer(5))
        #expect(copy.properties.headers["sms-attempt"] == .integer(2))
        #expect(copy.properties.headers["sms-first-seen"] == .string(Samples.moment.rfc3339))
        #expect(copy.properties.headers["traceparent"] == .string("t"))
        #expect(copy.properties.headers["x-death"] == nil)
    }

    @Test("are tried again until the broker has confirmed, for an unconfirmed copy may be lost")
    func untilConfirmed() async throws {
        publisher.fail("send", with: [.unavailable("gone"), .refused, .unroutable])
        #expect(try await send(.oneSecond))
        #expect(publisher.tries("send") == 4)
        #expect(publisher.published.count == 1)
    }

    @Test("say so when a copy can never be published; nothing was published then")
    func impossible() async throws {
        publisher.fail("send", with: .impossible("too large"))
        #expect(try await !send(.oneSecond))
        #expect(publisher.published.isEmpty)
    }
}
