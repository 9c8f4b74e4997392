import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// The paths of one port and who handles them.
///
/// What has no handler is answered 404, a known path with another method 405.
struct RouteTable {
    /// Handles a request; may throw ``HTTPProblem``.
    typealias Handler = @Sendable (Request, ConnectionContext) async throws -> Response

    fileprivate struct Route {
        let path: RouterPath
        let handlers: [HTTPRequest.Method: Handler]
        /// Nil for those of every request.
        let deadlines: RequestDeadlines?
    }

    private var routes: [Route] = []

    /// Adds a path.
    ///
    /// - Parameters:
    ///   - path: the path, as OpenAPI and Hummingbird write it: `/messages/{id}`.
    ///   - handlers: who handles which method; every other method is answered 405.
    ///   - deadlines: how long its requests may take; nil for as long as every other.
    mutating func on(
        _ path: RouterPath,
        _ handlers: [HTTPRequest.Method: Handler],
        deadlines: RequestDeadlines? = nil
    ) {
        routes.append(Route(path: path, handlers: handlers, deadlines: deadlines))
    }

    /// The paths and their methods, for whoever compares them with something.
    var listing: [String: Set<String>] {
        Dictionary(routes.map { ($0.path.description, Set($0.handlers.keys.map(\.rawValue))) }) { $0.union($1) }
    }

    /// How long a request may take.
    ///
    /// - Parameters:
    ///   - target: the request's target, as it stands in its first line.
    ///   - otherwise: the deadlines of paths without their own.
    /// - Returns: the deadlines of the path that the target leads to.
    func deadlines(of target: String, otherwise: RequestDeadlines) -> RequestDeadlines {
        let path = target.prefix { $0 != "?" }
        return routes.first { $0.deadlines != nil && $0.matches(path) }?.deadlines ?? otherwise
    }

    /// The table as Hummingbird's responder.
    ///
    /// - Parameter logger: for errors that nobody foresaw.
    /// - Returns: the responder.
    func responder(logger: Logger) -> RouterResponder<ConnectionContext> {
        let refusals = Router(context: ConnectionContext.self)
        for route in routes {
            let allowed = route.handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
            refusals.on(route.path, method: .get) { _, _ in
                HTTPProblem(.methodNotAllowed, "This method is not allowed here.", headers: [.allow: allowed]).response
            }
        }
        let router = Router(context: ConnectionContext.self)
        router.add(
            middleware: ProblemMiddleware(
                refusals: refusals.buildResponder(),
                refused: RefusedRequestLog(logger: logger),
                logger: logger
            )
        )
        for route in routes {
            for (method, handler) in route.handlers { router.on(route.path, method: method, use: handler) }
        }
        return router.buildResponder()
    }
}

extension RouteTable.Route {
    /// Whether a path is this route's, judged by what stands before the first variable.
    fileprivate func matches(_ path: Substring) -> Bool {
        let pattern = self.path.description
        guard let variable = pattern.firstIndex(of: "{") else { return path == pattern }
        return path.hasPrefix(pattern[..<variable])
    }
}

/// Makes a problem document of every error, and sees to it that a request which no handler saw leaves its line.
private struct ProblemMiddleware: RouterMiddleware {
    /// Answers 405 on every known path.
    let refusals: RouterResponder<ConnectionContext>
    let refused: RefusedRequestLog
    let logger: Logger

    func handle(
        _ request: Request,
        context: ConnectionContext,
        next: @concurrent (Request, ConnectionContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as HTTPProblem {
            refused.note(request, problem.status)
            return problem.response
        } catch let error as HTTPParserError {
            // Hummingbird answers it with 400 and ends the connection.
            refused.note(request, .badRequest)
            throw error
        } catch let error as HTTPError where error.status == .notFound {
            return try await notFound(request, context)
        } catch {
            logger.error("a request failed", metadata: [HTTPLogKey.error: "\(type(of: error))"])
            return HTTPProblem(.internalServerError, "The request failed for a reason of ours.").response
        }
    }

    private func notFound(_ request: Request, _ context: ConnectionContext) async throws -> Response {
        var head = request.head
        head.method = .get
        var refusal = try await refusals.respond(to: Request(head: head, body: request.body), context: context)
        if refusal.status != .methodNotAllowed {
            refusal = HTTPProblem(.notFound, "There is nothing at this address.").response
        }
        refused.note(request, refusal.status)
        return refusal
    }
}
