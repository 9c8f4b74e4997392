import Bridge
import Contracts
import Logging
import SMSCore
import Synchronization
import TestSupport
import Testing

/// A broker that confirms or fails as the test sets it, and runs an action with each message that it took.
private final class Desk: EventPublisher, ReplyQueue {
    private let failure: PublishFailure?
    private let queue: String?
    private let onPublish: @Sendable (BrokerMessage) async -> Void
    private let state = Mutex<[BrokerMessage]>([])

    init(
        failure: PublishFailure? = nil,
        queue: String? = "replies",
        onPublish: @escaping @Sendable (BrokerMessage) async -> Void = { _ in }
    ) {
        self.failure = failure
        self.queue = queue
        self.onPublish = onPublish
    }

    var published: [BrokerMessage] { state.withLock { $0 } }

    func publish(_ message: BrokerMessage) async throws(PublishFailure) {
        if let failure { throw failure }
        state.withLock { $0.append(message) }
        await onPublish(message)
    }

    func name(within limit: Duration) async -> String? { queue }
}

@Suite("A message that came over HTTP", .timeLimit(.minutes(3)))
struct SendFlowTests {
    private let store = InMemoryStore()
    private let board = OutcomeBoard()
    private static let body = Array(#"{"to": "14155550100", "message": "Hi"}"#.utf8)

    private func flow(_ desk: Desk, board: OutcomeBoard? = nil) -> SendFlow {
        SendFlow(
            SendFlow.Parts(
                publisher: desk,
                replies: desk,
                board: board ?? self.board,
                messages: store,
                receipts: store,
                logger: Logger(label: "test"),
                now: { Samples.moment }
            ),
            names: BrokerNames(),
            defaultSender: Sender("14155550199")
        )
    }

    /// A desk whose every command is answered with this outcome.
    private func desk(replying data: @escaping @Sendable (String) -> OutboundEvent) -> Desk {
        Desk { [board] message in
            guard let correlationID = message.properties.correlationID else { return }
            let event = CloudEvent(
                id: "e",
                type: "sms.outbound.x",
                subject: nil,
                time: Samples.moment,
                data: data(message.properties.messageID ?? "")
            )
            board.deliver(event, correlationID: correlationID)
        }
    }

    @Test("is a confirmed command with its id and the reply queue, and its outcome is the answer")
    func accepted() async throws {
        let desk = desk { id in
            var data = OutboundEvent(commandID: id, attempts: 1)
            data.messageUUID = "uuid-1"
            return data
        }
        let order = SendOrder(body: Self.body, key: "k-1", wait: .seconds(60), traceparent: "trace")
        let answer = await flow(desk).send(order)
        #expect(answer == .accepted(Samples.id("k-1"), messageUUID: "uuid-1"))
        let message = try #require(desk.published.first)
        #expect(message.exchange == "sms.commands")
        #expect(message.routingKey == "send")
        #expect(message.properties.messageID == "k-1")
        #expect(message.properties.replyTo == "replies")
        #expect(message.properties.headers["traceparent"] == .string("trace"))
        #expect(String(decoding: message.body, as: UTF8.self) == #"{"text":"Hi","to":"14155550100"}"#)
        #expect(board.count == 0)
    }

    @Test("that ends otherwise is answered with the event's error; one whose id was used before as reused")
    func ended() async {
        let refusing = desk { id in
            var data = OutboundEvent(commandID: id)
            data.error = EventError(.optedOut, detail: "no")
            return data
        }
        let order = SendOrder(body: Self.body, key: "k", wait: .seconds(60))
        #expect(await flow(refusing).send(order) == .ended(Samples.id("k"), EventError(.optedOut, detail: "no")))
        let reusing = desk { id in
            var data = OutboundEvent(commandID: id)
            data.messageUUID = "uuid-1"
            data.idReused = true
            return data
        }
        #expect(await flow(reusing).send(order) == .keyReused(Samples.id("k")))
    }

    @Test("without a wait asks for no reply, and is pending until it has a record")
    func asynchronous() async throws {
        let desk = Desk()
        let flow = flow(desk)
        let id = Samples.id("k")
        #expect(try await flow.message(id) == nil)
        #expect(await flow.send(SendOrder(body: Self.body, key: "k")) == .pending(id))
        #expect(desk.published.first?.properties.replyTo == nil)
        let view = try #require(try await flow.message(id))
        #expect(view.state == "pending")
        #expect(view.to == "+14155550100")
        _ = try await store.save(Samples.record("k"))
        #expect(try await flow.message(id)?.to == "+14155550101")
    }

    @Test("whose reply was lost is answered by the ledger, or is pending")
    func lostReply() async throws {
        let clock = ManualClock()
        let impatient = OutcomeBoard(clock: clock)
        let order = SendOrder(body: Self.body, key: "k", wait: .seconds(10))
        let store = store
        let losing = Desk { message in
            var record = Samples.accepted("k", uuid: "uuid-1")
            record.bodyDigest = Digest.hex(message.body)
            _ = try? await store.save(record)
        }
        for (desk, expected) in [
            (Desk(), SendAnswer.pending(Samples.id("k"))),
            (losing, .accepted(Samples.id("k"), messageUUID: "uuid-1")),
        ] {
            let flow = flow(desk, board: impatient)
            async let answer = flow.send(order)
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(10))
            #expect(await answer == expected)
        }
        #expect(impatient.count == 0)
        // Without a reply queue it is enqueued all the same.
        #expect(await flow(Desk(queue: nil)).send(order) == .accepted(Samples.id("k"), messageUUID: "uuid-1"))
    }

