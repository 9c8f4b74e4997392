package import Contracts
package import Logging
package import SMSCore
import Synchronization

/// The queue for replies to this process's own commands.
package protocol ReplyQueue: Sendable {
    /// The queue's present name; it changes with each new connection.
    ///
    /// - Returns: nil when there is none within the limit.
    func name(within limit: Duration) async -> String?
}

/// The path of a message that came over HTTP: read → known already? → publish (confirmed) → wait for the reply.
///
/// The reply comes through the broker, so that it does not matter which process sends the message. If it is lost, as
/// with a lost connection, the answer is what the ledger says.
package struct SendFlow: SendAPI {
    /// What the flow works with.
    package struct Parts: Sendable {
        package var publisher: any EventPublisher
        package var replies: any ReplyQueue
        package var board: OutcomeBoard
        package var messages: any MessageStore
        package var receipts: any ReceiptStore
        package var logger: Logger
        /// The wall-clock time.
        package var now: @Sendable () -> Timestamp

        /// The parts, from the composition root.
        package init(
            publisher: any EventPublisher,
            replies: any ReplyQueue,
            board: OutcomeBoard,
            messages: any MessageStore,
            receipts: any ReceiptStore,
            logger: Logger,
            now: @escaping @Sendable () -> Timestamp = { .now }
        ) {
            self.publisher = publisher
            self.replies = replies
            self.board = board
            self.messages = messages
            self.receipts = receipts
            self.logger = logger
            self.now = now
        }
    }

    /// How long a request waits for a reply queue; after that it goes without a reply.
    private static let queueLimit: Duration = .seconds(2)

    private let parts: Parts
    private let names: BrokerNames
    private let defaultSender: Sender?
    private let enqueued = EnqueuedShelf()

    /// A flow that publishes under the service's names; `defaultSender` is `VONAGE_NUMBER`.
    package init(_ parts: Parts, names: BrokerNames, defaultSender: Sender?) {
        self.parts = parts
        self.names = names
        self.defaultSender = defaultSender
    }

    package func send(_ order: SendOrder) async -> SendAnswer {
        let now = parts.now()
        switch SendRequest.read(order.body, key: order.key, defaultSender: defaultSender, now: now) {
        case .invalid(let problems):
            return .invalid(problems)
        case .valid(let request):
            if await isOther(request) { return .keyReused(request.id) }
            return await enqueue(request, order)
        }
    }

    /// Whether the id belongs to another command; where this is not known here, the reply says it.
    private func isOther(_ request: SendRequest) async -> Bool {
        if let record = await record(of: request.id) {
            return record.bodyDigest != request.digest && !record.yieldsToAnotherBody
        }
        return enqueued[request.id].map { $0.digest != request.digest } ?? false
    }

    private func enqueue(_ request: SendRequest, _ order: SendOrder) async -> SendAnswer {
        guard order.wait > .zero, let queue = await parts.replies.name(within: Self.queueLimit) else {
            guard await publish(request, order, replyTo: nil, correlationID: nil) else { return .notTaken(request.id) }
            return await withoutReply(request, order)
        }
        let place = parts.board.expect(CommandID.random().text)
        defer { place.leave() }
        // Ended however this scope is left.
        async let reply = place.outcome(within: order.wait)
        guard await publish(request, order, replyTo: queue, correlationID: place.correlationID) else {
            return .notTaken(request.id)
        }
        guard let event = await reply else { return await withoutReply(request, order) }
        enqueued.remove(request.id)
        return SendAnswer(event, id: request.id)
    }

    /// The answer when no reply came: what the ledger says, because the command may have ended all the same.
    private func withoutReply(_ request: SendRequest, _ order: SendOrder) async -> SendAnswer {
        guard order.wait > .zero, let record = await record(of: request.id), record.bodyDigest == request.digest else {
            return .pending(request.id)
        }
        enqueued.remove(request.id)
        return record.settlement.map { SendAnswer($0, id: request.id) } ?? .pending(request.id)
    }

    /// The record of a command; nil also when the store cannot be read, because that must not refuse a command.
    private func record(of id: CommandID) async -> MessageRecord? {
        do {
            return try await parts.messages.record(of: id)
        } catch {
            parts.logger.error("the store could not be read", metadata: Self.metadata(id, error))
            return nil
        }
    }

    private func publish(
        _ request: SendRequest,
        _ order: SendOrder,
        replyTo: String?,
        correlationID: String?
    ) async -> Bool {
        let message = BrokerMessage.command(
            request.body,
            .message(.send),
            names: names,
            id: request.id.text,
            correlationID: correlationID,
            replyTo: replyTo,
            traceparent: order.traceparent,
            at: parts.now()
        )
        guard await publish(message, id: request.id) else { return false }
        enqueued.add(EnqueuedCommands.Entry(request, at: parts.now()))
        return true
    }

    /// - Returns: whether the broker has confirmed it.
    private func publish(_ message: BrokerMessage, id: CommandID) async -> Bool {
        do throws(PublishFailure) {
            try await parts.publisher.publish(message)
            return true
        } catch {
            parts.logger.error("the broker did not confirm a command", metadata: Self.metadata(id, error))
            return false
        }
    }

    private static func metadata(_ id: CommandID, _ error: any Error) -> Logger.Metadata {
        [BridgeLogKey.id.rawValue: "\(id)", BridgeLogKey.error.rawValue: "\(error)"]
    }

    package func message(_ id: CommandID) async throws -> MessageView? {
        guard let record = try await parts.messages.record(of: id) else { return enqueued[id].map(MessageView.init) }
        enqueued.remove(id)
        let uuid = record.knownUUID
        return MessageView(record, receipts: try await uuid.asyncMap(parts.receipts.receipts) ?? [])
    }

    package func cancel(_ id: CommandID) async throws -> CancelAnswer {
        if let settlement = try await parts.messages.record(of: id)?.settlement { return .settled(settlement.outcome) }
        guard let body = try? JSONBytes.encode(["id": id.text]) else { return .notTaken }
        let message = BrokerMessage.command(body, .cancel, names: names, at: parts.now())
        return await publish(message, id: id) ? .cancelling : .notTaken
    }
}

extension SendAnswer {
    fileprivate init(_ event: OutcomeBoard.Event, id: CommandID) {
        if event.data.idReused == true {
            self = .keyReused(id)
        } else if let error = event.data.error {
            self = .ended(id, error)
        } else if let uuid = event.data.messageUUID {
            self = .accepted(id, messageUUID: uuid)
        } else {
            self = .pending(id)
        }
    }

    fileprivate init(_ settlement: Settlement, id: CommandID) {
        if let error = settlement.error {
            self = .ended(id, error)
        } else if let uuid = settlement.messageUUID {
            self = .accepted(id, messageUUID: uuid)
        } else {
            self = .pending(id)
        }
    }
}

/// The commands enqueued, for many requests at a time.
private final class EnqueuedShelf: Sendable {
    private let commands = Mutex(EnqueuedCommands())

    subscript(id: CommandID) -> EnqueuedCommands.Entry? { commands.withLock { $0[id] } }

    func add(_ entry: EnqueuedCommands.Entry) { commands.withLock { $0.add(entry) } }

    func remove(_ id: CommandID) { commands.withLock { $0.remove(id) } }
}

extension Optional {
    fileprivate func asyncMap<Mapped>(_ transform: (Wrapped) async throws -> Mapped) async rethrows -> Mapped? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
