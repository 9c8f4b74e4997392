import Contracts
import Logging
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The outlet's four operations", .timeLimit(.minutes(3)))
struct OutletTests {
    private let publisher = RoutedPublisher()
    private let prompt = RoutedPublisher()
    private let clock = ImmediateClock()

    private func outlet(_ spool: InMemoryStore = InMemoryStore()) -> Outlet {
        Outlet(publisher, promptPublisher: prompt, spool: spool, clock: clock, time: Stopwatch(clock))
    }

    private func command(headers: [String: BrokerMessage.HeaderValue] = [:], bytes: Int = 1) -> BrokerMessage {
        BrokerMessage(
            exchange: "sms.commands",
            routingKey: "send",
            properties: .init(messageID: "c", expiration: "60000", headers: headers),
            body: Array(repeating: 1, count: bytes)
        )
    }

    // MARK: - Publish

    @Test(
        "publish tries until the message is confirmed, with back-off",
        arguments: [PublishFailure.unavailable("away"), .unroutable, .refused]
    )
    func publish(failure: PublishFailure) async throws {
        publisher.fail("send", with: [failure, failure, failure])
        let outlet = outlet()
        #expect(try await outlet.publish(command(), step: "test", [:]))
        #expect(publisher.names == ["c"])
        #expect(clock.slept == [.milliseconds(50), .milliseconds(100), .milliseconds(200)])
        #expect(outlet.spooledCount == 0)
        #expect(prompt.published.isEmpty)
    }

    @Test("publish leaves out what can be too large, where a message can never be published as it is")
    func slim() async throws {
        publisher.fail("send", with: [.impossible("too large")])
        var message = command(
            headers: ["theirs": .string("x"), "sms-wait": .integer(1), "traceparent": .string("t")],
            bytes: 2 << 20
        )
        message.properties.correlationID = String(repeating: "c", count: 256)
        #expect(try await outlet().publish(message, step: "test", [:]))
        let slim = try #require(publisher.published.first)
        #expect(Set(slim.properties.headers.keys) == ["sms-wait", "traceparent"])
        #expect(slim.properties.correlationID == nil)
        #expect(slim.properties.messageID == "c")
        #expect(slim.body.count == 1 << 20)
    }

    @Test("publish returns false when a message cannot be published even with less in it")
    func never() async throws {
        publisher.fail("send", with: .impossible("too large"))
        #expect(try await !outlet().publish(command(), step: "test", [:]))
        #expect(publisher.tries("send") == 2)
    }

    @Test("publish spools a refused event, and lets later ones through once its route is open again")
    func refusedEvent() async throws {
        publisher.fail("full", with: .refused)
        let outlet = outlet()
        #expect(try await outlet.publish(event("1", "full"), key: "a", step: "test", [:]))
        #expect(outlet.spooledCount == 1)
        #expect(clock.slept.isEmpty)
        publisher.fail("full", with: nil)
        clock.pass(.seconds(2))
        #expect(try await outlet.publish(event("2", "full"), key: "b", step: "test", [:]))
        #expect(publisher.names == ["2"])
        #expect(try await outlet.offer(event("3", "full"), key: "c") == .published)
    }

    // MARK: - Offer

    @Test("offer asks the prompt publisher, once, and spools what it does not confirm")
    func offer() async throws {
        let outlet = outlet()
        #expect(try await outlet.offer(event("1", "r"), key: "a") == .published)
        prompt.fail("r", with: .unavailable("no confirm in time"))
        #expect(try await outlet.offer(event("2", "r"), key: "b") == .spooled)
        #expect(prompt.tries("r") == 2)
        #expect(publisher.published.isEmpty)
        #expect(clock.slept.isEmpty)
        #expect(outlet.spooledCount == 1)
    }

    @Test("offer reports that the spool is full")
    func full() async throws {
        prompt.isAway = true
        #expect(try await outlet(InMemoryStore(spoolCapacity: 0)).offer(event("1", "r"), key: "a") == .full)
    }

    @Test("offer makes a dead letter of an event that can never be published, and spools that like an event")
    func impossible() async throws {
        prompt.fail("long", with: .impossible("too long"))
        let outlet = outlet()
        #expect(try await outlet.offer(event("x", "long"), key: "x") == .deadLettered("too long"))
        let deadLetter = try #require(prompt.published.first)
        #expect(deadLetter.exchange.isEmpty && deadLetter.routingKey == "sms.dead")
        #expect(deadLetter.properties.messageID == "x")
        #expect(deadLetter.properties.headers["sms-error-code"] == .string("invalid"))
        #expect(deadLetter.properties.headers["sms-error-detail"]?.text == "the event can never be published: too long")
        #expect(outlet.spooledCount == 0)
        prompt.fail("sms.dead", with: .refused)
        #expect(try await outlet.offer(event("y", "long"), key: "y") == .deadLettered("too long"))
        #expect(outlet.spooledCount == 1)
    }

