/// The keys of this module's log lines.
package enum HTTPLogKey {
    /// Which of the server's ports: `main` or `webhooks`.
    package static let listener = "http.listener"
    /// The address that is listened on.
    package static let host = "http.host"
    /// The port that is listened on.
    package static let port = "http.port"
    /// The limit that was met.
    package static let limit = "http.limit"
    /// What went wrong, as the name of its type: its text might quote the request.
    package static let error = "http.error"
}
