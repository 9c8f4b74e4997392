import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on this host that notes what is posted to it and answers as it is asked to.
final class TestCollector: Sendable {
    struct Post: Hashable, Sendable {
        var path: String
        var headers: [String: String]
        var body: String
    }

    private let state: Mutex<(posts: [Post], statuses: [Int])>
    private let port = Mutex(0)

    /// Where it listens.
    var url: String { "http://127.0.0.1:\(port.withLock { $0 })" }

    /// What came so far.
    var posts: [Post] { state.withLock { $0.posts } }

    private init(_ statuses: [Int]) {
        state = Mutex(([], statuses))
    }

    /// Runs a body with a collector that answers these status codes in turn, the last one for good.
    static func with(_ statuses: [Int] = [200], _ body: (TestCollector) async throws -> Void) async throws {
        let collector = TestCollector(statuses)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(collector.note))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        collector.port.withLock { $0 = channel.localAddress?.port ?? 0 }
        do {
            try await body(collector)
        } catch {
            try? await channel.close()
            throw error
        }
        try await channel.close()
    }

    private func note(_ post: Post) -> Int {
        state.withLock { state in
            state.posts.append(post)
            return state.statuses.count > 1 ? state.statuses.removeFirst() : state.statuses[0]
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Post) -> Int
        private var post = Post(path: "", headers: [:], body: "")

        init(_ answer: @escaping @Sendable (Post) -> Int) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let fields = head.headers.map { ($0.name.lowercased(), $0.value) }
                post = Post(path: head.uri, headers: Dictionary(fields) { $1 }, body: "")
            case .body(let part):
                post.body += String(buffer: part)
            case .end:
                let status = HTTPResponseStatus(statusCode: answer(post))
                let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
