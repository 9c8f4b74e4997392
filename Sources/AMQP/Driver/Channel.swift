/// One open channel.
///
/// Belongs to the connection's thread.
final class Channel {
    /// What it is for.
    enum Role {
        case publisher
        case consumer(ConsumerRecord)
        case scratch(ScratchCall)
    }

    let number: UInt16
    let generation: ChannelGeneration
    let role: Role
    var replies = ReplyLedger()
    var assembler: ContentAssembler
    /// The deliveries to be settled on it; nil where nothing is.
    var settlements: SettlementBox?
    /// `channel.close` was sent; everything but its answer is ignored.
    var isClosing = false
    /// When the answer to `channel.close` is overdue.
    var closeDeadline: ContinuousClock.Instant?
    /// Kept only until its deliveries are settled.
    var closesWhenSettled = false

    init(number: UInt16, generation: ChannelGeneration, role: Role) {
        self.number = number
        self.generation = generation
        self.role = role
        switch role {
        case .consumer(let record):
            assembler = ContentAssembler(bodyLimitBytes: record.consumer.options.bodyLimitBytes)
        case .publisher, .scratch: assembler = ContentAssembler()
        }
    }

    /// Whether every delivery on it is settled, and the settlements are written.
    var isSettled: Bool {
        guard let settlements else { return true }
        return settlements.outstandingCount == 0 && !settlements.hasUnwritten
    }

    /// The consumer's name on this channel.
    var consumerTag: String { "c\(generation.number)" }
}

/// A consumer as the connection's thread knows it.
final class ConsumerRecord {
    let consumer: AMQPConsumer
    var machine: ConsumerStateMachine

    init(_ consumer: AMQPConsumer, machine: ConsumerStateMachine) {
        self.consumer = consumer
        self.machine = machine
    }
}

/// Requests made one after the other on a channel of their own, which a refusal closes.
final class ScratchCall {
    /// A request that was refused.
    struct Failure: Error {
        /// Answers before it.
        var answers: [InboundMethod]
        var error: AMQPError
    }

    private let count: Int
    private var answers: [InboundMethod] = []
    private var completion: ((Result<[InboundMethod], Failure>) -> Void)?

    /// `completion`: called once, on the connection's thread.
    init(count: Int, completion: @escaping (Result<[InboundMethod], Failure>) -> Void) {
        self.count = count
        self.completion = completion
    }

    /// Takes an answer.
    ///
    /// - Returns: whether it was the last.
    func answered(_ method: InboundMethod) -> Bool {
        answers.append(method)
        guard answers.count == count else { return false }
        finish(.success(answers))
        return true
    }

    /// The channel is gone, or an answer is overdue.
    func failed(_ error: AMQPError) {
        finish(.failure(Failure(answers: answers, error: error)))
    }

    private func finish(_ result: Result<[InboundMethod], Failure>) {
        let completion = completion
        self.completion = nil
        completion?(result)
    }
}
