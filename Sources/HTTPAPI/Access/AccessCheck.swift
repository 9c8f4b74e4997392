import Bridge
import HTTPTypes
import Hummingbird

/// Checks who makes a request, for every path that asks; wrong keys count together, wherever they were given.
struct AccessCheck: Sendable {
    private let access: APIAccess
    private let wrongKeys: WrongKeys

    /// A check that has seen no wrong key yet.
    ///
    /// - Parameter configuration: keys, whether loopback is served, and trusted proxies.
    init(_ configuration: HTTPServerConfiguration) {
        access = APIAccess(keys: configuration.apiKeys, servesLoopback: configuration.servesLoopback)
        wrongKeys = WrongKeys(trustedProxies: configuration.trustedProxies)
    }

    /// Finds the caller of a request.
    ///
    /// - Parameters:
    ///   - request: the request; of its body nothing is read.
    ///   - context: its connection.
    /// - Returns: the caller.
    /// - Throws: the problem to answer with, where the request may not use the API: 401, 403, or 429 after too many
    ///   wrong keys.
    func caller(of request: Request, _ context: ConnectionContext) throws(HTTPProblem) -> APIAccess.Caller {
        let source = wrongKeys.source(of: request.head, from: context.peerAddress)
        // Before the key is checked, or the answer would show whether it is right.
        if access.hasKeys, request.headers[.authorization] != nil, let wait = wrongKeys.wait(of: source) {
            BridgeMetrics.countWrongAPIKey("slowed")
            throw HTTPProblem(
                .tooManyRequests,
                "There were too many wrong API keys from this address; please try again later.",
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
                access.servesLoopback
                    ? "Without API_KEYS this is served only to clients that connect directly from the same host: "
                        + "set API_KEYS to serve others."
                    : "No API keys are configured: \(HTTPServerConfiguration.openingAdvice)."
            )
        }
    }

    /// Whether the reasons in a health report may be shown: with one of the keys, or directly from this host.
    ///
    /// - Parameters:
    ///   - request: the request; a wrong key in it is counted as anywhere else.
    ///   - context: its connection.
    /// - Returns: false too while the keys of its address are not checked, because too many were wrong.
    func showsReasons(to request: Request, _ context: ConnectionContext) -> Bool {
        let isLocal = context.peerAddress.map { LoopbackRule.isDirect(request.head, from: $0) } ?? false
        guard access.hasKeys, request.headers[.authorization] != nil else { return isLocal }
        let hasKey = (try? caller(of: request, context)) != nil
        return hasKey || isLocal
    }
}
