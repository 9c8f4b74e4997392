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

/// A webhook that passed every check that is configured.
///
/// Nobody but ``WebhookVerifier`` can make one.
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

    /// The HTTP method, upper case.
    package let method: String
    /// The path, without the query.
    package let path: String
    /// The query as received.
    package let query: String
    /// The `Content-Type` header.
    package let contentType: String?
    /// The body as received.
    package let body: [UInt8]
    /// The sender's address as far as trusted proxies tell it.
    package let clientAddress: IPAddress?
    /// How it proved where it came from.
    package let proof: Proof
    /// The account (`api_key`) that the token names.
    package let apiKey: String?

    init(
        _ webhook: UnverifiedWebhook,
        clientAddress: IPAddress?,
        proof: Proof,
        apiKey: String?
    ) {
        self.method = webhook.method
        self.path = webhook.path
        self.query = webhook.query
        self.contentType = webhook.contentType
        self.body = webhook.body
        self.clientAddress = clientAddress
        self.proof = proof
        self.apiKey = apiKey
    }
}
