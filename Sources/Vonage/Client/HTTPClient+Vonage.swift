import AsyncHTTPClient
import FoundationEssentials
import NIOCore

/// What requests to each of Vonage's APIs have in common.
extension HTTPClient {
    /// A client whose requests stay where they are sent; `shutdown` has to be called at the end.
    ///
    /// - Parameters:
    ///   - connectTimeout: how long a connection may take.
    ///   - adjust: what the API's client needs besides.
    /// - Returns: the client.
    static func vonage(
        connectTimeout: Duration,
        _ adjust: (inout Configuration) -> Void = { _ in }
    ) -> HTTPClient {
        var http = Configuration()
        http.httpVersion = .http1Only
        // A followed redirect would be a second request; and a 3xx is a wrong address, which an operator has to
        // correct.
        http.redirectConfiguration = .disallow
        http.timeout = .init(connect: TimeAmount(connectTimeout), read: nil)
        adjust(&http)
        return HTTPClient(eventLoopGroup: defaultEventLoopGroup, configuration: http)
    }

    /// Makes one request.
    ///
    /// - Parameters:
    ///   - request: what is sent.
    ///   - collector: puts its answer together.
    ///   - limit: how long the whole exchange may take.
    /// - Returns: the answer, whole.
    /// - Throws: async-http-client's error; a cancelled task ends the exchange.
    func answer(
        to request: Request,
        _ collector: AnswerCollector,
        within limit: Duration
    ) async throws -> VonageResponse {
        let exchange = execute(request: request, delegate: collector, deadline: .now() + TimeAmount(limit))
        return try await withTaskCancellationHandler {
            try await exchange.futureResult.get()
        } onCancel: {
            exchange.cancel()
        }
    }
}

/// How Vonage's APIs are addressed.
enum VonageAPI {
    /// The address of a path.
    ///
    /// - Parameters:
    ///   - path: from its slash on.
    ///   - url: scheme, host and port; slashes at its end do not count.
    /// - Returns: the whole address.
    static func address(of path: String, at url: String) -> String {
        String(url.reversed().drop { $0 == "/" }.reversed()) + path
    }

    /// The `Authorization` header of an account (RFC 7617).
    static func basic(_ apiKey: String, _ apiSecret: String) -> String {
        "Basic " + Data("\(apiKey):\(apiSecret)".utf8).base64EncodedString()
    }

    /// What is known of an error of the library; its words differ by version, and may be long.
    static func cause(_ error: any Error) -> String { String(String(describing: error).prefix(200)) }
}
