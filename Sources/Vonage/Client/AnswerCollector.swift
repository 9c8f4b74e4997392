import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Puts an answer together from the parts in which it comes; the deadline of its request is that of the whole answer.
final class AnswerCollector: HTTPClientResponseDelegate {
    private struct State {
        var head: HTTPResponseHead?
        var body: [UInt8] = []
    }

    private struct BodyIsTooLong: Error {}

    private let longestBody: Int
    private let state = Mutex(State())

    /// For one answer, whose body has at most so many bytes.
    init(longestBody: Int) {
        self.longestBody = longestBody
    }

    /// The answer whose body did not come whole; nil when no head came.
    var cut: VonageResponse? { state.withLock { state in state.head.map { VonageResponse($0, body: nil) } } }

    func didReceiveHead(task: HTTPClient.Task<VonageResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { $0.head = head }
        let announced = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        return goOn(task, announced <= longestBody)
    }

    func didReceiveBodyPart(task: HTTPClient.Task<VonageResponse>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let isWithinLimit = state.withLock { state in
            state.body += part.readableBytesView
            return state.body.count <= longestBody
        }
        return goOn(task, isWithinLimit)
    }

    func didFinishRequest(task: HTTPClient.Task<VonageResponse>) throws -> VonageResponse {
        try state.withLock { state in
            // The library finishes no request without a head.
            guard let head = state.head else { throw HTTPClientError.remoteConnectionClosed }
            return VonageResponse(head, body: state.body)
        }
    }

    private func goOn(_ task: HTTPClient.Task<VonageResponse>, _ isWithinLimit: Bool) -> EventLoopFuture<Void> {
        isWithinLimit
            ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(BodyIsTooLong())
    }
}

extension VonageResponse {
    fileprivate init(_ head: HTTPResponseHead, body: [UInt8]?) {
        self.init(
            status: Int(head.status.code),
            requestID: head.headers.first(name: "X-Request-Id"),
            retryAfter: head.headers.first(name: "Retry-After"),
            body: body,
            date: head.headers.first(name: "Date")
        )
    }
}
