import NIOCore

/// What one connection may still do, and until when.
///
/// It sees requests as they are read and answers as they are written (HTTP/1.1, so answers come in the order of the
/// requests, and several requests may wait for theirs: pipelining), and says what becomes of each part. It performs
/// nothing and reads no clock.
///
/// Its rules:
/// - A request's body has to be complete by one deadline, its answer written by a later one, both counted from its
///   head. The second deadline holds whatever the handler does: the connection answers in its place, and the handler's
///   work goes on until it is done; its answer is dropped.
/// - An answer that comes before its request was read to the end is the connection's last one. So nothing is read of a
///   body that is not wanted (413, 404), and a body that arrives slowly after its answer holds no connection.
/// - An answer to `HEAD` has no body, whichever part writes it: the client would take it for the next answer.
/// - With nothing to answer, the connection has a limited time for the next request's head, in however small pieces;
///   less for its first one, which a client can send as soon as it is connected.
/// - After the last answer the client has a moment to read it and to close; what it still sends is dropped. (Closing
///   at once would reset the connection, and a client in the middle of sending would never see its answer.)
struct ConnectionStateMachine {
    /// A request that is waiting for its answer.
    private struct Exchange {
        /// When the body has to be complete; `nil` once it is, or was given up.
        var bodyBy: NIODeadline?
        let answerBy: NIODeadline
        /// Whether the request was read to its end.
        var isRead = false
        /// Whether the client wants the connection closed after the answer.
        let isLast: Bool
        /// Whether its answer has a head only: it is one to `HEAD`.
        let isHeadOnly: Bool
        /// Whether the client holds the body back until it gets `100 Continue`.
        var isBodyHeldBack: Bool
    }

    private enum State {
        /// Requests are read and answered. Can go to `closing` with the last answer, and to `closed`.
        case open
        /// The last answer was given; what arrives is dropped. Can only go to `closed`.
        case closing(until: NIODeadline)
        /// It is over.
        case closed
    }

    /// What to do with a part that was read.
    enum ReadAction: Equatable {
        case forward
        case discard
    }

    /// What to do with a part that is to be written.
    enum WriteAction: Equatable {
        case write
        /// As the head of the connection's last answer, with `Connection: close`.
        case writeAsLast
        /// As the end of the last answer: after it, the output is closed.
        case writeAndClose
        /// No client waits for it any more.
        case discard
    }

    /// What to do when a deadline has passed.
    enum DeadlineAction: Equatable {
        case nothing
        /// End the stream of the request's parts with an error, so that its handler answers 503.
        case giveUpBody
        /// Answer 503 in the handler's place, and close the output.
        case answerInstead
        case close
    }

    private let idle: TimeAmount
    private let lingering: TimeAmount
    private var state = State.open
    private var exchanges = CircularBuffer<Exchange>(initialCapacity: 2)
    /// When the next head has to be there, while nothing is waiting for an answer.
    private var headBy: NIODeadline
    /// Whether the answer that is being written is the last one; `nil` between answers.
    private var isAnswerLast: Bool?
    /// Whether no further request, and nothing more of one that was given up, is taken.
    private var isInputOver = false
    private var isQuiescing = false

    /// A connection that has just been made.
    init(limits: HTTPLimits, now: NIODeadline) {
        idle = TimeAmount(limits.idleTimeout)
        lingering = TimeAmount(limits.lingering)
        headBy = now + min(TimeAmount(limits.firstHeadTimeout), idle)
    }

    /// Whether the last answer was given and the client has to close.
    var isClosing: Bool {
        guard case .closing = state else { return false }
        return true
    }

    /// Whether nothing is to be answered, so that closing it loses no answer.
    var isIdle: Bool {
        guard case .open = state else { return false }
        return exchanges.isEmpty
    }

    /// When to call ``deadlinePassed(now:)``; `nil` for never.
    var deadline: NIODeadline? {
        switch state {
        case .open:
            guard let first = exchanges.first else { return headBy }
            // Only the newest can be incomplete.
            guard let bodyBy = exchanges.last?.bodyBy else { return first.answerBy }
            return min(first.answerBy, bodyBy)
        case .closing(let until): return until
        case .closed: return nil
        }
    }

    // MARK: - Reading

