import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server with control over its connections: a fault may close one in the middle, or hold it for ever.
final class SimulatorServer: Sendable {
    private let listener: any Channel
    private let connections: OpenConnections
    private let requests: AsyncStream<SimulatorExchange>
    private let feed: AsyncStream<SimulatorExchange>.Continuation
    private let logger: Logger

    /// The port that it listens on.
    let port: Int

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - host: the address.
    ///   - port: the port; 0 for any.
    ///   - logger: for connections that broke.
    /// - Throws: the system's error when the address cannot be bound.
    init(host: String, port: Int, logger: Logger) async throws {
        let connections = OpenConnections()
        // No more than one request of each connection is in the stream at a time.
        let (requests, feed) = AsyncStream.makeStream(of: SimulatorExchange.self)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // The assistance keeps a second request of a connection back until the first has been answered.
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
                    try pipeline.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: 16 << 20))
                    try pipeline.addHandler(SimulatorConnectionHandler(feed: feed, logger: logger))
                }
            }
            .bind(host: host, port: port).get()
        guard let bound = listener.localAddress?.port else {
            throw SimulatorError("The simulator's port is not known.")
        }
        self.port = bound
        self.connections = connections
        self.requests = requests
        self.feed = feed
        self.logger = logger
    }

    deinit {
        // A server that never ran does not keep the port.
        listener.close(promise: nil)
        connections.closeAll()
    }

    /// Serves until the task is cancelled, then closes all connections.
    ///
    /// - Parameter respond: what to do about a request.
    func run(_ respond: @escaping @Sendable (NIOHTTPServerRequestFull) async -> SimulatorAction) async {
        await withDiscardingTaskGroup { group in
            for await exchange in requests {
                group.addTask {
                    switch await respond(exchange.request) {
                    case .answer(let response, let delay):
                        if delay > .zero { try? await Task.sleep(for: delay) }
                        exchange.answer(response)
                    case .close:
                        exchange.close()
                    case .hang:
                        // Nothing more is done: the connection stays until the client, or the end, closes it.
                        break
                    case .stream(let head, let body):
                        await exchange.stream(head, body)
                    }
                }
            }
            group.cancelAll()
        }
        try? await listener.close()
        connections.closeAll()
    }
}

/// One request and the connection that it came over.
struct SimulatorExchange: Sendable {
    /// The request.
    let request: NIOHTTPServerRequestFull
    private let channel: any Channel

    init(_ request: NIOHTTPServerRequestFull, _ channel: any Channel) {
        self.request = request
        self.channel = channel
    }

    /// Answers; a connection that has gone meanwhile is ignored.
    ///
    /// - Parameter response: the answer.
    func answer(_ response: SimulatorResponse) {
        let isLast = !request.head.isKeepAlive
        channel.writeAndFlush(SimulatorWrite.whole(response)).whenComplete { _ in
            if isLast { channel.close(promise: nil) }
        }
    }

    /// Answers with a body of unknown length, and closes the connection after it.
    ///
    /// - Parameters:
    ///   - head: the status and the headers.
    ///   - body: writes the body; a cancelled task and a client that has gone make its writes fail.
    func stream(_ head: SimulatorResponse, _ body: @Sendable (SimulatorStreamWriter) async -> Void) async {
        await withTaskCancellationHandler {
            channel.writeAndFlush(SimulatorWrite.head(head), promise: nil)
            await body(SimulatorStreamWriter(channel))
        } onCancel: {
            // A write to a client that does not read ends by nothing else.
            channel.close(promise: nil)
        }
        channel.close(promise: nil)
    }

    /// Closes the connection without an answer.
    func close() { channel.close(promise: nil) }
}

/// What is written to a connection.
enum SimulatorWrite: Sendable {
    /// An answer.
    case whole(SimulatorResponse)
    /// The status and the headers of an answer whose length is not known.
    case head(SimulatorResponse)
    /// Some of its body.
    case part(ByteBuffer)
}

/// Writes a body of unknown length.
struct SimulatorStreamWriter: Sendable {
    private let channel: any Channel

    fileprivate init(_ channel: any Channel) { self.channel = channel }

    /// Writes some of the body, and waits until the system has taken it: no more than one part is ever under way.
    ///
    /// - Parameter part: what to write.
    /// - Returns: whether it was taken; `false` when the connection is gone.
    func write(_ part: String) async -> Bool {
        (try? await channel.writeAndFlush(SimulatorWrite.part(ByteBuffer(string: part)))) != nil
    }

    /// Has something done when the connection is gone; at once if it is already.
    ///
    /// - Parameter body: what to do.
    func whenClosed(_ body: @escaping @Sendable () -> Void) { channel.closeFuture.whenComplete { _ in body() } }
}

/// Hands on a connection's requests, and writes the answers.
private final class SimulatorConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = NIOHTTPServerRequestFull
    typealias OutboundIn = SimulatorWrite
    typealias OutboundOut = HTTPServerResponsePart

    private let feed: AsyncStream<SimulatorExchange>.Continuation
    private let logger: Logger

    init(feed: AsyncStream<SimulatorExchange>.Continuation, logger: Logger) {
        self.feed = feed
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        feed.yield(SimulatorExchange(unwrapInboundIn(data), context.channel))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that breaks its connection is what this simulator is there for.
        logger.debug("A connection broke", metadata: ["simulator.cause": "\(error)"])
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .whole(let response):
            var head = Self.head(response)
            if response.status != 204 {
                head.headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.readableBytes)")
            }
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if response.body.readableBytes > 0 {
                context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
            }
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
        case .head(let response):
            context.write(wrapOutboundOut(.head(Self.head(response))), promise: promise)
        case .part(let part):
            context.write(wrapOutboundOut(.body(.byteBuffer(part))), promise: promise)
        }
    }

    private static func head(_ response: SimulatorResponse) -> HTTPResponseHead {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status))
        head.headers.add(name: "Date", value: HTTPDateText.of(Date()))
        for header in response.headers { head.headers.add(name: header.name, value: header.value) }
        return head
    }
}

/// The connections that are open, to close them at the end.
private final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Notes a connection until it is closed; closes one that comes after the end.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isLate = state.withLock { state in
            if !state.isClosed { state.channels[id] = channel }
            return state.isClosed
        }
        guard !isLate else {
            channel.close(promise: nil)
            return
        }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.channels[id] = nil } }
    }

    /// Closes all connections, and those still to come.
    func closeAll() {
        let channels = state.withLock { state in
            state.isClosed = true
            return state.channels.values
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
