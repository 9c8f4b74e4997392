/// What a ``VonageClient`` needs to know.
package struct VonageClientConfiguration: Sendable {
    /// Scheme, host and port of the API, without a path; default `https://api.nexmo.com`.
    package var apiURL: String
    /// How requests are authorised.
    package var credentials: VonageCredentials
    /// How many connections are opened at most; at least as many as requests are made at a time.
    ///
    /// Default 64. A request beyond them waits for a connection, at most `connectTimeout`; then it is not written.
    package var concurrency: Int
    /// How long one call may take in all: connecting, the answer's head and its body.
    ///
    /// Default 10 s.
    package var timeout: Duration
    /// How long establishing a connection may take, TLS included.
    ///
    /// Default 3 s.
    package var connectTimeout: Duration
    /// How long an unused connection is kept.
    ///
    /// Default 5 s: shorter than servers usually keep theirs, so that a request seldom meets a connection that the
    /// other side is just closing (its outcome would be uncertain).
    package var idleTimeout: Duration
    /// The `User-Agent` header.
    package var userAgent: String

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - credentials: how requests are authorised.
    ///   - apiURL: scheme, host and port of the API, without a path.
    ///   - concurrency: the most connections at a time, from 1.
    ///   - timeout: the limit of a whole call.
    package init(
        credentials: VonageCredentials,
        apiURL: String = "https://api.nexmo.com",
        concurrency: Int = 64,
        timeout: Duration = .seconds(10)
    ) {
        self.apiURL = apiURL
        self.credentials = credentials
        self.concurrency = concurrency
        self.timeout = timeout
        self.connectTimeout = .seconds(3)
        self.idleTimeout = .seconds(5)
        self.userAgent = "sms-bridge"
    }
}
