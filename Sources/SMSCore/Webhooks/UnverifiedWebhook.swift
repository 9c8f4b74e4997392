/// A webhook as it arrived, not trusted yet.
package struct UnverifiedWebhook: Sendable {
    /// Which address was called.
    package var kind: WebhookKind
    /// The HTTP method, upper case.
    package var method: String
    /// The path, without the query.
    package var path: String
    /// The query as received, percent-encoded, without `?`; empty for none.
    package var query: String
    /// The values of each header by its name in lower case, in the order of the request.
    package var headers: [String: [String]]
    /// The body as received: signatures cover these bytes, not what they parse to.
    package var body: [UInt8]
    /// The address of the connection's other side, without port; `nil` where it has none.
    package var peerAddress: String?

    /// Creates a webhook from an HTTP request.
    ///
    /// - Parameters:
    ///   - kind: which address was called.
    ///   - method: the HTTP method.
    ///   - path: the path without the query.
    ///   - query: the query without `?`.
    ///   - headers: the headers' values by name in lower case.
    ///   - body: the raw body.
    ///   - peerAddress: the address of the connection's other side.
    package init(
        _ kind: WebhookKind,
        method: String,
        path: String,
        query: String = "",
        headers: [String: [String]] = [:],
        body: [UInt8] = [],
        peerAddress: String? = nil
    ) {
        self.kind = kind
        self.method = method.uppercased()
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peerAddress = peerAddress
    }

    /// A header's value, those of several joined by a comma (RFC 9110, section 5.2); nil without it.
    ///
    /// - Parameter name: its name in lower case.
    package subscript(header name: String) -> String? { headers[name]?.joined(separator: ", ") }
}

/// Which of the two webhook addresses was called.
package enum WebhookKind: String, Hashable, Sendable, CaseIterable {
    /// Messages from handsets.
    case inbound
    /// Delivery receipts.
    case status
}
