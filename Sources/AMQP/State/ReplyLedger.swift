internal import DequeModule

/// The answers one channel still owes us.
///
/// AMQP answers in the order of asking, so this is a queue.
struct ReplyLedger {
    /// One question that was asked.
    struct Expectation: Equatable {
        var method: OutboundMethod
        var reply: ReplyKind
        var deadline: ContinuousClock.Instant
    }

    private var expectations: Deque<Expectation> = []

    /// The question that is answered next; when the broker closes the channel, this is the one it refused.
    var first: Expectation? { expectations.first }

    /// Whether nothing is owed.
    var isEmpty: Bool { expectations.isEmpty }

    /// When the oldest question is overdue.
    var deadline: ContinuousClock.Instant? { expectations.first?.deadline }

    /// Notes a question; methods without an answer are passed over.
    mutating func expect(_ method: OutboundMethod, until deadline: ContinuousClock.Instant) {
        guard let reply = method.reply else { return }
        expectations.append(Expectation(method: method, reply: reply, deadline: deadline))
    }

    /// Takes an answer.
    ///
    /// - Returns: the question, or nil when this is not the answer that was due.
    mutating func take(_ reply: ReplyKind) -> Expectation? {
        guard expectations.first?.reply == reply else { return nil }
        return expectations.popFirst()
    }
}