    @Test(
        "that the broker does not confirm is reported so, and is not known afterwards",
        arguments: [PublishFailure.unroutable, .refused, .unavailable("gone")]
    )
    func notTaken(failure: PublishFailure) async throws {
        let flow = flow(Desk(failure: failure))
        for wait in [Duration.zero, .seconds(60)] {
            let answer = await flow.send(SendOrder(body: Self.body, key: "k", wait: wait))
            #expect(answer == .notTaken(Samples.id("k")))
        }
        #expect(try await flow.message(Samples.id("k")) == nil)
        #expect(board.count == 0)
    }

    @Test("under a key that another one has is refused at once, whether that one has a record or not")
    func keyReused() async throws {
        let desk = Desk()
        let flow = flow(desk)
        let other = Array(#"{"to": "14155550100", "message": "Ho"}"#.utf8)
        #expect(await flow.send(SendOrder(body: Self.body, key: "k")) == .pending(Samples.id("k")))
        #expect(await flow.send(SendOrder(body: other, key: "k")) == .keyReused(Samples.id("k")))
        #expect(await flow.send(SendOrder(body: Self.body, key: "k")) == .pending(Samples.id("k")))
        _ = try await store.save(Samples.record("known"))
        #expect(await flow.send(SendOrder(body: other, key: "known")) == .keyReused(Samples.id("known")))
        #expect(desk.published.count == 2)
    }

    @Test("under the key of one that was invalid is a new one")
    func afterInvalid() async throws {
        var record = Samples.record("k")
        let error = EventError(.invalid, detail: "x")
        record.state = .settled(Settlement(outcome: .invalid, messageUUID: nil, error: error, at: Samples.moment))
        _ = try await store.save(record)
        #expect(await flow(Desk()).send(SendOrder(body: Self.body, key: "k")) == .pending(Samples.id("k")))
    }

    @Test("that breaks rules is not enqueued")
    func invalid() async {
        let desk = Desk()
        let answer = await flow(desk).send(SendOrder(body: Array("[]".utf8)))
        #expect(answer == .invalid([Problem("body", "the body is not a JSON object")]))
        #expect(desk.published.isEmpty)
    }

    @Test("is shown with its receipts")
    func view() async throws {
        _ = try await store.save(Samples.accepted("k", uuid: "uuid-1"))
        let error = ReceiptError(code: "1340")
        for (status, timestamp, error) in [("submitted", "2026-01-31T09:00:00.000Z", nil), ("rejected", "", error)] {
            try await store.remember(
                SeenReceipt(
                    messageUUID: "uuid-1",
                    commandID: Samples.id("k"),
                    status: status,
                    timestamp: timestamp,
                    error: error,
                    seenAt: Samples.moment
                )
            )
        }
        let view = try #require(try await flow(Desk()).message(Samples.id("k")))
        let moment = Samples.moment.rfc3339
        let expected =
            #"{"attempts":0,"created_at":"\#(moment)","from":"+14155550100","id":"k","message_uuid":"uuid-1","#
            + #""receipts":[{"status":"submitted","timestamp":"2026-01-31T09:00:00.000Z"},"#
            + #"{"error":{"code":"1340"},"status":"rejected","timestamp":"\#(moment)"}],"#
            + #""segments":1,"state":"accepted","to":"+14155550101","updated_at":"\#(moment)"}"#
        #expect(String(decoding: try JSONBytes.encode(view), as: UTF8.self) == expected)
    }

    @Test("is cancelled by a confirmed cancellation, also when it is unknown, and not when it is settled")
    func cancel() async throws {
        let desk = Desk()
        #expect(try await flow(desk).cancel(Samples.id("k")) == .cancelling)
        let message = try #require(desk.published.first)
        #expect(message.routingKey == "cancel")
        #expect(CancelCommand.read(message.body) == .valid(.command(Samples.id("k"))))
        #expect(try await flow(Desk(failure: .refused)).cancel(Samples.id("k")) == .notTaken)
        _ = try await store.save(Samples.accepted("k", uuid: "uuid-1"))
        #expect(try await flow(desk).cancel(Samples.id("k")) == .settled(.accepted))
        #expect(desk.published.count == 1)
    }
}
