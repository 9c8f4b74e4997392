import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// The paths of one port and who handles them.
///
/// What has no handler is answered 404, a known path with another method 405. `HEAD` works wherever `GET` does; that
/// its answer has no body is the connection's business, see ``ConnectionStateMachine``.
struct RouteTable {
    /// Handles a request; may throw ``HTTPProblem``.
    typealias Handler = @Sendable (Request, ConnectionContext) async throws -> Response

    fileprivate struct Route {
        let path: RouterPath
        let handlers: [HTTPRequest.Method: Handler]
    }

    private var routes: [Route] = []
    /// The routes that have deadlines of their own, by the words of their paths.
    private var deadlines: [(words: [Substring], deadlines: RequestDeadlines)] = []

    /// Adds a path.
    ///
    /// - Parameters:
    ///   - path: the path, as OpenAPI and Hummingbird write it: `/messages/{id}`.
    ///   - handlers: who handles which method, that of `GET` also `HEAD`; every other method is answered 405.
    ///   - deadlines: how long its requests may take; nil for as long as every other.
    mutating func on(
        _ path: RouterPath,
        _ handlers: [HTTPRequest.Method: Handler],
        deadlines: RequestDeadlines? = nil
    ) {
        routes.append(Route(path: path, handlers: handlers))
        if let deadlines { self.deadlines.append((path.description.split(separator: "/"), deadlines)) }
    }

    /// The paths and their methods, to be compared with the contract.
    var listing: [String: Set<String>] {
        Dictionary(routes.map { ($0.path.description, Set($0.handlers.keys.map(\.rawValue))) }) { $0.union($1) }
    }

    /// How long a request may take.
    ///
    /// - Parameters:
    ///   - target: the request's target, as it stands in its first line.
    ///   - otherwise: the deadlines of paths without their own.
    /// - Returns: the deadlines of the route that the target leads to.
    func deadlines(of target: String, otherwise: RequestDeadlines) -> RequestDeadlines {
        var path = target.prefix { $0 != "?" }
        // The absolute form, as for a proxy.
        if !path.hasPrefix("/"), let scheme = path.firstRange(of: "://") {
            path = path[scheme.upperBound...].drop { $0 != "/" }
        }
        // As the router sees it: slashes at the end, and several in a row, do not matter.
        let words = path.split(separator: "/")
        let own = deadlines.first { route in
            words.count == route.words.count && zip(words, route.words).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
        }
        return own?.deadlines ?? otherwise
    }

    /// The table as Hummingbird's responder.
    ///
    /// - Parameter logger: for errors that were not foreseen.
    /// - Returns: the responder.
    func responder(logger: Logger) -> RouterResponder<ConnectionContext> {
        let refusals = Router(context: ConnectionContext.self)
        for route in routes {
            let allowed = route.answered.keys.map(\.rawValue).sorted().joined(separator: ", ")
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
            for (method, handler) in route.answered { router.on(route.path, method: method, use: handler) }
        }
        return router.buildResponder()
    }
}

extension RouteTable.Route {
    /// Who handles which method; `GET` also `HEAD`, unless that has a handler of its own.
    fileprivate var answered: [HTTPRequest.Method: RouteTable.Handler] {
        guard let get = handlers[.get] else { return handlers }
        return [.head: get].merging(handlers) { $1 }
    }
}

/// Makes a problem document of every error, and makes sure that a request which no handler saw is logged.
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
            return HTTPProblem(.internalServerError, "The request failed because of an error in the service.").response
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
