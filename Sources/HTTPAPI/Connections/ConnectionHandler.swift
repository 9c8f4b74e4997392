import HTTPTypes
import NIOCore
import NIOHTTP1

/// Asks a ``ConnectionHandler`` to refuse its connection: there are too many.
struct RefuseConnection: Sendable {}

/// Does what the ``ConnectionStateMachine`` says, between the HTTP parser and Hummingbird.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var machine: ConnectionStateMachine
    private let deadlines: @Sendable (HTTPRequestHead) -> RequestDeadlines
    /// Told of each answer that was given in a handler's place.
    private let onOverdue: @Sendable () -> Void
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?

    /// A handler for one new connection.
    ///
    /// - Parameters:
    ///   - limits: how long what may take.
    ///   - deadlines: how long a request may take, by its head.
    ///   - onOverdue: told of each answer that was given in a handler's place.
    init(
        limits: HTTPLimits,
        deadlines: @escaping @Sendable (HTTPRequestHead) -> RequestDeadlines,
        onOverdue: @escaping @Sendable () -> Void
    ) {
        machine = ConnectionStateMachine(limits: limits, now: .now())
        self.deadlines = deadlines
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
                machine.headRead(deadlines: deadlines(head), isKeepAlive: Self.isKeepAlive(head), now: .now())
            case .body: machine.bodyRead()
            case .end: machine.endRead()
            }
        if action == .forward { context.fireChannelRead(data) }
    }

    /// Whether another request can follow.
    ///
    /// Not after an offer to speak another protocol from then on: the parser stops behind it, although nobody takes it up.
    private static func isKeepAlive(_ head: HTTPRequestHead) -> Bool {
        head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        arm(context)
        context.fireChannelReadComplete()
        // Hummingbird has stopped asking, but the client's last bytes and its closing have to be noticed.
        if machine.isClosing { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Hummingbird would close without telling so in the last answer.
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        if machine.quiesce() { context.close(promise: nil) }
    }

    // MARK: - Writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            write(machine.answerHead(), data, head: head, context: context, promise: promise)
        case .body:
            write(machine.answerBody(), data, context: context, promise: promise)
        case .end:
            write(machine.answerEnd(now: .now()), data, context: context, promise: promise)
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

    /// Closes the output once what was written has gone, and reads on until the client closes.
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
        guard event is RefuseConnection else { return context.triggerUserOutboundEvent(event, promise: promise) }
        machine.closed()
        disarm()
        write(
            .comeAgain(after: .seconds(1), "There are too many connections; please come again."),
            context: context,
            promise: promise
        )
    }

    /// Writes an answer of our own.
    private func write(_ problem: HTTPProblem, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let body = problem.body
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: problem.status.code))
        for field in problem.headers { head.headers.add(name: field.name.rawName, value: field.value) }
        head.headers.add(name: "content-type", value: "application/problem+json")
        head.headers.add(name: "content-length", value: "\(body.readableBytes)")
        head.headers.add(name: "connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    // MARK: - Time

    /// Sees to it that a timer fires at the machine's deadline, or before.
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
        switch machine.deadlinePassed(now: .now()) {
        case .nothing:
            break
        case .giveUpBody:
            context.fireErrorCaught(RequestBodyLate())
        case .answerInstead:
            write(
                .comeAgain(after: .seconds(5), "There is no answer yet; please send the request again."),
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