    /// A request's head was read.
    ///
    /// - Parameters:
    ///   - deadlines: how long the request may take.
    ///   - isKeepAlive: whether another request can follow.
    ///   - isHeadOnly: whether its answer has a head only.
    ///   - isBodyHeldBack: whether the client holds the body back until it gets `100 Continue`.
    ///   - now: the time.
    /// - Returns: what is done with the head.
    mutating func headRead(
        deadlines: RequestDeadlines,
        isKeepAlive: Bool,
        isHeadOnly: Bool = false,
        isBodyHeldBack: Bool = false,
        now: NIODeadline
    ) -> ReadAction {
        guard case .open = state, !isInputOver, !isQuiescing, exchanges.last?.isLast != true else {
            isInputOver = true
            return .discard
        }
        exchanges.append(
            Exchange(
                bodyBy: now + TimeAmount(deadlines.body),
                answerBy: now + TimeAmount(deadlines.answer),
                isLast: !isKeepAlive,
                isHeadOnly: isHeadOnly,
                isBodyHeldBack: isBodyHeldBack
            )
        )
        return .forward
    }

    /// A piece of a body was read.
    func bodyRead() -> ReadAction {
        guard case .open = state, !isInputOver else { return .discard }
        return .forward
    }

    /// A request's end was read.
    mutating func endRead() -> ReadAction {
        guard case .open = state, !isInputOver, !exchanges.isEmpty else { return .discard }
        exchanges[exchanges.index(before: exchanges.endIndex)].isRead = true
        exchanges[exchanges.index(before: exchanges.endIndex)].bodyBy = nil
        return .forward
    }

    // MARK: - Writing

    /// Whether the answer that is due has a head only.
    var isHeadOnly: Bool { exchanges.first?.isHeadOnly ?? false }

    /// The handler wants the body of the request that is to be answered.
    ///
    /// - Returns: whether to send `100 Continue`; at most once, and never in the middle of an answer.
    mutating func bodyWanted() -> Bool {
        guard case .open = state, !isInputOver, isAnswerLast == nil, exchanges.count == 1,
            exchanges[exchanges.startIndex].isBodyHeldBack, !exchanges[exchanges.startIndex].isRead
        else { return false }
        exchanges[exchanges.startIndex].isBodyHeldBack = false
        return true
    }

    /// An answer's head is to be written.
    mutating func answerHead() -> WriteAction {
        guard case .open = state else { return .discard }
        // An answer without a request is the one to bytes that are not a request.
        let isLast = exchanges.first.map { $0.isLast || !$0.isRead || isLastBeforeQuiescence } ?? true
        isAnswerLast = isLast
        return isLast ? .writeAsLast : .write
    }

    /// A piece of an answer's body is to be written.
    func answerBody() -> WriteAction {
        guard case .open = state, !isHeadOnly else { return .discard }
        return .write
    }

    /// An answer's end is to be written.
    mutating func answerEnd(now: NIODeadline) -> WriteAction {
        guard case .open = state else { return .discard }
        let isLast = isAnswerLast ?? true || isLastBeforeQuiescence
        isAnswerLast = nil
        guard !isLast else {
            close(now: now)
            return .writeAndClose
        }
        exchanges.removeFirst()
        if exchanges.isEmpty { headBy = now + idle }
        return .write
    }

    private var isLastBeforeQuiescence: Bool { isQuiescing && exchanges.count == 1 }

    private mutating func close(now: NIODeadline) {
        state = .closing(until: now + lingering)
        exchanges.removeAll()
    }

    // MARK: - Time, and the end

    /// A ``deadline`` may have passed.
    mutating func deadlinePassed(now: NIODeadline) -> DeadlineAction {
        switch state {
        case .open:
            guard let first = exchanges.first else {
                guard headBy <= now else { return .nothing }
                return shut()
            }
            if first.answerBy <= now {
                // Half an answer cannot be replaced: the client does not read it.
                guard isAnswerLast == nil else { return shut() }
                close(now: now)
                return .answerInstead
            }
            guard let bodyBy = exchanges.last?.bodyBy, bodyBy <= now else { return .nothing }
            exchanges[exchanges.index(before: exchanges.endIndex)].bodyBy = nil
            isInputOver = true
            return .giveUpBody
        case .closing(let until): return until <= now ? shut() : .nothing
        case .closed: return .nothing
        }
    }

    /// The server is stopping: what was read is answered, and no more is taken.
    ///
    /// - Returns: whether to close at once, as nothing is to be answered.
    mutating func quiesce() -> Bool {
        isQuiescing = true
        guard case .open = state else { return false }
        guard let newest = exchanges.last else {
            state = .closed
            return true
        }
        // A request that is being read is read to its end; none after it.
        if newest.isRead { isInputOver = true }
        return false
    }

    /// The connection is gone.
    mutating func closed() {
        state = .closed
        exchanges.removeAll()
    }

    private mutating func shut() -> DeadlineAction {
        closed()
        return .close
    }
}
