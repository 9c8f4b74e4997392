import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One POST over async-http-client that answers the one important question: was the body written.
struct VonageTransport: Sendable {
    /// The result of one POST.
    enum Result: Sendable {
        /// A head came, and its body as far as it came.
        case answered(VonageResponse)
        /// Nothing was written.
        case notWritten(cause: String)
        /// The body was written and no head came.
        case noAnswer(cause: String)
    }

    /// The longest body that is read, in bytes: problem documents have a few hundred.
    static let longestBody = 64 * 1_024

    private let client: HTTPClient
    private let url: String
    private let userAgent: String

    /// Creates a transport.
    ///
    /// It owns connections: call `shutdown` at the end.
    ///
    /// - Parameter configuration: the address and the limits.
    init(_ configuration: VonageClientConfiguration) {
        var http = HTTPClient.Configuration()
        http.httpVersion = .http1Only
        // A followed redirect would be a second request; and a 3xx is a wrong address, which an operator has to
        // correct.
        http.redirectConfiguration = .disallow
        http.timeout = .init(connect: TimeAmount(configuration.connectTimeout), read: nil)
        http.connectionPool.idleTimeout = TimeAmount(configuration.idleTimeout)
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(configuration.concurrency, 1)
        // A refused connection is reported at once; the sender of the request decides when to try again.
        http.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: http)
        url = String(configuration.apiURL.reversed().drop { $0 == "/" }.reversed()) + "/v1/messages"
        userAgent = configuration.userAgent
    }

    /// Makes one request.
    ///
    /// No error is interpreted: its name differs by version and says nothing reliable about the body. The gate does.
    ///
    /// - Parameters:
    ///   - body: the JSON to post.
    ///   - authorization: the `Authorization` header.
    ///   - deadline: when the whole exchange ends.
    /// - Returns: what came; a cancelled task counts as a connection that broke.
    func post(_ body: ByteBuffer, authorization: String, deadline: ContinuousClock.Instant) async -> Result {
        let gate = RequestBodyGate(body)
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = [
            "Authorization": authorization,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": userAgent,
        ]
        request.body = .stream(gate, length: .known(Int64(body.readableBytes)))
        let head: HTTPClientResponse
        do {
            head = try await client.execute(request, timeout: TimeAmount(ContinuousClock.now.duration(to: deadline)))
        } catch {
            let cause = String(String(describing: error).prefix(200))
            return gate.close() ? .noAnswer(cause: cause) : .notWritten(cause: cause)
        }
        return .answered(
            VonageResponse(
                status: Int(head.status.code),
                requestID: head.headers.first(name: "X-Request-Id"),
                retryAfter: head.headers.first(name: "Retry-After"),
                body: await Self.collect(head, until: deadline),
                date: head.headers.first(name: "Date")
            )
        )
    }

    /// Closes the connections.
    ///
    /// Requests under way fail.
    func shutdown() async {
        try? await client.shutdown()
    }

    /// Reads a whole body, for async-http-client's own deadline ends with the head.
    private static func collect(_ head: HTTPClientResponse, until deadline: ContinuousClock.Instant) async -> [UInt8]? {
        if let announced = head.headers.first(name: "Content-Length").flatMap({ Int($0) }) {
            guard announced <= longestBody else { return nil }
            guard announced > 0 else { return [] }
        }
        let body = head.body
        return await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                do {
                    for try await part in body {
                        guard bytes.count + part.readableBytes <= longestBody else { return nil }
                        bytes.append(contentsOf: part.readableBytesView)
                    }
                    return bytes
                } catch {
                    return nil
                }
            }
            group.addTask {
                try? await ContinuousClock().sleep(until: deadline)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
