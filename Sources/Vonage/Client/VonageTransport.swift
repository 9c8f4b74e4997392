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
    /// Each request but for its authorization and its body.
    private let template: HTTPClient.Request

    /// Creates a transport.
    ///
    /// It owns connections: call `shutdown` at the end.
    ///
    /// - Parameter configuration: the address and the limits.
    /// - Throws: async-http-client's error for an address that is not a URL of HTTP.
    init(_ configuration: VonageClientConfiguration) throws {
        template = try HTTPClient.Request(
            url: VonageAPI.address(of: "/v1/messages", at: configuration.apiURL),
            method: .POST,
            headers: [
                "Content-Type": "application/json", "Accept": "application/json",
                "User-Agent": configuration.userAgent,
            ]
        )
        client = .vonage(connectTimeout: configuration.connectTimeout) { http in
            http.connectionPool.idleTimeout = TimeAmount(configuration.idleTimeout)
            http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(configuration.concurrency, 1)
            // A refused connection is reported at once; the sender of the request decides when to try again.
            http.connectionPool.retryConnectionEstablishment = false
        }
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
        var request = template
        request.headers.add(name: "Authorization", value: authorization)
        request.body = .stream(contentLength: Int64(body.readableBytes)) { writer in
            guard let body = gate.take() else {
                return HTTPClient.defaultEventLoopGroup.any().makeFailedFuture(CancellationError())
            }
            return writer.write(.byteBuffer(body))
        }
        let answer = AnswerCollector(longestBody: Self.longestBody)
        do {
            let limit = ContinuousClock.now.duration(to: deadline)
            return .answered(try await client.answer(to: request, answer, within: limit))
        } catch {
            let wasTaken = gate.close()
            if let cut = answer.cut { return .answered(cut) }
            let cause = VonageAPI.cause(error)
            return wasTaken ? .noAnswer(cause: cause) : .notWritten(cause: cause)
        }
    }

    /// Closes the connections.
    ///
    /// Requests under way fail.
    func shutdown() async {
        try? await client.shutdown()
    }
}
