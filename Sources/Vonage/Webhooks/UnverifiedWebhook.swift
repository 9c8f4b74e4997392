package import Contracts

/// A webhook as it arrived, trusted by nobody.
///
/// Only ``WebhookVerifier`` makes a ``VerifiedWebhook`` of it.
package struct UnverifiedWebhook: Sendable {
    /// The HTTP method, upper case.
    ///
    /// The older SMS API also calls by `GET`.
    package var method: String
    /// The path, without the query.
    package var path: String
    /// The query as received, percent-encoded, without `?`; empty for none.
    package var query: String
    /// The `Content-Type` header.
    package var contentType: String?
    /// The `Authorization` header.
    package var authorization: String?
    /// The values of all `X-Forwarded-For` headers, in the order of the request.
    package var forwardedFor: [String]
    /// The body as received: signatures cover these bytes, not what they parse to.
    package var body: [UInt8]
    /// The address of the connection's other side, without port; `nil` where it has none.
    package var peerAddress: String?

    /// Creates a webhook from an HTTP request.
    ///
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: the path without the query.
    ///   - query: the query without `?`.
    ///   - contentType: the `Content-Type` header.
    ///   - authorization: the `Authorization` header.
    ///   - forwardedFor: the values of all `X-Forwarded-For` headers.
    ///   - body: the raw body.
    ///   - peerAddress: the address of the connection's other side.
    package init(
        method: String,
        path: String,
        query: String = "",
        contentType: String? = nil,
        authorization: String? = nil,
        forwardedFor: [String] = [],
        body: [UInt8] = [],
        peerAddress: String? = nil
    ) {
        self.method = method.uppercased()
        self.path = path
        self.query = query
        self.contentType = contentType
        self.authorization = authorization
        self.forwardedFor = forwardedFor
        self.body = body
        self.peerAddress = peerAddress
    }
}

/// A webhook that passed every check that is configured, and of it only what its proof covers.
///
/// A proof covers a part of a request, never all of it: the JWT's `payload_hash` covers the body and nothing of the query,
/// `sig` covers flat parameters and no other reading of a body. Whatever else came along may have been added to a captured
/// webhook by anybody, so it is not in here, and nobody can read it by mistake. Nobody but ``WebhookVerifier`` can make one.
package struct VerifiedWebhook: Sendable {
    /// How it proved where it came from.
    package enum Proof: String, Sendable {
        /// A signed JWT over the raw body.
        case token
        /// The older SMS API's `sig`.
        case legacySignature = "legacy_signature"
        /// No signature is required by this configuration.
        case none
    }

    /// What a proof covers, and so what of the request may be read.
    enum Content: Sendable {
        /// The body, byte for byte; the query stays out.
        case body
        /// These parameters, whichever way they came; the body's own text stays out, for it may hold more than them.
        case parameters([String: String])
        /// Query and body, for no signature is required.
        case everything
    }

    /// The HTTP method, upper case; `GET` where ``query`` has the content.
    package let method: String
    /// The path, without the query.
    package let path: String
    /// The query as far as it is proved: as received where nothing is required, empty beside a proved body, and after
    /// `sig` the parameters that it covers, whichever way they came.
    package let query: String
    /// The `Content-Type` header, where there is a body.
    package let contentType: String?
    /// The body as received; empty where the content is in ``query``.
    package let body: [UInt8]
    /// The sender's address as far as trusted proxies tell it.
    package let clientAddress: IPAddress?
    /// How it proved where it came from.
    package let proof: Proof
    /// The account (`api_key`) that the proof names.
    package let apiKey: String?

    init(_ webhook: UnverifiedWebhook, _ content: Content, clientAddress: IPAddress?, apiKey: String?) {
        path = webhook.path
        self.clientAddress = clientAddress
        self.apiKey = apiKey
        switch content {
        case .body:
            (proof, method, query) = (.token, webhook.method, "")
            (contentType, body) = (webhook.contentType, webhook.body)
        case .parameters(let parameters):
            (proof, method, query) = (.legacySignature, "GET", FormParameters.text(of: parameters))
            (contentType, body) = (nil, [])
        case .everything:
            (proof, method, query) = (.none, webhook.method, webhook.query)
            (contentType, body) = (webhook.contentType, webhook.body)
        }
    }
}
