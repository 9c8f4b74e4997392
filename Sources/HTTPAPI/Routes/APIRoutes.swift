import Bridge
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Adds those paths to a table that only callers with access get to.
///
/// Each request is looked at before anything of its body is read: access first, then, on paths that send, the rate.
struct APIRoutes: Sendable {
    /// Handles a request of somebody who may; may throw ``HTTPProblem``.
    typealias Handler = @Sendable (Request, ConnectionContext) async throws -> Response

    /// What kind of path it is.
    enum Kind: Sendable {
        /// Answered at once, as often as anybody likes.
        case prompt
        /// Sends and waits: limited in number, and with more time for the answer.
        case sending
    }

    let limits: HTTPLimits
    private let access: APIAccess
    private let wrongKeys: WrongKeys
    private let limiter: RateLimiter
    private let logger: Logger

    /// Paths under the access and the rate that are configured.
    ///
    /// - Parameters:
    ///   - configuration: keys, rate and limits.
    ///   - logger: for one line for each request that changes something.
    init(_ configuration: HTTPServerConfiguration, logger: Logger) {
        limits = configuration.limits
        access = APIAccess(keys: configuration.apiKeys)
        wrongKeys = WrongKeys(trustedProxies: configuration.trustedProxies)
        limiter = RateLimiter(configuration.apiRate)
        self.logger = logger
    }

    /// Adds a path.
    ///
    /// - Parameters:
    ///   - path: the path, as ``RouteTable`` takes it.
    ///   - kind: whether it sends.
    ///   - routes: where to add it.
    ///   - handlers: who handles which method.
    func add(
        _ path: RouterPath,
        _ kind: Kind = .prompt,
        to routes: inout RouteTable,
        _ handlers: [HTTPRequest.Method: Handler]
    ) {
        let deadlines =
            switch kind {
            case .prompt: limits.apiDeadlines
            case .sending: limits.waitingDeadlines
            }
        let guarded = handlers.map { method, handler in
            let guarded: RouteTable.Handler = { request, context in
                try await answer(request, context, path, kind, handler)
            }
            return (method, guarded)
        }
        routes.on(path, Dictionary(uniqueKeysWithValues: guarded), deadlines: deadlines)
    }

    private func answer(
        _ request: Request,
        _ context: ConnectionContext,
        _ path: RouterPath,
        _ kind: Kind,
        _ handler: Handler
    ) async throws -> Response {
        let start = ContinuousClock.now
        let caller = try caller(of: request, context)
        let response =
            switch kind {
            case .prompt: try await handle(request, context, handler)
            case .sending: try await limited(request, context, caller, handler)
            }
        logger.log(
            level: [.get, .head].contains(request.method) ? .debug : .info,
            "a request was answered",
            metadata: [
                HTTPLogKey.method: "\(request.method.rawValue)",
                HTTPLogKey.route: "\(path)",
                HTTPLogKey.status: .stringConvertible(response.status.code),
                HTTPLogKey.caller: "\(caller.name)",
                HTTPLogKey.durationMS: .stringConvertible(Int((ContinuousClock.now - start) / .milliseconds(1))),
            ]
        )
        return response
    }

    private func caller(of request: Request, _ context: ConnectionContext) throws(HTTPProblem) -> APIAccess.Caller {
        let source = wrongKeys.source(of: request.head, from: context.peerAddress)
        // Before the key is looked at, or the answer would tell whether it is right.
        if access.hasKeys, request.headers[.authorization] != nil, let wait = wrongKeys.wait(of: source) {
            BridgeMetrics.countWrongAPIKey("slowed")
            throw HTTPProblem(
                .tooManyRequests,
                "There were too many wrong API keys from this address; please come again later.",
                headers: [.retryAfter: "\(wait.wholeSeconds)"]
            )
        }
        switch access.verdict(on: request.head, from: context.peerAddress) {
        case .admitted(let caller):
            return caller
        case .unauthorized(let isKeyMissing):
            if !isKeyMissing {
                wrongKeys.note(from: source)
                BridgeMetrics.countWrongAPIKey("refused")
            }
            throw HTTPProblem(
                .unauthorized,
                isKeyMissing ? "This needs an API key: Authorization: Bearer <key>." : "This API key is not known.",
                headers: [
                    .wwwAuthenticate: "Bearer realm=\"sms-bridge\"" + (isKeyMissing ? "" : ", error=\"invalid_token\"")
                ]
            )
        case .forbidden:
            throw HTTPProblem(
                .forbidden,
                "Without API_KEYS this is served only to clients that connect directly from the same host."
            )
        }
    }

    private func limited(
        _ request: Request,
        _ context: ConnectionContext,
        _ caller: APIAccess.Caller,
        _ handler: Handler
    ) async throws -> Response {
        guard let standing = limiter.take(caller) else { return try await handle(request, context, handler) }
        var response =
            standing.isOver
            ? HTTPProblem(.tooManyRequests, "There were \(standing.limit) requests; please come again later.").response
            : try await handle(request, context, handler)
        response.headers.append(contentsOf: standing.headers)
        return response
    }

    /// The handler's answer, also where it is a problem.
    private func handle(
        _ request: Request,
        _ context: ConnectionContext,
        _ handler: Handler
    ) async throws -> Response {
        do {
            return try await handler(request, context)
        } catch let problem as HTTPProblem {
            return problem.response
        } catch let error as HTTPParserError {
            throw error
        } catch is NotServing {
            return HTTPProblem.comeAgain(after: .seconds(5), "This process stands by for another one.").response
        } catch {
            logger.error("a request failed", metadata: [HTTPLogKey.error: "\(type(of: error))"])
            return HTTPProblem.comeAgain(after: .seconds(5), "The request cannot be served now.").response
        }
    }
}
