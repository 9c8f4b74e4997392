import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The publisher of outcomes", .timeLimit(.minutes(3)))
struct OutcomePublisherTests {
    private let publisher = RecordingPublisher()

    private func outcomes(_ onStep: @escaping OutboundStep.Hook = { _ in }) -> OutcomePublisher {
        OutcomePublisher(outlet: Outlet(publisher, clock: publisher.clock), onStep: onStep)
    }

    private func command(replyTo: String? = "answers") -> OpenedCommand {
        let message = BrokerMessage(
            exchange: "sms.commands",
            routingKey: "send",
            properties: .init(correlationID: "7", replyTo: replyTo, headers: ["traceparent": .string("t")]),
            body: [1]
        )
        let delivery = CommandDelivery(
            message: message,
            isRedelivered: false,
            connection: 1,
            ack: { true },
            giveBack: {}
        )
        return OpenedCommand(unread: delivery, id: Samples.id("a-1"))
    }

    private func settled(_ outcome: Outcome, _ error: EventError? = nil) -> MessageRecord {
        var record = Samples.record("a-1")
        record.attempts = 2
        record.state = .settled(Settlement(outcome: outcome, messageUUID: nil, error: error, at: Samples.moment))
        return record
    }

    @Test("everything is the dead letter where due, then the event, then the reply")
    func everything() async throws {
        let record = settled(.rejected, Samples.error)
        let steps = DeliveryLog()
        try await outcomes { steps.note($0.rawValue) }
            .publish(record, for: command(), .everything, isReused: false)
        #expect(publisher.routes == ["/sms.dead", "sms.outbound/rejected", "/answers"])
        #expect(steps.all == ["dead-letter-published", "event-published", "reply-published"])
        let deadLetter = try #require(publisher.published.first)
        #expect(deadLetter.properties.headers["sms-error-code"] == .string("provider_rejected"))
        #expect(deadLetter.properties.headers["sms-attempts"] == .integer(2))
        #expect(deadLetter.properties.headers["sms-first-seen"] == .string(record.createdAt.rfc3339))
        let reply = try #require(publisher.published.last)
        #expect(reply.properties.correlationID == "7")
        #expect(reply.properties.headers["traceparent"] == .string("t"))
    }

    @Test("an outcome that is not a failure makes no dead letter", arguments: [Outcome.accepted, .expired, .cancelled])
    func noDeadLetter(outcome: Outcome) async throws {
        let error = outcome == .accepted ? nil : EventError(.expired, detail: "late")
        try await outcomes().publish(settled(outcome, error), for: command(), .everything, isReused: false)
        #expect(publisher.routes == ["sms.outbound/\(outcome.rawValue)", "/answers"])
    }

    @Test("a repeat gets event and reply, a copy that waited its reply alone")
    func extents() async throws {
        let record = settled(.rejected, Samples.error)
        try await outcomes().publish(record, for: command(), .eventAndReply, isReused: true)
        #expect(publisher.routes == ["sms.outbound/rejected", "/answers"])
        #expect(try publisher.events().first?.data.idReused == true)
        try await outcomes().publish(record, for: command(), .reply, isReused: false)
        #expect(publisher.routes == ["sms.outbound/rejected", "/answers", "/answers"])
    }

    @Test("a lost reply is not a failure, and one to the service's own queue is not sent")
    func replies() async throws {
        publisher.refuseRoute(to: "answers")
        try await outcomes().publish(settled(.accepted), for: command(), .everything, isReused: false)
        try await outcomes().publish(settled(.accepted), for: command(replyTo: "sms.send"), .reply, isReused: false)
        try await outcomes().publish(settled(.accepted), for: command(replyTo: nil), .reply, isReused: false)
        #expect(publisher.routes == ["sms.outbound/accepted"])
    }

    @Test("without a copy only the event is published; a record without an outcome publishes nothing")
    func eventAlone() async throws {
        try await outcomes().publishEvent(of: settled(.failed, Samples.error))
        try await outcomes().publishEvent(of: Samples.record("a-1"))
        #expect(publisher.routes == ["sms.outbound/failed"])
    }

    @Test("that it is not known whether a command was sent is an event of its own, with what is known")
    func uncertain() async throws {
        let error = EventError(.uncertain, detail: "no answer")
        try await outcomes().publishUncertain(Samples.sending("a-1"), error)
        let event = try #require(publisher.events().first)
        #expect(event.id == "a-1/uncertain")
        #expect(event.data.error == error)
    }

    @Test("a crash hook stops between two steps: what was published before it stays published")
    func crash() async throws {
        struct Crash: Error {}
        let outcomes = outcomes { if $0 == .eventPublished { throw Crash() } }
        let (record, command) = (settled(.accepted), command())
        await #expect(throws: Crash.self) {
            try await outcomes.publish(record, for: command, .everything, isReused: false)
        }
        #expect(publisher.routes == ["sms.outbound/accepted"])
    }

    @Test("what the operator should do follows from the outcome, and from what the handset may have got")
    func advice() {
        #expect(settled(.rejected, Samples.error).deadLetterReason?.advice == .fix)
        var old = settled(.failed, EventError(.tooOld, detail: ""))
        #expect(old.deadLetterReason?.advice == .never, "it was unknown, and may have been sent before")
        old.firstFailureAt = Samples.moment
        #expect(old.deadLetterReason?.advice == .replay)
        var poison = settled(.failed, EventError(.poison, detail: ""))
        #expect(poison.deadLetterReason?.advice == .never, "the process may have ended after a request")
        poison.attempts = 0
        #expect(poison.deadLetterReason?.advice == .fix)
        var doubtful = settled(.failed, EventError(.uncertain, detail: ""))
        doubtful.hasEarlierDoubt = true
        #expect(doubtful.deadLetterReason?.advice == .never)
        #expect(settled(.accepted).deadLetterReason == nil)
    }
}
