import HTTPTypes
import NIOCore
import NIOHTTP1

/// Asks a ``ConnectionHandler`` to refuse its connection: there are too many.
struct RefuseConnection: Sendable {}

/// Notifies a ``ConnectionHandler`` that the body of the request being answered is about to be read.
struct BodyWanted: Sendable {}

/// Carries out what the ``ConnectionStateMachine`` decides, between the HTTP parser and Hummingbird.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var machine: ConnectionStateMachine
    private let deadlines: @Sendable (HTTPRequestHead) -> RequestDeadlines
    /// Called when the connection becomes idle, and when it no longer is.
    private let onIdle: @Sendable (_ isIdle: Bool) -> Void
    private var wasIdle = true
    /// Called for each answer that was given in a handler's place.
    private let onOverdue: @Sendable () -> Void
    /// Whether the input is not HTTP: the parser reads no further.
    private var isMalformed = false
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?

    /// A handler for one new connection.
    ///
    /// - Parameters:
    ///   - limits: how long each step may take.
    ///   - deadlines: how long a request may take, by its head.
    ///   - onIdle: called when the connection becomes idle, as it is at first, and when it no longer is.
    ///   - onOverdue: called for each answer that was given in a handler's place.
    init(
        limits: HTTPLimits,
        deadlines: @escaping @Sendable (HTTPRequestHead) -> RequestDeadlines,
        onIdle: @escaping @Sendable (_ isIdle: Bool) -> Void,
        onOverdue: @escaping @Sendable () -> Void
    ) {
        machine = ConnectionStateMachine(limits: limits, now: .now())
        self.deadlines = deadlines
        self.onIdle = onIdle
        self.onOverdue = onOverdue
    }

    func channelActive(context: ChannelHandlerContext) {
        arm(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        machine.closed()
        disarm()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        disarm()
    }

    // MARK: - Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let action =
            switch unwrapInboundIn(data) {
            case .head(let head):
                machine.headRead(
                    deadlines: deadlines(head),
                    isKeepAlive: Self.isKeepAlive(head),
                    isHeadOnly: head.method == .HEAD,
                    isBodyHeldBack: Self.isBodyHeldBack(head),
                    now: .now()
                )
            case .body: machine.bodyRead()
            case .end: machine.endRead()
            }
        notifyIdle()
        if action == .forward { context.fireChannelRead(data) }
    }

    private func notifyIdle() {
        guard machine.isIdle != wasIdle else { return }
        wasIdle.toggle()
        onIdle(wasIdle)
    }

    /// Whether another request can follow.
    ///
    /// Not after an offer to change the protocol: the parser stops behind it, although the offer is not accepted.
    private static func isKeepAlive(_ head: HTTPRequestHead) -> Bool {
        head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
    }

    /// Whether the client waits for `100 Continue` (RFC 9110 section 10.1.1).
    private static func isBodyHeldBack(_ head: HTTPRequestHead) -> Bool {
        head.version != .http1_0
            && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError { isMalformed = true }
        context.fireErrorCaught(error)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        arm(context)
        context.fireChannelReadComplete()
        // Hummingbird has stopped asking, but the client's last bytes and its closing have to be noticed.
        if machine.isClosing { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Hummingbird would close without announcing it in the last answer.
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        if machine.quiesce() { context.close(promise: nil) }
    }

    // MARK: - Writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where isMalformed && Self.isBare(head):
            writeMalformed(machine.answerHead(), head, context: context, promise: promise)
        case .head(let head):
            write(machine.answerHead(), data, head: head, context: context, promise: promise)
        case .body:
            write(machine.answerBody(), data, context: context, promise: promise)
        case .end:
            write(machine.answerEnd(now: .now()), data, context: context, promise: promise)
            notifyIdle()
        }
    }

    private func write(
        _ action: ConnectionStateMachine.WriteAction,
        _ data: NIOAny,
        head: HTTPResponseHead? = nil,
        context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>?
    ) {
        switch action {
        case .write:
            context.write(data, promise: promise)
        case .writeAsLast:
            guard var head else { return context.write(data, promise: promise) }
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .writeAndClose:
            context.write(data, promise: promise)
            closeOutput(context)
        case .discard:
            promise?.succeed()
        }
    }

    /// Whether an answer is Hummingbird's for input that is not HTTP; all others have a body.
    private static func isBare(_ head: HTTPResponseHead) -> Bool {
        head.status == .badRequest && head.headers["content-length"] == ["0"]
    }

    /// Writes the answer to input that is not HTTP as a problem document; its end is still to come.
    private func writeMalformed(
        _ action: ConnectionStateMachine.WriteAction,
        _ head: HTTPResponseHead,
        context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>?
    ) {
        guard action != .discard else {
            promise?.succeed()
            return
        }
        let body = HTTPProblem(.badRequest, "This is not a well-formed HTTP request.").body
        var head = head
        head.headers.replaceOrAdd(name: "connection", value: "close")
        head.headers.replaceOrAdd(name: "content-type", value: "application/problem+json")
        head.headers.replaceOrAdd(name: "content-length", value: "\(body.readableBytes)")
        context.write(wrapOutboundOut(.head(head)), promise: promise)
        if !machine.isHeadOnly { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    }

    /// Closes the output once all that was written is sent, and reads on until the client closes.
    ///
    /// Not before this turn of the loop is over, for the writer above is still in the middle of it.
    private func closeOutput(_ context: ChannelHandlerContext) {
        arm(context)
        context.eventLoop.assumeIsolated().execute {
            context.flush()
            context.close(mode: .output, promise: nil)
            context.read()
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is BodyWanted {
            if machine.bodyWanted() {
                let head = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            }
            promise?.succeed()
            return
        }
        guard event is RefuseConnection else { return context.triggerUserOutboundEvent(event, promise: promise) }
        machine.closed()
        disarm()
        write(
            .comeAgain(after: .seconds(1), "There are too many connections; please try again."),
            context: context,
            promise: promise
        )
    }

    /// Writes an answer of the connection's own; with `isHeadOnly` its head alone.
    private func write(
        _ problem: HTTPProblem,
        isHeadOnly: Bool = false,
        context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>?
    ) {
        let body = problem.body
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: problem.status.code))
        for field in problem.headers { head.headers.add(name: field.name.rawName, value: field.value) }
        head.headers.add(name: "content-type", value: "application/problem+json")
        head.headers.add(name: "content-length", value: "\(body.readableBytes)")
        head.headers.add(name: "connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHeadOnly { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    // MARK: - Time

    /// Makes sure that a timer fires at the machine's deadline, or before.
    ///
    /// A timer that fires too early is armed again, so that most requests need none of their own: cancelling one costs
    /// a search through all timers of the loop.
    private func arm(_ context: ChannelHandlerContext) {
        guard let deadline = machine.deadline else { return }
        if let timer {
            guard deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            self.timerFired(context)
        }
        timer = (deadline, task)
    }

    private func disarm() {
        timer?.task.cancel()
        timer = nil
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        // Of the request that is to be answered; afterwards it is forgotten.
        let isHeadOnly = machine.isHeadOnly
        switch machine.deadlinePassed(now: .now()) {
        case .nothing:
            break
        case .giveUpBody:
            context.fireErrorCaught(RequestBodyLate())
        case .answerInstead:
            write(
                .comeAgain(
                    after: .seconds(5),
                    "There is no answer yet, and the work goes on. A request to send is repeated safely only with its "
                        + "Idempotency-Key or id."
                ),
                isHeadOnly: isHeadOnly,
                context: context,
                promise: nil
            )
            closeOutput(context)
            onOverdue()
        case .close:
            context.close(promise: nil)
        }
        arm(context)
    }
}