    @Test("offer throws where not even the dead letter can be published")
    func impossibleTwice() async throws {
        prompt.fail("long", with: .impossible("too long"))
        prompt.fail("sms.dead", with: .impossible("too large"))
        let outlet = outlet()
        await #expect(throws: (any Error).self) { _ = try await outlet.offer(event("x", "long"), key: "x") }
        #expect(outlet.spooledCount == 0)
    }

    // MARK: - Dead letters

    @Test("a dead letter has its reason, and no headers of its way so far; it is tried until it is confirmed")
    func deadLetter() async throws {
        publisher.fail("sms.dead", with: [.refused])
        let headers: [String: BrokerMessage.HeaderValue] = [
            "theirs": .string("kept"), "traceparent": .string("t"), "sms-wait": .integer(3), "sms-attempt": .integer(1),
            "x-death": .array([]), "x-first-death-queue": .string("q"), "x-last-death-queue": .string("q"),
            "x-delivery-count": .integer(2), "CC": .array([]), "BCC": .array([]),
        ]
        let reason = DeadLetterReason(
            .providerRejected,
            "no such number",
            attempts: 2,
            firstSeen: Samples.moment,
            lastSeen: Samples.moment + .seconds(5),
            advice: .never
        )
        try await outlet().deadLetter(command(headers: headers), reason)
        #expect(clock.slept.count == 1)
        let deadLetter = try #require(publisher.published.first)
        #expect(deadLetter.exchange.isEmpty && deadLetter.routingKey == "sms.dead")
        #expect(deadLetter.body == [1])
        #expect(deadLetter.properties.messageID == "c")
        #expect(deadLetter.properties.expiration == nil)
        let expected: [String: BrokerMessage.HeaderValue] = [
            "theirs": .string("kept"), "traceparent": .string("t"),
            "sms-error-code": .string("provider_rejected"), "sms-error-detail": .string("no such number"),
            "sms-attempts": .integer(2), "sms-first-seen": .string(Samples.moment.rfc3339),
            "sms-last-seen": .string((Samples.moment + .seconds(5)).rfc3339),
            "sms-original-exchange": .string("sms.commands"), "sms-original-routing-key": .string("send"),
            "sms-advice": .string("never"),
        ]
        #expect(deadLetter.properties.headers == expected)
    }

    @Test("a dead letter of a webhook is offered: confirmed, or spooled, or not kept")
    func offerDeadLetter() async throws {
        let reason = DeadLetterReason(.invalid, "no JSON", firstSeen: Samples.moment)
        let outlet = outlet(InMemoryStore(spoolCapacity: 1))
        #expect(try await outlet.offerDeadLetter(command(), reason))
        #expect(prompt.published.first?.properties.headers["sms-advice"] == .string("fix"))
        prompt.isAway = true
        #expect(try await outlet.offerDeadLetter(command(), reason))
        #expect(outlet.spooledCount == 1)
        #expect(try await !outlet.offerDeadLetter(command(), reason))
    }

    // MARK: - Replies

    private let outcome = OutboundEvents(names: BrokerNames()).outcome(
        Settlement(outcome: .accepted, messageUUID: "u", error: nil, at: Samples.moment),
        of: Samples.record("a-1")
    )

    @Test("a reply goes to its queue, with its correlation and trace")
    func reply() async throws {
        await outlet().reply(outcome, to: ReplyAddress(queue: "q", correlationID: "7", traceparent: "t"), [:])
        let reply = try #require(publisher.published.first)
        #expect(reply.exchange.isEmpty && reply.routingKey == "q")
        #expect(reply.properties.correlationID == "7")
        #expect(reply.properties.headers == ["traceparent": .string("t")])
        #expect(reply.properties.type == "sms.outbound.accepted")
    }

    @Test("a reply that is not taken is tried once, and lost")
    func lostReply() async throws {
        publisher.fail("q", with: .unroutable)
        let outlet = outlet()
        await outlet.reply(outcome, to: ReplyAddress(queue: "q", correlationID: "7", traceparent: nil), [:])
        #expect(publisher.tries("q") == 1)
        #expect(outlet.spooledCount == 0)
    }

    @Test("no reply goes to the service's own queue, nor where none is asked for", arguments: ["sms.send", "sms", ""])
    func ownQueue(name: String) async throws {
        await outlet().reply(outcome, to: ReplyAddress(queue: name, correlationID: "7", traceparent: nil), [:])
        #expect(publisher.tries(name) == 0)
    }
}
