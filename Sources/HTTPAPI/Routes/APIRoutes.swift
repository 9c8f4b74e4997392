import Bridge
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Adds paths to a table that only callers with access can use.
///
/// Each request is checked before anything of its body is read: access first, then, on paths that send, the rate.
struct APIRoutes: Sendable {
    /// Handles a request of a caller with access; may throw ``HTTPProblem``.
    typealias Handler = @Sendable (Request, ConnectionContext) async throws -> Response

    /// What kind of path it is.
    enum Kind: Sendable {
        /// Answered at once, without a limit.
        case prompt
        /// Sends and waits: limited in number, and with more time for the answer.
        case sending
        /// With more time for the answer, and no limit.
        case patient
        /// Answered piece by piece, for minutes.
        case following
    }

    let limits: HTTPLimits
    private let access: AccessCheck
    private let limiter: RateLimiter
    private let logger: Logger

    /// Paths under the rate that is configured.
    ///
    /// - Parameters:
    ///   - configuration: rate and limits.
    ///   - access: decides who is served.
    ///   - logger: for one line for each request that changes something.
    init(_ configuration: HTTPServerConfiguration, access: AccessCheck, logger: Logger) {
        limits = configuration.limits
        self.access = access
        limiter = RateLimiter(configuration.apiRate)
        self.logger = logger
    }

    /// Adds a path.
    func add(
        _ path: RouterPath,
        _ kind: Kind = .prompt,
        to routes: inout RouteTable,
        _ handlers: [HTTPRequest.Method: Handler]
    ) {
        let deadlines =
            switch kind {
            case .prompt: limits.apiDeadlines
            case .sending, .patient: limits.waitingDeadlines
            case .following: limits.followingDeadlines
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
        let caller = try access.caller(of: request, context)
        let response =
            switch kind {
            case .prompt, .patient, .following: try await handle(request, context, handler)
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

    private func limited(
        _ request: Request,
        _ context: ConnectionContext,
        _ caller: APIAccess.Caller,
        _ handler: Handler
    ) async throws -> Response {
        guard let standing = limiter.take(caller) else { return try await handle(request, context, handler) }
        var response =
            standing.isOver
            ? HTTPProblem(.tooManyRequests, "There were \(standing.limit) requests; please try again later.").response
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
