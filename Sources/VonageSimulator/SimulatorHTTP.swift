import NIOCore
import NIOHTTP1

/// An answer of the simulator.
struct SimulatorResponse: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()

    /// An answer in JSON.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - json: the body.
    ///   - contentType: its media type.
    init(status: Int, json: [UInt8], contentType: String = "application/json") {
        self.status = status
        headers = [("Content-Type", contentType)]
        body = ByteBuffer(bytes: json)
    }

    /// An answer of any kind.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - headers: the headers besides the length.
    ///   - body: the body.
    init(status: Int, headers: [(name: String, value: String)] = [], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = ByteBuffer(string: body)
    }
}

/// What the simulator does about a request: not every one gets an answer.
enum SimulatorAction: Sendable {
    /// Answers, after a while.
    case answer(SimulatorResponse, after: Duration)
    /// Closes the connection.
    case close
    /// Holds the connection until the client lets go.
    case hang
}

/// Writes a whole answer as its parts.
final class SimulatorResponseWriter: ChannelOutboundHandler {
    typealias OutboundIn = SimulatorResponse
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let response = unwrapOutboundIn(data)
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status))
        for header in response.headers { head.headers.add(name: header.name, value: header.value) }
        if response.status != 204 {
            head.headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.readableBytes)")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if response.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }
}
