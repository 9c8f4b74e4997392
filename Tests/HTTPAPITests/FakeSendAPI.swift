import Bridge
import Contracts
import SMSCore
import Synchronization

/// A bridge that answers as a test sets it and remembers what it was asked.
final class FakeSendAPI: SendAPI {
    struct Broken: Error {}

    private let answer: SendAnswer
    private let cancelAnswer: CancelAnswer
    private let known: Set<String>
    private let isBroken: Bool
    private let work: @Sendable () async -> Void
    private let state = Mutex<(orders: [SendOrder], cancelled: [String])>(([], []))

    init(
        _ answer: SendAnswer = .accepted(FakeSendAPI.id("id-1"), messageUUID: "uuid-1"),
        cancel: CancelAnswer = .cancelling,
        known: Set<String> = [],
        isBroken: Bool = false,
        work: @escaping @Sendable () async -> Void = {}
    ) {
        self.answer = answer
        cancelAnswer = cancel
        self.known = known
        self.isBroken = isBroken
        self.work = work
    }

    var orders: [SendOrder] { state.withLock { $0.orders } }
    var cancelled: [String] { state.withLock { $0.cancelled } }

    /// A command id; the text must be one.
    static func id(_ text: String) -> CommandID { CommandID(text) ?? .random() }

    func send(_ order: SendOrder) async throws -> SendAnswer {
        state.withLock { $0.orders.append(order) }
        await work()
        if isBroken { throw Broken() }
        return answer
    }

    func message(_ id: CommandID) async throws -> MessageView? {
        if isBroken { throw Broken() }
        guard known.contains(id.text) else { return nil }
        let moment = Timestamp(milliseconds: 0)
        let record = MessageRecord(id: id, bodyDigest: "", lane: .send, facts: MessageFacts(), now: moment)
        return MessageView(record, receipts: [])
    }

    func cancel(_ id: CommandID) async throws -> CancelAnswer {
        if isBroken { throw Broken() }
        state.withLock { $0.cancelled.append(id.text) }
        return cancelAnswer
    }
}
