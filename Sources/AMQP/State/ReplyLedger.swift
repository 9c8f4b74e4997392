internal import DequeModule

/// The answers that are due on one channel.
///
/// AMQP answers in the order of the requests, so this is a queue.
struct ReplyLedger {
    /// One request that was made.
    struct Expectation: Equatable {
        var method: OutboundMethod
        var reply: ReplyKind
        var deadline: ContinuousClock.Instant
    }

    private var expectations: Deque<Expectation> = []

    /// The request that is answered next; when the broker closes the channel, this is the one it refused.
    var first: Expectation? { expectations.first }

    /// Whether no answer is due.
    var isEmpty: Bool { expectations.isEmpty }

    /// When the answer to the oldest request is overdue.
    var deadline: ContinuousClock.Instant? { expectations.first?.deadline }

    /// Notes a request; methods without an answer are passed over.
    mutating func expect(_ method: OutboundMethod, until deadline: ContinuousClock.Instant) {
        guard let reply = method.reply else { return }
        expectations.append(Expectation(method: method, reply: reply, deadline: deadline))
    }

    /// Takes an answer.
    ///
    /// - Returns: the request, or nil when this is not the answer that was due.
    mutating func take(_ reply: ReplyKind) -> Expectation? {
        guard expectations.first?.reply == reply else { return nil }
        return expectations.popFirst()
    }
}
